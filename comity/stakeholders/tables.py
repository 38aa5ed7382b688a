"""The lists of stakeholders and of initiatives."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.core.stakeholders import LEVELS, quadrant
from comity.office.services import today
from comity.partners.pickers import PARTNER_WORD, PARTNERS_WORD, looked_after_by, of_partner
from comity.people.access import Request
from comity.stakeholders.models import Initiative, Stakeholder
from comity.ui.components.days import day
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

SIGNS = {"champion": "++", "supporter": "+", "neutral": "○", "doubter": "−", "opposed": "−−"}
KINDS = {"champion": "good", "supporter": "good", "doubter": "warn", "opposed": "bad"}


def stance_sign(row: Stakeholder) -> SafeString:
    """How they stand, as a tag with its sign."""
    return tag(f"{SIGNS[row.stance]} {row.get_stance_display()}", kind=KINDS.get(row.stance, ""))


def last_contact(row: Any) -> date | None:
    """Of a row `with_last_contact`: the last day on which we met them, heard from them, or told them something."""
    told = timezone.localdate(row.told_at) if row.told_at else None
    return max((one for one in (row.met_on, row.heard_on, told) if one), default=None)


def _in_quadrant(rows: Any, wanted: str) -> Any:
    places = [(a, b) for a in LEVELS for b in LEVELS if quadrant(a, b) == wanted]
    return rows.filter(Q(*(Q(influence=a, interest=b) for a, b in places), _connector=Q.OR))


def stakeholders_table(request: Request) -> Table:
    rows = Stakeholder.objects.visible_to(request.user).on(today()).with_last_contact()
    running = Initiative.objects.visible_to(request.user)
    return Table(
        request,
        rows.select_related("person", "partner", "initiative"),
        name="stakeholders",
        columns=[
            Column(
                "person",
                sort="person__sort_name",
                value=lambda row: row.person.name,
                link=lambda row: row.get_absolute_url(),
                csv_value=lambda row: row.person.email or row.person.name,
            ),
            Column("person_name", csv_only=True, value=lambda row: row.person.name),
            Column("partner", PARTNER_WORD, csv_value=lambda row: row.partner.code or row.partner.name),
            Column("partner_name", csv_only=True, value=lambda row: row.partner.name),
            Column("initiative", wide=True),
            Column("role", wide=True),
            Column("stance", value=stance_sign, sort=""),
            Column("influence"),
            Column("interest"),
            Column("quadrant", _("What to do"), value=lambda row: row.quadrant.label, wide=True),
            Column("sure", sort=""),
            Column(
                "met",
                _("Last contact"),
                value=lambda row: day(last_contact(row)),
                csv_value=last_contact,
                whole=True,
            ),
            *only_csv("since", "long_timer", "note", "sensitive", "ends_on", "id"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.called(text)),
            of_partner(request.user),
            Choice("initiative", _("Initiative"), lambda: running.values_list("pk", "name"), "initiative"),
            Choice("stance", _("Stance"), Stakeholder.Stance.choices, "stance"),
            Choice("quadrant", _("What to do"), Stakeholder.Quadrant.choices, _in_quadrant),
            Choice("sure", _("How sure we are"), Stakeholder.Sure.choices, "sure"),
            looked_after_by(request.user, "partner", today()),
            Toggle("long_timer", _("Long-timers only"), lambda rows: rows.filter(long_timer=True)),
        ],
        default_sort="person",
        empty=_("No stakeholders yet. Add them on the page of whom they belong to, or of an initiative."),
    )


def initiatives_table(request: Request) -> Table:
    on = Stakeholder.objects.visible_to(request.user).on(today())
    return Table(
        request,
        Initiative.objects.visible_to(request.user)
        .prefetch_related("partners")
        .annotate(people=Count("stakeholders", filter=Q(stakeholders__in=on), distinct=True)),
        name="initiatives",
        columns=[
            Column("name", link=True),
            Column("purpose", wide=True),
            Column("partners", PARTNERS_WORD, value=lambda row: ", ".join(map(str, row.partners.all()))),
            Column("people", _("Stakeholders"), sort="people", numeric=True),
            Column("begun_on"),
            Column("ends_on"),
            Column("id", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            of_partner(request.user, lambda rows, keys: rows.filter(partners__in=keys).distinct()),
            Toggle("running", _("Not ended"), lambda rows: rows.running(today())),
        ],
        default_sort="name",
        empty=_("No initiatives yet."),
    )
