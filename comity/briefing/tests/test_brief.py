"""The brief before a visit: what there is to know, three questions with their reasons, and one sheet of paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.briefing.brief.gathering import brief_of
from comity.briefing.brief.questions import questions
from comity.briefing.glance import look_at
from comity.briefing.healths import with_health
from comity.business.models import Season
from comity.business.services import near
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.meetings import services as meetings
from comity.meetings.services import Promised
from comity.partners.models import Assignment, Partner, Person, Position
from comity.stakeholders.models import Stakeholder
from comity.testing.cast import CastTestCase
from comity.testing.pdf import ReadPdf
from comity.ui.components.days import near_day


class BriefTestCase(CastTestCase):
    def url(self, name: str = "brief", partner: Partner | None = None) -> str:
        return reverse(name, args=[(partner or self.parks).pk])

    def heard(self, title: str = "The map is late", **told: Any) -> FollowUp:
        facts = {"kind": "concern", "partner": self.parks, "title": title, "by": self.ana}
        return ring.raise_follow_up(**{**facts, **told})

    def met(self, **told: Any) -> Any:
        facts = {"partners": [self.parks], "by": self.ana, "held_on": self.today - timedelta(days=9)}
        return meetings.log_visit(**{**facts, **told})


class TheBrief(BriefTestCase):
    def test_it_says_who_what_is_open_what_was_said_and_what_is_planned(self) -> None:
        Stakeholder.objects.create(
            person=self.eve_person, partner=self.parks, role="decides", influence=5, stance="champion"
        )
        promises = [Promised("A second line"), Promised("The list of sites", by_them=True)]
        self.met(said="Season opens in May.", mood="reserved", promises=promises)
        self.heard()
        day = self.today + timedelta(days=3)
        plan = meetings.plan_visit(
            partners=[self.parks], by=self.ana, planned_on=day, kind="quarterly", travel="Park behind."
        )
        words = self.reads(self.page(self.url(), by=self.ana))
        for said in (
            "Eve Head",
            "Decides · Champion",
            "What we promised",
            "A second line",
            "What they promised",
            "The list of sites",
            "What they told us, still open",
            "The map is late",
            "Reserved · Season opens in May.",
            "The visit: Quarterly review",
            "Park behind.",
            "Our contact: Ana Ruiz",
        ):
            self.assertIn(said, words)
        self.assertContains(self.page(plan.get_absolute_url()), self.url())

    def test_what_is_ours_alone_stands_apart_and_nobody_is_asked_about_it(self) -> None:
        row = self.heard("Tell everyone whom to call", office_only=True)
        FollowUp.objects.filter(pk=row.pk).update(due_on=self.today - timedelta(days=3))
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("Our own steps", words)
        self.assertNotIn("What they told us, still open", words)
        self.assertNotIn("What does it cost you", words)

    def test_who_holds_two_posts_stands_there_once(self) -> None:
        Position.objects.create(partner=self.parks, person=self.eve_person, title="Deputy", function="deputy")
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertEqual(words.count("Eve Head"), 1)
        self.assertIn(", Deputy", words)

    def test_what_is_sensitive_of_somebody_is_not_in_it_for_those_who_may_not_see_it(self) -> None:
        Stakeholder.objects.create(
            person=self.eve_person, partner=self.parks, role="decides", stance="opposed", sensitive=True
        )
        self.assertNotIn("Opposed", self.reads(self.page(self.url(), by=self.olu)))

    def test_a_visit_of_today_opens_its_brief(self) -> None:
        meetings.plan_visit(partners=[self.parks], by=self.ana, planned_on=self.today)
        self.assertContains(self.page(reverse("home"), by=self.ana), self.url())

    def test_of_one_of_whom_nothing_is_known_it_still_asks_three_questions(self) -> None:
        brief = brief_of(with_health(Partner.objects.all()).get(pk=self.trails.pk), self.ana, self.today)
        self.assertEqual(len(brief.questions), 3)
        self.page(self.url(partner=self.trails), by=self.ana)

    def test_partners_users_have_no_brief(self) -> None:
        for name in ("brief", "brief_pdf"):
            self.page(self.url(name), by=self.ben, status=403)

    def test_it_asks_the_same_however_much_there_is(self) -> None:
        for number in range(20):
            self.heard(f"Map {number}")
            self.met(promises=[Promised(f"Line {number}")])
        self.page(self.url(), by=self.ana)
        with self.assertQueries(20):
            self.client.get(self.url())


class OnPaper(BriefTestCase):
    def test_an_ordinary_partner_fits_one_letter_sheet_that_a_screen_reader_reads(self) -> None:
        long = "They have asked three times, and each time somebody else answered something else. " * 8
        for number in range(8):
            self.heard(f"Map number {number} is late, and nobody says why it is", said=long)
            self.met(said=long, notes=long, promises=[Promised(f"Line {number} for the office in the north")])
            person = Person.objects.create(name=f"Person {number} of a Rather Long Name")
            Position.objects.create(partner=self.parks, person=person, title="Deputy", function="deputy")
        meetings.plan_visit(
            partners=[self.parks], by=self.ana, planned_on=self.today + timedelta(days=3), why=long
        )
        self.client.force_login(self.ana)
        answer = self.client.get(self.url("brief_pdf"))
        self.assertIn("brief-parks-", answer["Content-Disposition"])
        read = ReadPdf(answer.content)
        self.assertEqual(read.pages, 1)
        self.assertIn("Three questions to ask", read.words)


class Questions(BriefTestCase):
    def asked(self) -> list[tuple[str, str]]:
        rows = list(FollowUp.objects.open().filter(partner=self.parks).order_by("due_on", "pk"))
        seen = look_at(Partner.objects.select_related("tier").get(pk=self.parks.pk), self.ana, self.today)
        return questions(seen, rows, near([self.parks], self.today)[self.parks.pk], self.today)

    def test_what_is_late_comes_first_with_how_late(self) -> None:
        FollowUp.objects.filter(pk=self.heard().pk).update(due_on=self.today - timedelta(days=9))
        self.assertEqual(
            self.asked()[0],
            ("What does it cost you that “The map is late” is not done?", "We are nine days late."),
        )

    def test_then_what_did_not_help_and_what_they_were_not_told(self) -> None:
        done = self.heard("The line is down", owner=self.ana)
        ring.finish(done.pk, words="Mended", by=self.ana)
        FollowUp.objects.filter(pk=self.heard().pk).update(helped="no")
        first, second, _third = self.asked()
        self.assertEqual(first[0], "What would help with “The map is late”?")
        self.assertEqual(second[0], "Did what we did about “The line is down” solve it for you?")

    def test_a_new_head_is_asked_what_is_to_be_different(self) -> None:
        Position.objects.filter(person=self.eve_person).update(starts_on=self.today - timedelta(days=30))
        self.assertEqual(self.asked()[0][0], "What does Eve Head want to be different in a year?")

    def test_what_keeps_them_busy_soon_is_named_and_asked_about(self) -> None:
        begins = self.today + timedelta(days=9)
        for name, first in (("Budget hearings", begins), ("Winter", self.today + timedelta(days=40))):
            Season.objects.create(
                partner=self.parks, name=name, starts_on=first, means="No changes to systems."
            )
        self.assertEqual(
            self.asked()[0],
            (
                "What should we keep away from you during “Budget hearings”?",
                f"Budget hearings: in 9 days ({near_day(begins)}).",
            ),
        )
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("In their year", words)
        self.assertIn(" · No changes to systems.", words)
        self.assertNotIn("Winter", words)

    def test_it_is_the_same_for_the_same(self) -> None:
        self.heard()
        self.assertEqual(self.asked(), self.asked())
        Assignment.objects.all().delete()
        self.assertEqual(len(self.asked()), 3)
