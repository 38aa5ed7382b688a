"""One visit to come: planned, changed, called off, held. Whoever is asked to come along has notice of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.meetings import notices
from comity.meetings.models import Function, Going, Meeting, Plan
from comity.meetings.services.conflicts import refuse_conflict
from comity.office import services as office
from comity.partners.models import Partner, Person
from comity.people.models import User

PLAN = "meetings.plan"
CHANGE_PLAN = "meetings.change_plan"
CALL_OFF = "meetings.call_off"
PLAIN = ("title", "how", "planned_on", "planned_at", "place", "why")
LONGEST_AHEAD = 730  # days


@dataclass(frozen=True)
class Goer:
    """One of ours on a visit, and for which function, "" for none."""

    user: User
    function: str = ""


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
    how: str = Plan.How.IN_PERSON,
    planned_at: time | None = None,
    title: str = "",
    place: str = "",
    why: str = "",
) -> Plan:
    """Plan a visit. Whoever plans it leads it, unless somebody else is to; whoever leads it goes.

    Raises DomainError.
    """
    lead, going, follow_ups = lead or by, list(going), list(follow_ups)
    _refuse(partners, lead, going, follow_ups)
    _refuse_day(planned_on)
    plan = Plan.objects.create(
        title=title.strip(),
        how=Meeting.How(how),
        planned_on=planned_on,
        planned_at=planned_at,
        place=place.strip(),
        why=_text(why),
        lead=lead,
        planned_by=by,
    )
    _set_people(plan, partners=partners, lead=lead, going=going, theirs=theirs, follow_ups=follow_ups)
    audit.record(by=by, action=PLAN, target=plan, after=_plain(plan), partner_id=partners[0].pk)
    notices.asked(plan, [one.user for one in plan.going.select_related("user")], by)
    return plan


@transaction.atomic
def change_plan(
    plan_id: int,
    *,
    by: User,
    partners: Sequence[Partner],
    lead: User,
    going: Iterable[Goer],
    theirs: Iterable[Person],
    follow_ups: Iterable[FollowUp],
    version: int | None = None,
    **fields: Any,
) -> Plan:
    """Change a visit that is still to come. Raises ConflictError, DomainError."""
    plan = _locked(plan_id)
    refuse_conflict(plan, version, CHANGE_PLAN)
    _still_planned(plan)
    going, follow_ups = list(going), list(follow_ups)
    _refuse(partners, lead, going, follow_ups)
    if fields["planned_on"] != plan.planned_on:
        _refuse_day(fields["planned_on"])
    before, went = _plain(plan), {one.user_id for one in plan.going.all()}
    for name in PLAIN:
        setattr(plan, name, fields[name])
    plan.why = _text(plan.why)
    plan.lead, plan.version = lead, plan.version + 1
    plan.save(update_fields=[*PLAIN, "lead", "version"])
    _set_people(plan, partners=partners, lead=lead, going=going, theirs=theirs, follow_ups=follow_ups)
    after = _plain(plan)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        by=by,
        action=CHANGE_PLAN,
        target=plan,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        partner_id=partners[0].pk,
    )
    people = [one.user for one in plan.going.select_related("user")]
    notices.asked(plan, [user for user in people if user.pk not in went], by)
    if {"planned_on", "planned_at"} & set(changed):
        notices.moved(plan, [user for user in people if user.pk in went], by)
    return plan


@transaction.atomic
def call_off(plan_id: int, *, reason: str, by: User) -> Plan:
    """It will not take place; the reason stays readable. Raises DomainError."""
    plan = _locked(plan_id)
    _still_planned(plan)
    if not reason.strip():
        raise DomainError(_("Say why it is called off."))
    plan.state, plan.called_off_reason = Plan.State.CALLED_OFF, _text(reason)
    plan.version += 1
    plan.save(update_fields=["state", "called_off_reason", "version"])
    audit.record(
        by=by,
        action=CALL_OFF,
        target=plan,
        before={"state": Plan.State.PLANNED, "version": plan.version - 1},
        after={"state": plan.state, "reason": plan.called_off_reason, "version": plan.version},
        partner_id=plan.partners.values_list("pk", flat=True).first(),
    )
    notices.called_off(plan, [one.user for one in plan.going.select_related("user")], by)
    return plan


def hold(plan: Plan, meeting: Meeting) -> None:
    """It took place: this is what was written down of it. In the caller's transaction; raises DomainError."""
    locked = _locked(plan.pk)
    _still_planned(locked)
    locked.state, locked.meeting = Plan.State.HELD, meeting
    locked.version += 1
    locked.save(update_fields=["state", "meeting", "version"])


