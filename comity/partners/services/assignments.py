"""Who in the office looks after whom: beginnings, ends and hand-overs; and since when partners have no lead contact."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.office.services import today
from comity.partners import actions, notices
from comity.partners.models import Assignment, Membership, Partner
from comity.people.models import User


@transaction.atomic
def assign(
    partner: Partner,
    user: User,
    role: str,
    starts_on: date,
    by: User | str,
    *,
    ends_on: date | None = None,
    replacing: bool = False,
    alone: bool = True,
) -> Assignment:
    """Let someone in the office look after a partner from a day on, and tell them.

    ends_on    the first day they no longer do
    replacing  whether a lead contact then in force makes room; without it two at a time are refused
    alone      whether it is the only one; of many at once, whoever asks keeps the gaps right and tells of it

    Raises DomainError when there is a lead contact at the same time, when they have this part already, for somebody
    who is not of the office, and for a partner that is served no more.
    """
    partner = _held(partner)
    _check(partner, user, role, starts_on, ends_on)
    while_held = Q(partner=partner) & _overlapping(starts_on, ends_on)
    if Assignment.objects.filter(while_held, user=user, role=role).exists():
        raise DomainError(
            _("%(user)s is already %(role)s for %(partner)s.")
            % {"user": user, "role": Assignment.Role(role).label, "partner": partner}
        )
    if role == Assignment.Role.LEAD:
        for other in Assignment.objects.leads().filter(while_held).order_by("starts_on"):
            _make_room(other, starts_on, user, by, replacing=replacing)
    gap_since = partner.lead_gap_since if role == Assignment.Role.LEAD else None
    assignment = Assignment.objects.create(
        partner=partner, user=user, role=role, starts_on=starts_on, ends_on=ends_on, gap_since=gap_since
    )
    record_begun(assignment, actions.ASSIGN, by)
    if alone:
        refresh_leads(today(), only=[partner.pk])
        notices.tell_assigned(assignment, by)
    return assignment


@dataclass(frozen=True)
class Assigned:
    """What came of assigning many: the keys of the assignments made, and why the others were left as they are."""

    made: list[int]
    left: list[str]


@transaction.atomic
def assign_many(
    partners: QuerySet[Partner], user: User, role: str, starts_on: date, by: User | str, *, replacing: bool
) -> Assigned:
    """Assign someone to many at once.

    Left as they are: those they have this part at already and, unless `replacing`, those somebody else leads. Raises
    DomainError where that would be all of them.
    """
    made: list[Assignment] = []
    left: list[str] = []
    for partner in partners.order_by("pk"):
        try:
            made.append(assign(partner, user, role, starts_on, by, replacing=replacing, alone=False))
        except DomainError as error:
            left.append(str(error))
    if left and not made:
        raise DomainError(why_left(left))
    if made:
        refresh_leads(today(), only=[row.partner_id for row in made])
        notices.tell_assigned_many(user, len(made), starts_on, by)
    return Assigned([row.pk for row in made], left)


def why_left(reasons: list[str]) -> str:
    """Why some stay as they are: the first reason, and of how many it is one."""
    said = ngettext("%(why)s", "%(count)s stay as they are. The first: %(why)s", len(reasons))
    return said % {"count": f"{len(reasons):,}", "why": reasons[0]}


@transaction.atomic
def take_back(assignments: Collection[int], by: User) -> int:
    """Undo assignments that were just made, those that still stand as they were; how many.

    They never held: a gap that one of them closed is as old as it was. Whom they were given to is told, and those who
    watch over coverage. Raises DomainError when there is nothing left to undo.
    """
    standing = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=assignments, ends_on=None)
    rows = list(standing.select_related("user", "partner").order_by("pk"))
    if not rows:
        raise DomainError(_("There is nothing left to undo: others have changed it since."))
    for row in rows:
        end_row(row, row.starts_on, str(_("Taken back.")), by)
    notices.tell_gaps(refresh_leads(today(), only={row.partner_id for row in rows}), by)
    notices.tell_taken_back(rows[0].user, len(rows), by)
    return len(rows)


@transaction.atomic
def end_assignment(
    assignment: Assignment, on: date, successor: User | None, reason: str, by: User | str
) -> Assignment | None:
    """End an assignment; the one that follows it, if there is a successor.

    on  the first day it no longer holds

    Without a successor the end of a lead opens a gap: it is kept on the partner, and those who watch over coverage
    are told the day it opens.
    """
    _held(assignment.partner)
    row = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if row.ends_on is not None and row.ends_on <= on:
        raise DomainError(_("This has already ended."))
    if successor == row.user:
        raise DomainError(_("%(user)s cannot take over from themselves.") % {"user": row.user})
    end_row(row, on, reason, by)
    follower = None
    if successor is not None:
        follower = assign(row.partner, successor, row.role, max(on, row.starts_on), by)
    notices.tell_gaps(refresh_leads(today(), only=[row.partner_id]), by)
    return follower


@transaction.atomic
def end_all_of(partner: Partner, *, on: date, reason: str, by: User | str) -> int:
    """Nobody looks after a partner from a day on; how many did."""
    rows = list(Assignment.objects.filter(partner=partner).not_over(on))
    for row in rows:
        end_row(row, on, reason, by)
    refresh_leads(today(), only=[partner.pk])
    return len(rows)


def end_row(row: Assignment, on: date, reason: str, by: User | str) -> None:
    """End one assignment, for the services of this room; whoever calls it refreshes the gaps."""
    row.reason_ended = reason.strip()
    write_end(row, on, row.reason_ended, actions.END_ASSIGNMENT, by, "reason_ended")


def record_begun(row: Assignment | Membership, action: str, by: User | str) -> None:
    """What the trail says of somebody who has a part from a day on, in the office or in the portal."""
    after = {"user": row.user.email, "role": row.role, "from": str(row.starts_on)}
    until = {"until": str(row.ends_on or "")}
    record(by=by, action=action, target=row, after=after | until, partner_id=row.partner_id)


def write_end(
    row: Assignment | Membership, on: date, reason: str, action: str, by: User | str, *also: str
) -> None:
    """Let it end on a day, or on its first if that is later, and say so in the trail.

    also  what else of it is to be saved
    """
    was, row.ends_on = row.ends_on, max(on, row.starts_on)
    row.save(update_fields=["ends_on", *also])
    before, after = {"until": str(was or "")}, {"until": str(row.ends_on), "reason": reason}
    record(by=by, action=action, target=row, before=before, after=after, partner_id=row.partner_id)


def _make_room(other: Assignment, starts_on: date, user: User, by: User | str, *, replacing: bool) -> None:
    """End the lead that is in the way, if it began before and may be ended."""
    if other.starts_on < starts_on and replacing:
        end_row(other, starts_on, str(_("Succeeded by %(user)s.") % {"user": user}), by)
        return
    when = date_format(other.starts_on)
    raise DomainError(
        _(
            "%(user)s has been the lead contact for %(partner)s since %(day)s. End that first, or "
            "hand it over."
        )
        % {"user": other.user, "partner": other.partner, "day": when}
        if other.starts_on <= starts_on
        else _("%(user)s will be the lead contact for %(partner)s from %(day)s. End that first.")
        % {"user": other.user, "partner": other.partner, "day": when}
    )


def _overlapping(starts_on: date, ends_on: date | None) -> Q:
    """Assignments that hold on a day of the given ones; those that never held do not count."""
    still = Q(ends_on=None) | Q(ends_on__gt=starts_on)
    return still if ends_on is None else still & Q(starts_on__lt=ends_on)


def _check(partner: Partner, user: User, role: str, starts_on: date, ends_on: date | None) -> None:
    if role not in Assignment.Role.values:
        raise DomainError(_("There is no role “%(role)s”.") % {"role": role[:40]})
    if not (user.is_office and user.is_active):
        raise DomainError(_("%(user)s does not work in our office now.") % {"user": user})
    if partner.status == Partner.Status.FORMER:
        raise DomainError(_("%(partner)s is no longer served.") % {"partner": partner})
    if ends_on is not None and ends_on <= starts_on:
        raise DomainError(_("It cannot end before it starts."))


def _held(partner: Partner) -> Partner:
    """The partner, locked, so that two cannot name its lead at the same moment."""
    found = Partner.objects.standing().select_for_update().filter(pk=partner.pk).first()
    if found is None:
        raise DomainError(_("%(partner)s no longer exists.") % {"partner": partner})
    return found


@transaction.atomic
def refresh_leads(day: date, *, only: Collection[int] | None = None) -> list[int]:
    """Set `lead_gap_since` right for a day; the keys of the partners whose gap opened by it.

    The gap begins when the last lead ended; for a body that never had one, on the day it was entered (kept by
    whoever entered it, and by a lead that never held), else today.

    only  these partners, for an act on them; all, for the turn of the day and after an import

    Two set-wise updates, whatever the number; rows that are right are not written.
    """
    partners = Partner.objects.standing()
    if only is not None:
        partners = partners.filter(pk__in=list(only))
    leads = Assignment.objects.leads().filter(partner=OuterRef("pk"))
    led = Exists(leads.on(day))
    partners.filter(led, lead_gap_since__isnull=False).update(lead_gap_since=None)
    last_end = Subquery(
        leads.filter(ends_on__lte=day, ends_on__gt=F("starts_on"))
        .order_by()
        .values("partner")
        .annotate(last=Max("ends_on"))
        .values("last"),
        output_field=DateField(),
    )
    never_held = Subquery(
        leads.filter(ends_on=F("starts_on"), gap_since__isnull=False).order_by("-pk").values("gap_since")[:1],
        output_field=DateField(),
    )
    since = Coalesce(last_end, F("lead_gap_since"), never_held, Value(day, output_field=DateField()))
    gaps = partners.filter(~led).alias(since=since)
    wrong = gaps.filter(Q(lead_gap_since=None) | ~Q(lead_gap_since=F("since")))
    opened = list(wrong.filter(lead_gap_since=None).values_list("pk", flat=True))
    wrong.update(lead_gap_since=since)
    return opened
