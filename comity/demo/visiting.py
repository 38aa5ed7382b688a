"""Visits of the sample state that were planned: because somebody rated something low, and those of the coming fortnight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Any

from comity.demo.chance import Chance
from comity.demo.diary import Diary
from comity.demo.words import Words, read
from comity.followups.models import FollowUp
from comity.meetings import officers_needed
from comity.meetings import services as meetings
from comity.meetings.models import Officer, PlannedVisit
from comity.office import services as office
from comity.partners.models import Partner, Person
from comity.people.models import User


@dataclass
class Visiting:
    """Plans visits into the diary. Its own chance, so that what else happens does not depend on it."""

    diary: Diary
    chance: Chance
    staff: Mapping[str, User]
    words: Words

    def to_come(self, partners: Mapping[str, Partner]) -> None:
        """What each relationship manager has planned for the coming fortnight, from today on."""
        for who, code, ahead, clock, title, why in read("coming")["visits"]:
            plan = partial(self._plan_ahead, self.staff[who], partners[code], ahead, clock)
            self.diary.at(
                self.chance.working_moment(self.chance.between(4, 9)), partial(plan, title=title, why=why)
            )

    def _plan_ahead(self, by: User, partner: Partner, ahead: int, clock: str, **facts: Any) -> None:
        day = office.calendar().add_days(self.chance.today, ahead) if ahead else self.chance.today
        about = FollowUp.objects.pending().filter(partner=partner, owner=by)
        meetings.plan_visit(
            partners=[partner],
            by=by,
            planned_on=day,
            planned_at=time.fromisoformat(clock),
            theirs=list(Person.objects.filter(positions__partner=partner, positions__function="head")[:1]),
            follow_ups=list(about[:2]),
            invite_theirs=True,
            **facts,
        )

    def because_of(self, found: FollowUp) -> None:
        """Every third low rating is visited within two weeks."""
        if found.partner_id and self.chance.happens(0.35):
            self._in(1, lambda: self._plan(found.pk))

    def _plan(self, pk: int) -> None:
        row = FollowUp.objects.select_related("owner", "partner", "raised_by_person").get(pk=pk)
        if not row.is_pending or row.owner is None or row.partner is None:
            return
        named = {one.function: one.user for one in Officer.objects.at_work().select_related("user")}
        ahead = self.chance.between(2, 6)
        plan = meetings.plan_visit(
            partners=[row.partner],
            by=row.owner,
            planned_on=office.calendar().add_days(office.today(), ahead),
            going=[(named[one].pk, one) for one in officers_needed.functions_for(row) if one in named],
            theirs=[row.raised_by_person] if row.raised_by_person else [],
            follow_ups=[row],
            title="What was rated low",
        )
        days = (plan.planned_on - office.today()).days
        self._in(days, lambda: self._hold(plan.pk))

    def _hold(self, pk: int) -> None:
        plan = PlannedVisit.objects.planned().select_related("lead").filter(pk=pk).first()
        if plan is None or plan.planned_on > office.today():
            return
        meetings.log_visit(
            partners=list(plan.partners.all()),
            by=plan.lead,
            held_on=office.today(),
            title=plan.title,
            ours=list(plan.ours.all()),
            theirs=list(plan.theirs.all()),
            said=self.words.rated(),
            plan=plan,
        )

    def _in(self, days: int, do: Callable[[], object]) -> None:
        """So many days from the day that is being lived; what would lie in the future is left out."""
        left = (self.chance.today - office.today()).days - days
        if left >= 0:
            self.diary.at(self.chance.working_moment(left), do)
