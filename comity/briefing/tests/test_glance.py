"""A partner's page without a contact, and whom to call first there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comity.briefing.glance import look_at, sentence, who_talks_to_whom
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.partners import services
from comity.partners.models import Assignment, Partner, Person, Position
from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.ui.components.days import near_day


class GlanceTestCase(CastTestCase):
    def said(self, partner: Partner) -> str:
        fresh = Partner.objects.select_related("tier", "parent").get(pk=partner.pk)
        return sentence(look_at(fresh, self.cora, self.today))

    def day(self, days: int) -> Any:
        return self.today + timedelta(days=days)


class WithoutAContact(GlanceTestCase):
    """Nobody ever led Roads; Ana leads Parks."""

    def test_it_is_the_first_thing_said(self) -> None:
        self.assertEqual(self.said(self.roads), "Nobody looks after Department of Roads.")

    def test_also_where_a_promise_is_late(self) -> None:
        row = ring.raise_follow_up(kind="concern", partner=self.roads, title="A hole", by=self.olu)
        FollowUp.objects.filter(pk=row.pk).update(due_on=self.day(-9))
        self.assertEqual(
            self.said(self.roads),
            "Nobody looks after Department of Roads, and one promise is nine days late.",
        )

    def test_an_assignment_that_ended_is_named_with_its_day(self) -> None:
        ended = self.day(-3)
        Assignment.objects.update(ends_on=ended)
        services.refresh_leads(self.today)
        since = f"since {near_day(ended)}, when Ana Ruiz stopped."
        self.assertEqual(self.said(self.parks), f"Nobody has looked after Department of Parks {since}")
        services.assign(self.parks, self.olu, "backup", self.today, self.cora)
        self.assertEqual(self.said(self.parks), f"Department of Parks has had no lead contact {since}")

    def test_one_that_never_held_is_not(self) -> None:
        made = services.assign(self.roads, self.olu, "lead", self.today, self.cora)
        services.take_back([made.pk], by=self.cora)
        self.assertEqual(self.said(self.roads), "Nobody looks after Department of Roads.")

    def test_who_comes_later_is_named(self) -> None:
        services.assign(self.roads, self.olu, "lead", self.day(5), self.cora)
        self.assertEqual(
            self.said(self.roads),
            f"Nobody looks after Department of Roads until Olu Staff starts on {near_day(self.day(5))}.",
        )

    def test_a_contact_who_has_left_our_office_is_none(self) -> None:
        User.objects.filter(pk=self.ana.pk).update(is_active=False)
        self.assertEqual(
            self.said(self.parks), "Ana Ruiz, who looks after Department of Parks, has left our office."
        )
        glance = look_at(self.parks, self.cora, self.today)
        first = who_talks_to_whom(glance, self.today)[0]
        self.assertEqual((first.text, first.kind), ("Ana Ruiz, who has left", "bad"))

    def test_one_that_will_end_says_until_when(self) -> None:
        Assignment.objects.update(ends_on=self.day(5))
        glance = look_at(self.parks, self.cora, self.today)
        first = who_talks_to_whom(glance, self.today)[0]
        self.assertEqual(first.text, f"Ana Ruiz, until {near_day(self.day(5))}")

    def test_a_former_partner_needs_nobody(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(status="former")
        self.assertEqual(self.said(self.roads), "Department of Roads is no longer served.")

    def test_assign_stands_beside_it_and_leads_back_here(self) -> None:
        here, assign = self.roads.get_absolute_url(), reverse("partners:assign", args=[self.roads.pk])
        self.assertContains(self.page(here, by=self.cora), f'href="{assign}?from=glance"')
        typed = {"user": "Olu Staff", "role": "lead", "starts_on": self.today.isoformat()}
        self.post(f"{assign}?from=glance", typed, by=self.cora, expect=here)
        page = self.page(here, by=self.cora)
        self.assertIn("Olu Staff looks after Department of Roads.", self.reads(page))
        self.assertContains(page, "/partners/assign/undo/")
        self.assertNotContains(page, f'href="{assign}')

    def test_others_are_told_whom_to_ask(self) -> None:
        for path in (self.roads.get_absolute_url(), reverse("partners:contacts", args=[self.roads.pk])):
            words = self.reads(self.page(path, by=self.ana))
            self.assertIn("Who can assign a contact: Cora Customer", words)
            self.assertNotIn("Assign a contact", words)

    def test_it_keeps_to_its_queries(self) -> None:
        url = self.roads.get_absolute_url()
        for reader in (self.cora, self.ana):
            self.page(url, by=reader)
            with CaptureQueriesContext(connection) as asked:
                self.client.get(url)
            self.assertLessEqual(len(asked), 20)


class WhomToCallFirst(GlanceTestCase):
    """Trails, of which nobody is known yet."""

    def hold(self, name: str, title: str, function: str = "other", **reach: str) -> None:
        person = Person.objects.create(name=name, **reach)
        Position.objects.create(partner=self.trails, person=person, title=title, function=function)

    def lines(self) -> list[tuple[str, str, str]]:
        found = who_talks_to_whom(look_at(self.trails, self.cora, self.today), self.today)
        return [(line.label, line.text, line.phone) for line in found[1:]]

    def test_the_head_comes_first_then_the_leads_each_with_a_number(self) -> None:
        self.hold("Abe", "Clerk")
        self.hold("Dee", "Budget director", "finance")
        self.hold("Eli", "CIO", "it_lead", mobile="555-0002")
        self.hold("Hal", "Director", "head", phone="555-0001")
        self.assertEqual(
            self.lines(),
            [
                ("Their head", "Hal", "555-0001"),
                ("Their IT lead", "Eli", "555-0002"),
                ("Their finance lead", "Dee", ""),
            ],
        )

    def test_where_no_function_is_known_the_first_two_by_their_titles(self) -> None:
        self.hold("Abe", "Clerk")
        self.hold("Bob", "Clerk")
        self.hold("Gus", "Director", phone="555-0003")
        self.assertEqual(self.lines(), [("Director", "Gus", "555-0003"), ("Clerk", "Abe", "")])
        page = self.page(self.trails.get_absolute_url(), by=self.cora)
        self.assertContains(page, 'href="tel:5550003"')
