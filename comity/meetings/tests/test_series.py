"""Visits that come again: the next is proposed once one was held, and planned by one tap, never by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.core.errors import DomainError
from comity.followups.services import raise_follow_up
from comity.meetings import services
from comity.meetings.models import Function, Meeting, PlannedVisit
from comity.meetings.services.series import next_day
from comity.meetings.tests.test_planned_visits import PlanTestCase
from comity.office import services as office


class Series(PlanTestCase):
    def held(self, **changed: Any) -> Meeting:
        told = {"kind": "quarterly", "in_series": True, "going": [(self.sol.pk, Function.RISK)]}
        plan = self.planned(planned_on=office.today(), theirs=[self.ben_person], **{**told, **changed})
        return services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), plan=plan)

    def test_held_it_proposes_the_next_after_the_days_of_the_tier_and_plans_nothing_itself(self) -> None:
        meeting = self.held()
        self.assertEqual(meeting.kind, "quarterly")
        day = next_day(meeting.planned_visit)
        self.assertIn((day - office.today()).days, range(60, 65))
        self.assertTrue(office.calendar().is_open(day))
        page = self.page(meeting.get_absolute_url(), by=self.ana)
        self.assertContains(page, reverse("meetings:plan_next", args=[meeting.pk]))
        self.assertFalse(PlannedVisit.objects.planned().exists())

    def test_one_tap_plans_it_with_the_same_people_once(self) -> None:
        meeting = self.held()
        url = reverse("meetings:plan_next", args=[meeting.pk])
        self.post(url, {}, by=self.ana)
        plan = PlannedVisit.objects.planned().get()
        self.assertEqual((plan.kind, plan.in_series, plan.after), ("quarterly", True, meeting.planned_visit))
        self.assertEqual(
            {(one.user, one.function) for one in plan.going.all()}, {(self.ana, ""), (self.sol, "risk")}
        )
        self.assertEqual(list(plan.theirs.all()), [self.ben_person])
        self.assertNotContains(self.page(meeting.get_absolute_url(), by=self.ana), url)
        with self.assertRaisesMessage(DomainError, "planned already"):
            services.plan_next(meeting.pk, by=self.ana)

    def test_called_off_the_next_is_proposed_again(self) -> None:
        meeting = self.held()
        services.call_off(services.plan_next(meeting.pk, by=self.ana).pk, reason="Snow", by=self.ana)
        services.plan_next(meeting.pk, by=self.ana)
        self.assertEqual(PlannedVisit.objects.planned().count(), 1)

    def test_what_is_no_series_or_was_withdrawn_proposes_nothing(self) -> None:
        alone = self.held(in_series=False)
        withdrawn = self.held()
        services.withdraw_visit(withdrawn.pk, reason="Twice", by=self.ana)
        for meeting in (alone, withdrawn):
            with self.assertRaisesMessage(DomainError, "planned already"):
                services.plan_next(meeting.pk, by=self.ana)

    def test_who_has_left_is_not_asked_along(self) -> None:
        meeting = self.held()
        type(self.sol).objects.filter(pk=self.sol.pk).update(is_active=False)
        plan = services.plan_next(meeting.pk, by=self.ana)
        self.assertEqual([one.user for one in plan.going.all()], [self.ana])


class Agenda(PlanTestCase):
    def test_it_is_chosen_from_what_is_open_each_with_what_it_is(self) -> None:
        raise_follow_up(kind="concern", partner=self.parks, title="The map is late", by=self.ana)
        url = f"{reverse('meetings:plan_visit')}?partner={self.parks.pk}&kind=introduction"
        page = self.page(url, by=self.ana)
        self.assertIn("Concern: The map is late", self.reads(page))
        self.assertEqual(page.context["form"]["kind"].value(), "introduction")
        day = (office.today() + timedelta(days=3)).isoformat()
        said = {
            "planned_on": day,
            "how": "in_person",
            "kind": "introduction",
            "travel": "Park behind.",
            "in_series": "on",
        }
        self.post(url, {**said, "lead": "Ana Ruiz"})
        plan = PlannedVisit.objects.get()
        self.assertEqual((plan.kind, plan.travel, plan.in_series), ("introduction", "Park behind.", True))
        self.assertIn("Park behind.", self.reads(self.page(plan.get_absolute_url())))
