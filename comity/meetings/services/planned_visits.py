"""One visit to come: planned, changed, called off, held. Whoever is asked to come along has notice of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Related, Values
from comity.followups.models import FollowUp
from comity.meetings import notices
from comity.meetings.models import Function, Going, Meeting, PlannedVisit
from comity.meetings.services import invitations
from comity.office import services as office
from comity.partners.models import Partner, Person
from comity.people.models import User

PLAN_VISIT = "meetings.plan"
CHANGE_PLANNED_VISIT = "meetings.change_planned_visit"
CALL_OFF = "meetings.call_off"
LONGEST_AHEAD = 730  # days


Goer = tuple[int, str]  # the key of one of ours on a visit, and for which function, "" for none


@transaction.atomic
def plan_visit(
    *,
    partners: Sequence[Partner],
    by: User,
    planned_on: date,
    lead: User | None = None,
    going: Iterable[Goer] = (),
    theirs: Iterable[Person] = (),
    follow_ups: Iterable[FollowUp] = (),
    **facts: Any,
) -> PlannedVisit:
    """Plan a visit. Whoever plans it leads it, unless somebody else is to; whoever leads it goes. Raises DomainError.

    facts  as in `PlannedVisit`: kind, how, planned_at, title, place, travel, why, in_series
    """
    values = {
        **facts,
        "planned_on": planned_on,
        "lead": lead or by,
        "partners": list(partners),
        "theirs": list(theirs),
        "follow_ups": list(follow_ups),
        "going": pairs(going),
    }
    _refuse_people(values)

    def check(plan: PlannedVisit) -> None:
        plan.planned_by = by
        _tidy(plan)
        _refuse_day(plan.planned_on)

    plan = create(
        PlannedVisit,
        values,
        by=by,
        action=PLAN_VISIT,
        check=check,
        related=RELATED,
        partner_id=partners[0].pk,
    )
    notices.asked(plan, [one.user for one in plan.going.select_related("user")], by)
    invitations.send(plan, {})
    return plan


@transaction.atomic
def change_planned_visit(
    plan_id: int, values: Values, *, by: User, seen: Values | None = None
) -> PlannedVisit:
    """Change a visit that is still to come. Raises ConflictError, DomainError."""
    _refuse_people(values)
    day = PlannedVisit.objects.filter(pk=plan_id).values_list("planned_on", flat=True).first()
    went = set(Going.objects.filter(plan=plan_id).values_list("user", flat=True))
    invited = invitations.guests_of(plan_id)

    def check(plan: PlannedVisit) -> None:
        _still_planned(plan)
        _tidy(plan)
        if plan.planned_on != day:
            _refuse_day(plan.planned_on)

    rows = PlannedVisit.objects.all()
    changed = change(
        rows, plan_id, values, by=by, action=CHANGE_PLANNED_VISIT, seen=seen, check=check, related=RELATED
    )
    plan = changed.row
    people = [one.user for one in plan.going.select_related("user")]
    notices.asked(plan, [user for user in people if user.pk not in went], by)
    if {"planned_on", "planned_at"} & changed.after.keys():
        notices.moved(plan, [user for user in people if user.pk in went], by)
    invitations.send(plan, invited, moved=bool(invitations.TOLD & changed.after.keys()))
    return plan


@transaction.atomic
def call_off(plan_id: int, *, reason: str, by: User) -> PlannedVisit:
    """It will not take place; the reason stays readable. Raises DomainError."""
    if not reason.strip():
        raise DomainError(_("Say why it is called off."))
    _still_planned(_locked(plan_id))
    first = Partner.objects.filter(planned_visits=plan_id).values_list("pk", flat=True).first()
    invited = invitations.guests_of(plan_id)
    values = {"state": PlannedVisit.State.CALLED_OFF, "called_off_reason": _text(reason)}
    plan = change(PlannedVisit.objects.all(), plan_id, values, by=by, action=CALL_OFF, partner_id=first).row
    notices.called_off(plan, [one.user for one in plan.going.select_related("user")], by)
    invitations.send(plan, invited)
    return plan


def hold(plan: PlannedVisit, meeting: Meeting) -> None:
    """It took place: this is what was written down of it. In the caller's transaction; raises DomainError."""
    locked = _locked(plan.pk)
    _still_planned(locked)
    locked.state, locked.meeting = PlannedVisit.State.HELD, meeting
    locked.version += 1
    locked.save(update_fields=["state", "meeting", "version", "changed_at"])


