"""Visits to come: planned because of what was said, changed, called off, and held."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.urls import reverse

from comity.audit.models import Entry
from comity.audit.retention import apply_rules
from comity.audit.services import record_many
from comity.audit.words import action_words, kind_words
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings import services
from comity.meetings.models import Function, Meeting, Officer, PlannedVisit
from comity.meetings.services.officers import hand_over as hand_over_offices
from comity.meetings.services.planned_visits import hand_over, pairs, suggested_day
from comity.notifications.models import Notice
from comity.office import services as office
from comity.office.services import retaining
from comity.partners.duplicates.services import PARTNERS, merge, undo_merge
from comity.people import duties
from comity.testing.cast import CastTestCase

renaming: Any = import_module("comity.meetings.migrations.0009_rows_that_name_planned_visits")


class PlanTestCase(CastTestCase):
    def concern(self, **changed: Any) -> FollowUp:
        told: dict[str, Any] = {
            "kind": "concern",
            "partner": self.parks,
            "title": "The map is late",
            "by": self.ana,
            "raised_by": self.ben_person,
        }
        return raise_follow_up(**{**told, **changed})

    def planned(self, **changed: Any) -> PlannedVisit:
        told: dict[str, Any] = {
            "partners": [self.parks],
            "by": self.ana,
            "planned_on": office.today() + timedelta(days=3),
        }
        return services.plan_visit(**{**told, **changed})

    def said(self, plan: PlannedVisit | None = None, **changed: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "planned_on": (office.today() + timedelta(days=3)).isoformat(),
            "how": "in_person",
            "lead": "Ana Ruiz",
        }
        if plan is not None:
            told |= self.seen(reverse("meetings:change_planned_visit", args=[plan.pk]), by=self.ana)
        return {**told, **changed}

    def notices(self) -> list[tuple[str, str]]:
        rows = Notice.objects.filter(kind__startswith="meetings.").order_by("pk")
        return [(str(row.user), row.text) for row in rows.select_related("user")]


class Planning(PlanTestCase):
    def test_those_who_are_to_come_have_notice_and_who_plans_it_has_none(self) -> None:
        self.planned(going=[(self.sol.pk, Function.RISK), (self.ana.pk, "")])
        [(who, words)] = self.notices()
        self.assertEqual(who, "Sol Service")
        self.assertIn("Ana Ruiz asked you to come along: a visit to Department of Parks on", words)

    def test_a_moved_day_is_told_to_who_was_coming_and_whoever_is_new_is_asked(self) -> None:
        plan = self.planned(going=[(self.sol.pk, "")])
        Notice.objects.all().delete()
        self.changed(
            plan,
            planned_on=plan.planned_on + timedelta(days=1),
            going=pairs([(self.sol.pk, ""), (self.finn.pk, "")]),
        )
        self.assertEqual(
            sorted((who, words.split(" ")[0]) for who, words in self.notices()),
            [("Finn Finance", "Ana"), ("Sol Service", "Moved:")],
        )

    def changed(self, plan: PlannedVisit, **changed: Any) -> PlannedVisit:
        return services.change_planned_visit(plan.pk, changed, by=self.ana)

    def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(self) -> None:
        roads = self.concern(partner=self.roads, raised_by=None)
        refused: list[tuple[dict[str, Any], str]] = [
            ({"partners": []}, "Say who you will visit"),
            ({"planned_on": office.today() - timedelta(days=1)}, "today or a later day"),
            ({"planned_on": office.today() + timedelta(days=800)}, "two years ahead"),
            ({"going": [(self.ben.pk, "")]}, "Only our office’s people"),
            ({"follow_ups": [roads]}, "not about anyone on this visit"),
        ]
        for change, sentence in refused:
            with self.subTest(sentence), self.assertRaisesMessage(DomainError, sentence):
                self.planned(**change)
        self.assertFalse(PlannedVisit.objects.exists())

    def test_called_off_it_says_why_and_cannot_be_called_off_twice(self) -> None:
        plan = self.planned(going=[(self.sol.pk, "")])
        services.call_off(plan.pk, reason="They are moving house.", by=self.ana)
        self.assertIn("They are moving house.", self.notices()[-1][1])
        with self.assertRaisesMessage(DomainError, "called off"):
            services.call_off(plan.pk, reason="Again.", by=self.ana)

    def test_the_day_proposed_is_soon_and_not_after_a_promise_that_can_still_be_kept(self) -> None:
        today, soon = office.today(), suggested_day(None)
        self.assertGreater(soon, today)
        tight = self.concern(due_on=today + timedelta(days=1))
        self.assertEqual(suggested_day(tight), today + timedelta(days=1))
        FollowUp.objects.filter(pk=tight.pk).update(due_on=today - timedelta(days=9))
        tight.refresh_from_db()
        self.assertEqual(suggested_day(tight), soon)

    def test_partners_users_see_no_plans(self) -> None:
        self.planned()
        self.assertEqual(PlannedVisit.objects.visible_to(self.ben).count(), 0)
        self.assertEqual(PlannedVisit.objects.visible_to(self.olu).count(), 1)


class Holding(PlanTestCase):
    def test_written_down_it_is_held_and_the_meeting_is_about_what_it_was_planned_for(self) -> None:
        concern = self.concern()
        plan = self.planned(follow_ups=[concern], planned_on=office.today())
        meeting = services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), plan=plan)
        plan.refresh_from_db()
        self.assertEqual((plan.state, plan.meeting), (PlannedVisit.State.HELD, meeting))
        self.assertEqual(list(meeting.about.all()), [concern])

    def test_twice_it_is_refused_and_no_second_meeting_is_kept(self) -> None:
        plan = self.planned(planned_on=office.today())
        services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), plan=plan)
        with self.assertRaisesMessage(DomainError, "took place"):
            services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), plan=plan)
        self.assertEqual(Meeting.objects.count(), 1)

    def test_a_withdrawn_meeting_leaves_the_visit_to_be_made(self) -> None:
        plan = self.planned(planned_on=office.today())
        meeting = services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), plan=plan)
        services.withdraw_visit(meeting.pk, reason="It was next door.", by=self.ana)
        plan.refresh_from_db()
        self.assertEqual((plan.state, plan.meeting), (PlannedVisit.State.PLANNED, None))

    def test_an_old_plan_goes_with_its_meeting_and_one_called_off_with_its_day(self) -> None:
        retaining.set_rule(by=self.ada, kind="meetings", keep_days=365)
        old = self.planned(how="phone", planned_on=office.today())
        meeting = services.log_visit(
            partners=[self.parks], by=self.ana, held_on=office.today(), how="phone", plan=old
        )
        off = self.planned()
        services.call_off(off.pk, reason="No", by=self.ana)
        to_come = self.planned()
        Meeting.objects.filter(pk=meeting.pk).update(held_on=office.today() - timedelta(days=400))
        PlannedVisit.objects.filter(pk=off.pk).update(planned_on=office.today() - timedelta(days=400))
        apply_rules(office.today())
        self.assertEqual(list(PlannedVisit.objects.all()), [to_come])


class CalledPlansBefore(PlanTestCase):
    """What was written when a planned visit was a `Plan` still means one."""

    def test_the_trail_of_before_is_that_of_the_visit(self) -> None:
        plan = self.planned()
        old = {"action": "meetings.plan", "target_kind": "meetings.Plan", "target_id": plan.pk}
        record_many(by=self.ana, acts=[old])
        entry = Entry.objects.about(plan).first()
        assert entry
        self.assertEqual(entry.target_kind, "meetings.Plan")
        self.assertEqual(
            (kind_words("meetings.Plan"), action_words(entry.action)), ("planned visit", "planned a visit")
        )

    def test_a_merge_from_before_can_still_be_undone(self) -> None:
        plan = self.planned(partners=[self.roads])
        asked = {"survivor_id": self.parks.pk, "tombstone_id": self.roads.pk}
        merged = merge(PARTNERS, **asked, theirs={}, by=self.ada)
        renaming.rename_back(apps, None)
        merged.refresh_from_db()
        self.assertIn("meetings.Plan_partners.partner", merged.moved)
        renaming.rename(apps, None)
        undo_merge(merged.pk, by=self.ada)
        self.assertEqual(list(plan.partners.all()), [self.roads])


class Leaving(PlanTestCase):
    def test_who_leaves_hands_over_the_visits_they_lead_and_what_they_stand_for(self) -> None:
        plan = self.planned()
        services.name_officers({Function.RISK: self.ana}, by=self.cora)
        held = {one.duty.key: one.count for one in duties.held_by(self.ana)}
        self.assertEqual((held["meetings.planned_visits"], held["meetings.officers"]), (1, 1))
        hand_over(self.ana, self.sol, self.ada)
        hand_over_offices(self.ana, self.sol, self.ada)
        plan.refresh_from_db()
        self.assertEqual(plan.lead, self.sol)
        self.assertEqual([one.user for one in plan.going.all()], [self.sol])
        self.assertEqual(Officer.objects.get().user, self.sol)


class Pages(PlanTestCase):
    def test_one_click_on_a_follow_up_proposes_day_people_and_officers(self) -> None:
        services.name_officers({Function.CUSTOMER: self.cora, Function.RISK: self.finn}, by=self.cora)
        concern = self.concern()
        page = self.page(concern.get_absolute_url(), by=self.ana)
        url = f"{reverse('meetings:plan_visit')}?follow_up={concern.pk}"
        self.assertContains(page, f'href="{url}"')
        form = self.page(url).context["form"]
        self.assertEqual(form.initial["officers"], ["customer"])
        self.assertEqual(form.initial["theirs"], [self.ben_person.pk])
        self.assertEqual(form.initial["follow_ups"], [concern.pk])
        self.post(url, self.said(officers=["customer"], theirs=[self.ben_person.pk], follow_ups=[concern.pk]))
        plan = PlannedVisit.objects.get()
        self.assertEqual(
            [(one.user, one.function) for one in plan.going.all()], [(self.ana, ""), (self.cora, "customer")]
        )
        page = self.page(concern.get_absolute_url())
        self.assertNotContains(page, url)
        self.assertContains(page, "Visit planned")
        self.assertContains(page, plan.get_absolute_url())

    def test_a_visit_made_without_a_plan_is_written_down_from_the_follow_up(self) -> None:
        concern = self.concern()
        page = self.page(concern.get_absolute_url(), by=self.ana)
        url = f"{reverse('meetings:log')}?follow_up={concern.pk}"
        self.assertContains(page, url)
        form = self.page(url).context["form"]
        self.assertEqual(form.initial["theirs"], [self.ben_person.pk])
        self.assertEqual(form.initial["about"], [concern.pk])
        lines = {
            "about": [concern.pk],
            "promise-TOTAL_FORMS": "1",
            "promise-INITIAL_FORMS": "0",
            "promise-0-title": "",
            "promise-0-due_on": "",
        }
        self.post(
            url, {"how": "in_person", "held_on": office.today().isoformat(), "ours": [self.ana.pk], **lines}
        )
        self.assertEqual(list(Meeting.objects.get().about.all()), [concern])
        self.assertContains(self.page(concern.get_absolute_url()), "Visited")

    def test_without_a_follow_up_it_first_asks_whom(self) -> None:
        url = reverse("meetings:plan_visit")
        self.assertContains(self.page(url, by=self.ana), "Who will you visit?")
        self.assertContains(self.page(f"{url}?partner={self.parks.pk}"), "Visit Department of Parks")

    def test_from_the_plan_what_was_said_is_written_down_with_all_that_was_planned(self) -> None:
        concern = self.concern()
        plan = self.planned(
            partners=[self.parks, self.roads],
            follow_ups=[concern],
            going=[(self.sol.pk, Function.RISK)],
            theirs=[self.ben_person],
            planned_on=office.today(),
        )
        url = f"{reverse('meetings:log')}?plan={plan.pk}"
        self.assertContains(self.page(plan.get_absolute_url(), by=self.ana), url)
        form = self.page(url).context["form"]
        self.assertEqual(set(form.initial["ours"]), {self.ana.pk, self.sol.pk})
        self.assertEqual(form.initial["about"], [concern.pk])
        self.post(
            url,
            {
                "about": [concern.pk],
                "how": "in_person",
                "held_on": office.today().isoformat(),
                "theirs": [self.ben_person.pk],
                "ours": [self.ana.pk, self.sol.pk],
                "said": "They want the map by May.",
                "promise-TOTAL_FORMS": "1",
                "promise-INITIAL_FORMS": "0",
                "promise-0-title": "",
                "promise-0-due_on": "",
            },
        )
        plan.refresh_from_db()
        assert plan.meeting is not None
        self.assertEqual({*plan.meeting.partners.all()}, {self.parks, self.roads})
        self.assertContains(self.page(plan.get_absolute_url()), "Read what was said")
        self.assertContains(self.page(plan.meeting.get_absolute_url()), "The map is late")
        self.assertContains(self.page(concern.get_absolute_url()), "Visited")

    def test_two_who_change_it_at_once_lose_nothing(self) -> None:
        plan = self.planned(title="The map")
        url = reverse("meetings:change_planned_visit", args=[plan.pk])
        self.page(url, by=self.ana)
        said = self.said(plan)
        self.post(url, {**said, "title": "Theirs"}, by=self.sol)
        answer = self.post(url, {**said, "title": "Yours"}, by=self.ana, expect=409)
        for words in ("Yours", "Theirs", "The map"):
            self.assertContains(answer, words, status_code=409)
        self.post(url, self.chosen(answer), by=self.ana)
        plan.refresh_from_db()
        self.assertEqual(plan.title, "Yours")

    def test_a_visit_whose_day_has_passed_is_said_first_and_found_by_its_filter(self) -> None:
        plan = self.planned(title="The map")
        self.planned(title="The bill")
        PlannedVisit.objects.filter(pk=plan.pk).update(planned_on=office.today() - timedelta(days=2))
        url = reverse("meetings:planned_visits")
        page = self.reads(self.page(url, by=self.ana))
        self.assertIn("1 visit is coming up; 1 has passed with nothing written down.", page)
        answer = self.page(url, data={"state": "passed"})
        self.assertEqual([row.title for row in answer.context["table"].page], ["The map"])
        self.assertContains(self.page("/"), "The day has passed. Write down what was said")

    def test_the_partners_page_says_when_it_is_visited_next(self) -> None:
        plan = self.planned()
        page = self.page(self.parks.get_absolute_url(), by=self.ana)
        self.assertContains(page, "Next visit")
        self.assertContains(page, plan.get_absolute_url())

    def test_calling_off_is_a_page_of_its_own_and_asks_why(self) -> None:
        plan = self.planned()
        url = reverse("meetings:call_off_visit", args=[plan.pk])
        self.page(url, by=self.ana)
        self.post(url, {"reason": "They are moving."}, expect=plan.get_absolute_url())
        self.assertContains(self.page(plan.get_absolute_url()), "They are moving.")
        self.page(url, status=404)

    def test_the_chief_customer_officer_names_who_comes_along_and_others_may_not(self) -> None:
        url = reverse("meetings:officers")
        self.page(url, by=self.ana, status=403)
        self.page(url, by=self.cora)
        self.post(url, {"risk": "Sol Service", "customer": "Cora Customer"})
        self.post(url, {"risk": "Finn Finance", "customer": ""})
        self.assertEqual([(row.function, row.user) for row in Officer.objects.all()], [("risk", self.finn)])

    def test_list_and_plan_cost_the_same_however_many_there_are(self) -> None:
        plans = [
            self.planned(going=[(self.sol.pk, "")], follow_ups=[self.concern(title=f"Map {number}")])
            for number in range(30)
        ]
        self.page(reverse("meetings:planned_visits"), by=self.ana)
        with self.assertQueries(LIST):
            self.client.get(reverse("meetings:planned_visits"))
        with self.assertQueries(ONE):
            self.client.get(plans[-1].get_absolute_url())

    def test_it_goes_out_as_csv_with_names_and_codes(self) -> None:
        self.planned(title="=1+1", partners=[self.parks, self.roads])
        self.client.force_login(self.ana)
        answer: Any = self.client.get(reverse("meetings:planned_visits"), {"format": "csv"})
        text = b"".join(answer.streaming_content).decode()
        self.assertIn('"Department of Parks, Department of Roads"', text)
        self.assertIn('"PARKS, ROADS"', text)
        self.assertNotIn(",=1+1", text)


LIST, ONE = 6, 9
