"""The posts at one partner, held and vacant; and those nobody holds, over all partners."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.office.services import today, words
from comity.partners import capabilities
from comity.partners.models import Membership, Partner, Position
from comity.partners.pickers import looked_after_by, of_partner
from comity.people.access import Request
from comity.people.models import User
from comity.search.sorting import named
from comity.ui.tables import Choice, Column, Search, Table, Toggle

_LONG = (30, 90, 180, 365)


def posts_table(request: Request, partner: Partner) -> Table:
    """Posts at a partner today, whom to call first; with whoever holds them and their access to the portal."""
    day = today()
    rows = Position.objects.current(day).filter(partner=partner).select_related("person").by_rank()
    access = access_at(partner)
    may = {
        "may_edit": request.user.can(capabilities.EDIT_PEOPLE),
        "may_grant": request.user.can(capabilities.GRANT_ACCESS),
    }
    return Table(
        request,
        rows.annotate(held_by=F("person__name")),
        name="posts",
        export_name="",
        columns=[
            Column("title", _("Position"), template="partners/cells/post.html"),
            Column(
                "held_by",
                _("Held by"),
                sort=(F("held_by").asc(nulls_first=True), "title"),
                value=lambda row: row.days_vacant(day),
                template="partners/cells/holder.html",
            ),
            Column("starts_on", sort=F("starts_on").asc(nulls_first=True), wide=True),
            Column("person.email", link=True, wide=True),
            Column(
                "person.phone",
                value=lambda row: row.person and (row.person.phone or row.person.mobile),
                whole=True,
                wide=True,
            ),
            Column(
                "portal",
                _("Portal"),
                value=lambda row: access.get(row.person_id or 0, []),
                template="partners/cells/access.html",
                wide=True,
            ),
            Column("acts", _("Actions"), value=lambda _row: may, template="partners/cells/post_acts.html"),
        ],
        filters=[
            Search(
                "q",
                _("Find"),
                lambda found, text: found.filter(named(text, "person__sort_name", also=["title"])),
            ),
            Toggle("vacant", _("Vacant only"), lambda found: found.vacant()),
        ],
        caption=_("Positions"),
        empty=_("No positions yet."),
    )


def access_at(partner: Partner) -> dict[int, list[Membership]]:
    """Who may sign in for a partner today: memberships by person."""
    found: dict[int, list[Membership]] = {}
    standing = Membership.objects.standing().filter(partner=partner, person__isnull=False)
    for membership in standing.select_related("user"):
        found.setdefault(membership.person_id or 0, []).append(membership)
    return found


def vacancies_table(request: Request) -> Table:
    """Vacant posts at partners that are not former, the longest vacant first. As CSV the import reads it back in."""
    day = today()
    rows = (
        Position.objects.visible_to(request.user)
        .current(day)
        .vacant()
        .filter(partner__in=Partner.objects.standing().exclude(status=Partner.Status.FORMER))
        .select_related("partner")
    )
    return Table(
        request,
        rows,
        name="vacancies",
        columns=_columns(day, may_edit=request.user.can(capabilities.EDIT_PEOPLE)),
        filters=_filters(request.user, day),
        default_sort="starts_on",
        row_name=lambda row: f"{row.title}, {row.partner.name}",
        empty=_("No vacant positions."),
        caption=_("Vacant positions"),
        export_name=_("vacant positions"),
    )


def _columns(day: date, *, may_edit: bool) -> list[Column]:
    shown = [
        Column("id", csv_only=True),
        Column("title", _("Position"), sort=("title", "partner__name"), template="partners/cells/post.html"),
        Column("partner.code", csv="partner_code", csv_only=True),
        Column(
            "partner",
            words().Partner,
            sort=("partner__name", "title"),
            link=lambda row: reverse("partners:people_of", args=[row.partner_id]),
        ),
        Column("function", csv_only=True),
        Column("vacant", value=lambda _row: True, csv_only=True),
        Column("shared", csv_only=True),
        Column("starts_on", csv="since", sort=F("starts_on").asc(nulls_first=True), wide=True),
        Column("ends_on", csv="until", csv_only=True),
        Column(
            "days",
            _("Vacant for"),
            value=lambda row: _days(row, day),
            csv_value=lambda row: row.days_vacant(day),
        ),
    ]
    if may_edit:
        shown.append(
            Column(
                "acts",
                _("Actions"),
                value=_fill,
                link=lambda row: reverse("partners:fill_post", args=[row.pk]),
            )
        )
    return shown


def _days(row: Position, day: date) -> str:
    days = row.days_vacant(day)
    if days is None:
        return _("unknown")
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": f"{days:,}"}


def _fill(row: Position) -> SafeString:
    return format_html('{}<span class="usa-sr-only"> {}, {}</span>', _("Fill"), row.title, row.partner.name)


def _filters(user: User, day: date) -> list[Any]:
    return [
        Search(
            "q",
            _("Find"),
            lambda rows, text: rows.filter(named(text, "partner__sort_name", also=["title"])),
            hint=_("Position or name"),
        ),
        Choice("function", _("Function"), Position.Function.choices, "function"),
        Choice("kind", _("Kind"), Partner.Kind.choices, "partner__kind"),
        Choice(
            "long",
            _("Vacant for"),
            [(str(days), _("more than %(days)d days") % {"days": days}) for days in _LONG],
            lambda rows, value: rows.filter(starts_on__lt=day - timedelta(days=int(value))),
        ),
        looked_after_by(user, "partner", day),
        of_partner(user),
        of_partner(user, "partner__parent", key="part_of", label=_("Part of")),
    ]