def let_go(meeting: Meeting) -> None:
    """What was written down is withdrawn: the visit it was planned as is still to be made, or to be called off."""
    PlannedVisit.objects.filter(meeting=meeting).update(
        state=PlannedVisit.State.PLANNED,
        meeting=None,
        version=F("version") + meeting.version,  # in a calendar both are one event, whose number only grows
        changed_at=timezone.now(),
    )


@transaction.atomic
def hand_over(from_user: User, to_user: User, by: User) -> int:
    """Let somebody else lead all that one person was to lead; how many visits."""
    plans = list(PlannedVisit.objects.led_by(from_user))
    for plan in plans:
        going = [each for each in _going(plan) if each[0] != from_user.pk]
        values, invited = {"lead": to_user, "going": going}, invitations.guests_of(plan.pk)
        changed = change(
            PlannedVisit.objects.all(), plan.pk, values, by=by, action=CHANGE_PLANNED_VISIT, related=RELATED
        )
        invitations.send(changed.row, invited, moved=False)
    return len(plans)


def _locked(plan_id: int) -> PlannedVisit:
    return PlannedVisit.objects.select_for_update(of=("self",)).get(pk=plan_id)


def _still_planned(plan: PlannedVisit) -> None:
    if plan.state == PlannedVisit.State.HELD:
        raise DomainError(_("This visit took place and is written down."))
    if plan.state == PlannedVisit.State.CALLED_OFF:
        raise DomainError(_("This visit was called off."))


def _refuse_day(day: date) -> None:
    today = office.today()
    if day < today:
        raise DomainError(_("Choose today or a later day. To record a visit that took place, log it."))
    if (day - today).days > LONGEST_AHEAD:
        raise DomainError(_("That is more than two years ahead. Choose an earlier day."))


def _refuse_people(values: Values) -> None:
    """Whom it is to, who of ours goes, and what it is about go together. Raises DomainError."""
    if "partners" in values and not values["partners"]:
        raise DomainError(_("Say who you will visit."))
    users = [user for user, _function in values.get("going", [])]
    lead = values.get("lead")
    for user in [*([lead] if lead else []), *User.objects.filter(pk__in=users)]:
        if not user.is_office:
            raise DomainError(_("Only our office’s people can go for our office."))
        if not user.is_active:
            raise DomainError(_("%(name)s no longer works here. Choose someone else.") % {"name": user})
    visited = {partner.pk for partner in values.get("partners", [])}
    for follow_up in values.get("follow_ups", []):
        if visited and follow_up.partner_id is not None and follow_up.partner_id not in visited:
            raise DomainError(
                _("“%(title)s” is not about anyone on this visit.") % {"title": follow_up.title}
            )


def pairs(going: Iterable[Goer]) -> list[Goer]:
    """Who goes and for which function, each once, as the form and the trail have it; whoever comes for one, comes for it."""
    wanted: dict[int, str] = {}
    for user, function in going:
        wanted[user] = (function and str(Function(function))) or wanted.get(user, "")
    return list(wanted.items())


def _going(plan: PlannedVisit) -> list[Any]:
    return [(one.user_id, one.function) for one in plan.going.all()]


def _set_going(plan: PlannedVisit, going: list[Any]) -> None:
    """Whoever leads it goes."""
    wanted = {plan.lead_id: "", **dict(going)}
    plan.going.exclude(user__in=wanted).delete()
    for user, function in wanted.items():
        Going.objects.update_or_create(plan=plan, user_id=user, defaults={"function": function})


def names_of(going: list[Any]) -> str:
    """Who goes, in words."""
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=[user for user, _function in going])}
    return ", ".join(
        f"{names.get(user, user)} ({Function(function).label})" if function else str(names.get(user, user))
        for user, function in going
    )


RELATED = {"going": Related(_going, _set_going)}


def _tidy(plan: PlannedVisit) -> None:
    for name in ("title", "place", "travel", "why"):
        setattr(plan, name, _text(getattr(plan, name)))


def _text(words: str) -> str:
    return words.replace("\0", "").strip()


def suggested_day(follow_up: FollowUp | None) -> date:
    """Five business days from today; sooner where a follow-up that is not late yet is promised for a sooner day."""
    today = office.today()
    soon: date = office.calendar().add_days(today, 5)
    if follow_up is None or not follow_up.is_pending or follow_up.due_on < today:
        return soon
    return min(soon, follow_up.due_on)
