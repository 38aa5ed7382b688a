"""Visits of the sample state that were planned because somebody rated something low."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.demo.chance import Chance
from comity.demo.diary import Diary
from comity.followups.models import FollowUp
from comity.meetings import officers_needed
from comity.meetings import services as meetings
from comity.meetings.models import Officer, PlannedVisit
from comity.office import services as office
from comity.people.models import User

SAID = (
    "We sat with the people who rated us low. The ticket had been closed three times; they showed us where.",
    "They had never heard what came of their call last year. We wrote down what they need, in their words.",
    "It is not the service but the bill that nobody explains. We went through one line by line.",
    "The new people there did not know whom to call. They do now.",
)


@dataclass
class Visiting:
    """Plans visits into the diary. Its own chance, so that what else happens does not depend on it."""

    diary: Diary
    chance: Chance
    staff: Mapping[str, User]

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
            said=self.chance.one_of(SAID),
            plan=plan,
        )

    def _in(self, days: int, do: Callable[[], object]) -> None:
        """So many days from the day that is being lived; what would lie in the future is left out."""
        left = (self.chance.today - office.today()).days - days
        if left >= 0:
            self.diary.at(self.chance.working_moment(left), do)
