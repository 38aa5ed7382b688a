"""The registry as a list; and what one contact looks after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.office.pickers import TIER
from comity.office.services import today, words
from comity.partners import capabilities
from comity.partners.models import Assignment, Partner, PartnerQuerySet, with_lead
from comity.partners.pickers import looked_after_by, of_partner
from comity.people.access import Request
from comity.people.models import User
from comity.search.sorting import named
from comity.ui.components.signs import tag
from comity.ui.tables import Bulk, Choice, Column, Picked, Search, Table, Toggle, only_csv


def partners_table(request: Request) -> Table:
    """All partners this person may see."""
    day = today()
    seen = Partner.objects.visible_to(request.user).standing()
    rows = with_lead(seen.select_related("parent", "tier"), day)
    return Table(
        request,
        _for_csv(rows, day) if request.GET.get("format") == "csv" else rows.defer("notes", "search_text"),
        name="partners",
        columns=[*_shown(), *_csv_only()],
        filters=_filters(request.user, day),
        default_sort="name",
        bulk=_bulk(request.user),
        export_name=words().partners,
        empty=_("No %(partners)s yet.") % {"partners": words().partners},
        empty_url=reverse("partners:add") if request.user.can(capabilities.EDIT) else "",
        empty_action=_("Add the first one") if request.user.can(capabilities.EDIT) else "",
        caption=words().Partners,
    )


def _shown() -> list[Column]:
    return [
        Column("name", value=name_sign, csv_value=lambda row: row.name),
        Column("code", csv_only=True),
        Column("kind", sort=("kind", "name"), wide=True),
        Column("status", csv_only=True),
        Column(
            "lead",
            _("Lead contact"),
            sort=(F("lead_name").asc(nulls_first=True), "lead_gap_since"),
            value=lead_sign,
            link=lambda row: reverse("partners:contacts_of", args=[row.lead_id]) if row.lead_id else "",
            csv_value=lambda row: row.lead_name,
        ),
        Column("tier", _("Tier"), sort=("tier__order", "name"), wide=True),
        Column(
            "last_met_on",
            _("Last met"),
            sort=F("last_met_on").asc(nulls_first=True),
            value=lambda row: row.last_met_on or _("never met"),
            csv_value=lambda row: row.last_met_on,
        ),
        Column(
            "part_of", value=lambda row: row.parent and (row.parent.code or row.parent.name), csv_only=True
        ),
    ]


def _csv_only() -> list[Column]:
    """What the page leaves out; the import of partners knows these heads."""

    def only(key: str, value: Callable[[Any], object]) -> Column:
        return Column(key, value=value, csv_only=True)

    return [
        *only_csv("id", "headcount"),
        only(
            "budget", lambda row: None if row.budget_cents is None else Decimal(row.budget_cents).scaleb(-2)
        ),
        *only_csv("fips", "population", "place", "lies_in", "website"),
        only("aliases", lambda row: [alias.name for alias in row.aliases.all()]),
        only("domains", lambda row: [domain.name for domain in row.domains.all()]),
        *only_csv("lead_email"),
        only("without_lead_since", lambda row: row.lead_gap_since),
        *only_csv("notes"),
    ]


def _for_csv(rows: PartnerQuerySet, day: date) -> PartnerQuerySet:
    lead = Assignment.objects.leads().on(day).filter(partner=OuterRef("pk"))
    return rows.prefetch_related("aliases", "domains").annotate(
        lead_email=Subquery(lead.values("user__email")[:1])
    )


def name_sign(row: Partner) -> SafeString:
    """The name with its code, the status where it is not the usual one, and what it is part of."""
    name = format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.name)
    code = format_html(' <span class="soft">{}</span>', row.code) if row.code else ""
    kind = "none" if row.status == Partner.Status.FORMER else "warn"
    status = "" if row.status == Partner.Status.ACTIVE else tag(row.get_status_display(), kind=kind)
    whole = _("in %(parent)s") % {"parent": row.parent.name} if row.parent else ""
    part = format_html('<br><span class="soft">{}</span>', whole) if whole else ""
    return format_html("<span>{}{} {}{}</span>", name, code, status, part)


def lead_sign(row: Any) -> object:
    """Who leads, or since when nobody does."""
    if row.lead_name:
        return row.lead_name
    if row.status != Partner.Status.ACTIVE:
        return ""
    return tag(gap_words(row.lead_gap_since), kind="bad")


def gap_words(since: date | None) -> str:
    """Since when nobody leads."""
    return _("nobody since %(day)s") % {"day": date_format(since, "M j, Y")} if since else _("nobody")


class _Machine:
    """Who narrows by a query that somebody saved: it sees what the office sees."""

    is_office = True

    def can(self, capability: object) -> bool:
        return True


def _filters(user: User | _Machine, day: date) -> list[Any]:
    return [
        Search("q", _("Find"), lambda rows, text: rows.search(text), hint=_("Name, code, other name")),
        Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
        Choice("status", _("Status"), Partner.Status.choices, "status"),
        Picked("tier", _("Tier"), TIER, user, "tier"),
        looked_after_by(user, "pk", day),
        of_partner(user, "parent", key="part_of", label=_("Part of")),
        Toggle("without_lead", _("Without a lead contact"), lambda rows: rows.without_lead().order_by()),
        Toggle("with_lead", _("With a lead contact"), lambda rows: rows.served().filter(lead_gap_since=None)),
    ]


def narrowed(rows: PartnerQuerySet, query: str) -> PartnerQuerySet:
    """Rows as the list narrows them by a query string, that of a saved view for one. Raises UnreadableError."""
    params = QueryDict(query)
    for each in _filters(_Machine(), today()):
        rows = each.apply(rows, params)
    return rows


def _bulk(user: User) -> list[Bulk]:
    acts = []
    if user.can(capabilities.ASSIGN):
        acts.append(Bulk(_("Assign a contact"), reverse("partners:assign_many")))
    if user.can(capabilities.EDIT):
        acts.append(Bulk(_("Change tier, kind or status"), reverse("partners:set_many")))
    return acts


def _end(row: Assignment) -> SafeString:
    return format_html(
        '{}<span class="usa-sr-only"> ({})</span>', pgettext("assignment", "End"), row.partner.name
    )


def assignments_table(request: Request, contact: User) -> Table:
    """What someone looks after, now or soon."""
    rows = Assignment.objects.visible_to(request.user).filter(user=contact).not_over(today())
    columns = [
        Column("partner", words().Partner, link=True),
        Column("role", sort=("role", "partner__name")),
        Column("starts_on", wide=True),
        Column("ends_on"),
    ]
    if request.user.can(capabilities.ASSIGN):
        columns.append(
            Column(
                "end",
                _("Actions"),
                value=_end,
                link=lambda row: reverse("partners:end_assignment", args=[row.pk]),
            )
        )
    return Table(
        request,
        rows.select_related("partner"),
        name="assignments",
        columns=columns,
        filters=[
            Search("q", _("Find"), lambda found, text: found.filter(named(text, "partner__sort_name"))),
            Choice("role", _("Role"), Assignment.Role.choices, "role"),
            Toggle("served", _("Served now"), lambda found: found.on(today()).of_served()),
        ],
        default_sort="partner",
        row_name=lambda row: row.partner.name,
        empty=_("None right now."),
        caption=words().Partners,
        export_name=_("assignments of %(name)s") % {"name": contact.name},
    )