def let_go(meeting: Meeting) -> None:
    """What was written down is withdrawn: the visit it was planned as is still to be made, or to be called off."""
    Plan.objects.filter(meeting=meeting).update(state=Plan.State.PLANNED, meeting=None)


@transaction.atomic
def hand_over(from_user: User, to_user: User, by: User) -> int:
    """Let somebody else lead all that one person was to lead; how many visits."""
    plans = list(Plan.objects.led_by(from_user).select_for_update(of=("self",)))
    for plan in plans:
        plan.lead, plan.version = to_user, plan.version + 1
        plan.save(update_fields=["lead", "version"])
        plan.going.filter(user=from_user).delete()
        Going.objects.get_or_create(plan=plan, user=to_user)
        audit.record(
            by=by,
            action=CHANGE_PLAN,
            target=plan,
            before={"lead": from_user.pk},
            after={"lead": to_user.pk, "version": plan.version},
        )
    return len(plans)


def _locked(plan_id: int) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)


def _still_planned(plan: Plan) -> None:
    if plan.state == Plan.State.HELD:
        raise DomainError(_("This visit took place, and is written down."))
    if plan.state == Plan.State.CALLED_OFF:
        raise DomainError(_("This visit was called off."))


def _refuse_day(day: date) -> None:
    today = office.today()
    if day < today:
        raise DomainError(_("Plan it for today or a day to come; what has taken place is written down."))
    if (day - today).days > LONGEST_AHEAD:
        raise DomainError(_("That is more than two years ahead. Choose a day sooner."))


def _refuse(
    partners: Sequence[Partner], lead: User, going: Sequence[Goer], follow_ups: Sequence[FollowUp]
) -> None:
    if not partners:
        raise DomainError(_("Say whom you will visit."))
    for user in (lead, *(one.user for one in going)):
        if not user.is_office:
            raise DomainError(_("Only our own people can go for our office."))
        if not user.is_active:
            raise DomainError(_("%(name)s no longer works here; choose someone else.") % {"name": user})
    visited = {partner.pk for partner in partners}
    for follow_up in follow_ups:
        if follow_up.partner_id is not None and follow_up.partner_id not in visited:
            raise DomainError(_("“%(title)s” is about none of those you visit.") % {"title": follow_up.title})


def _set_people(
    plan: Plan,
    *,
    partners: Iterable[Partner],
    lead: User,
    going: Iterable[Goer],
    theirs: Iterable[Person],
    follow_ups: Iterable[FollowUp],
) -> None:
    plan.partners.set(partners)
    plan.theirs.set(theirs)
    plan.follow_ups.set(follow_ups)
    wanted = {lead.pk: ""}
    for one in going:  # who comes for a function comes for it, also when listed again without
        wanted[one.user.pk] = (one.function and str(Function(one.function))) or wanted.get(one.user.pk, "")
    plan.going.exclude(user__in=wanted).delete()
    for user, function in wanted.items():
        Going.objects.update_or_create(plan=plan, user_id=user, defaults={"function": function})


def _text(words: str) -> str:
    return words.replace("\0", "").strip()


def _plain(plan: Plan) -> dict[str, Any]:
    """The plan as the trail keeps it."""
    found: dict[str, Any] = {name: getattr(plan, name) for name in PLAIN}
    found["planned_on"] = plan.planned_on.isoformat()
    found["planned_at"] = plan.planned_at.isoformat() if plan.planned_at else None
    found |= {"lead": plan.lead_id, "version": plan.version}
    for name in ("partners", "theirs", "follow_ups"):
        found[name] = sorted(getattr(plan, name).values_list("pk", flat=True))
    found["going"] = sorted([one.user_id, one.function] for one in plan.going.all())
    return found


def suggested_day(follow_up: FollowUp | None) -> date:
    """Five business days from today; sooner where a follow-up that is not late yet is promised for a sooner day."""
    today = office.today()
    soon: date = office.calendar().add_days(today, 5)
    if follow_up is None or not follow_up.is_pending or follow_up.due_on < today:
        return soon
    return min(soon, follow_up.due_on)


def officers_wanted(functions: Iterable[str], named: Mapping[str, User]) -> list[Goer]:
    """Who is to come for these functions, as far as somebody is named."""
    return [Goer(named[function], function) for function in functions if function in named]
