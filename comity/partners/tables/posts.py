"""The posts at one partner, held and vacant."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from comity.office.services import today
from comity.partners import capabilities
from comity.partners.models import Membership, Partner, Position
from comity.people.access import Request
from comity.ui.tables import Column, Search, Table, Toggle


def posts_table(request: Request, partner: Partner) -> Table:
    """Posts at a partner today, with whoever holds them and their access to the portal."""
    day = today()
    rows = Position.objects.current(day).filter(partner=partner).select_related("person")
    access = access_at(partner)
    may = {
        "may_edit": request.user.can(capabilities.EDIT_PEOPLE),
        "may_grant": request.user.can(capabilities.GRANT_ACCESS),
    }
    return Table(
        request,
        rows.annotate(held_by=F("person__name")),
        name="posts",
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
            Column("person.phone", value=_phone, whole=True, wide=True),
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
                lambda found, text: (
                    found.filter(title__icontains=text) | found.filter(person__name__icontains=text)
                ),
            ),
            Toggle("vacant", _("Vacant only"), lambda found: found.vacant()),
        ],
        default_sort="title",
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


def _phone(row: Position) -> object:
    return row.person and (row.person.phone or row.person.mobile)
