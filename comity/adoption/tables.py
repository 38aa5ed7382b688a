"""The pipeline, who is eligible for what, and what states offer local governments."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.adoption.capabilities import SET
from comity.adoption.models import SHARES, UNDER_WAY, Adoption, Eligibility, National, Stage
from comity.office.services import today
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_WORD, looked_after_by, of_partner
from comity.people.access import Request
from comity.people.models import User
from comity.services.models import Service
from comity.ui.charts import Figures
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Table, Toggle, only_csv


def pipeline_table(request: Request) -> Table:
    rows = Adoption.objects.visible_to(request.user)
    return Table(
        request,
        rows.select_related("service", "partner", "together__partner"),
        name="adoption",
        columns=[
            Column("partner", PARTNER_WORD, link=lambda row: row.get_absolute_url(), csv_value=_code),
            Column("service", sort="service__sort_name"),
            Column("stage", value=lambda row: tag(row.get_stage_display(), kind=row.sign)),
            Column("since"),
            Column("together", _("Together with"), value=_lead, sort="", wide=True),
            *only_csv("id"),
        ],
        filters=[
            of_partner(request.user),
            Choice("service", _("Service"), Service.objects.standing(), "service"),
            Choice("stage", _("Stage"), Stage.choices, "stage"),
            Choice("kind", _("Kind"), Partner.Kind.choices, "partner__kind"),
            looked_after_by(request.user, "partner", today()),
            Toggle("open", _("Under way only"), lambda found: found.filter(stage__in=UNDER_WAY)),
        ],
        views=[
            (_("Under way"), "open=1"),
            (_("All"), ""),
            (_("Use it"), "stage=using"),
            (_("No"), "stage=no"),
        ],
        default_sort="-since",
        empty=_("Nobody is in talks about a service yet."),
    )


def _code(row: Adoption) -> str:
    partner = row.partner
    return str(partner.code or partner.fips or partner.name)


def _lead(row: Adoption) -> str:
    return str(row.together.partner) if row.together else ""


def eligibility_table(request: Request) -> Table:
    may = request.user.can(SET)
    return Table(
        request,
        Eligibility.objects.visible_to(request.user).select_related("service"),
        name="eligibility",
        columns=[
            Column(
                "service",
                link=(lambda row: reverse("adoption:edit_eligibility", args=[row.pk])) if may else None,
                sort="service__sort_name",
            ),
            Column("kinds", value=lambda row: row.kind_words, csv_value=lambda row: "; ".join(row.kinds)),
            Column("condition", wide=True),
            Column("offer"),
            Column("basis"),
            Column("national", wide=True),
            *only_csv("id"),
        ],
        default_sort="service",
        empty=_("Nobody has said yet who can have what, and by which law."),
    )


def beside_the_nation(user: User) -> Figures:
    """What we offer local governments, beside how many states did in 2019."""
    offered = Eligibility.objects.visible_to(user).exclude(national="").select_related("service")
    names: dict[str, list[str]] = {}
    for row in offered.filter(service__in=Service.objects.offered()):
        known = names.setdefault(row.national, [])
        known += [str(row.service)] if str(row.service) not in known else []
    rows = [
        (str(one.label), ", ".join(names.get(one.value, [])) or _("not offered"), f"{SHARES[one.value]}%")
        for one in National
    ]
    return Figures((_("To local governments"), _("We offer"), _("States that did in 2019")), rows, words=2)


def within(county: Partner, user: User) -> list[Any]:
    """The bodies that lie in a county, each with the services it uses."""
    rows = Partner.objects.visible_to(user).not_former().filter(lies_in=county.fips).exclude(lies_in="")
    using = Adoption.objects.in_use().filter(partner__in=rows).select_related("service")
    names: dict[int, list[str]] = {}
    for each in using:
        names.setdefault(each.partner_id, []).append(str(each.service))
    return [(row, row.get_kind_display(), ", ".join(names.get(row.pk, []))) for row in rows]
