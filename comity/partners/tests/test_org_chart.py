"""Who reports to whom at a partner: drawn and told, with vacant posts, acting ones and several managers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.core.errors import DomainError
from comity.partners.models import Partner, Position
from comity.partners.org_chart import Line, org_chart
from comity.partners.services.people import correct_position, end_position, fill_position, set_position
from comity.testing.cast import CastTestCase

PAGE = 6  # queries


def told(lines: list[Line]) -> list[Any]:
    """Titles, each with those below it."""
    return [(line.post.title, told(line.below)) if line.below else line.post.title for line in lines]


class OrgCharts(CastTestCase):
    """At Parks Eve leads the IT lead Ben and the finance lead; a clerk reports to both of them."""

    head: Position
    it_lead: Position
    money: Position
    clerk: Position

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.head = Position.objects.get(person=cls.eve_person)
        cls.it_lead = Position.objects.get(person=cls.ben_person)
        correct_position(cls.it_lead.pk, {"reports_to": [cls.head]}, by=cls.ana)
        cls.money = cls.placed("Finance lead", cls.head, function="finance")
        cls.clerk = cls.placed("Clerk", cls.it_lead, cls.money, person=cls.flo_person, acting=True)

    @classmethod
    def placed(cls, title: str, *managers: Position, **facts: Any) -> Position:
        known = {"person": None, "reports_to": list(managers), **facts}
        return set_position(by=cls.ana, partner=cls.parks, title=title, **known)

    def url(self, partner: Partner) -> str:
        return reverse("partners:org_chart", args=[partner.pk])

    def test_it_is_told_in_nested_lines_and_drawn_with_every_line(self) -> None:
        chart = org_chart(self.parks, self.today)
        it = self.it_lead.title
        self.assertEqual(told(chart.top), [(self.head.title, [(it, ["Clerk"]), "Finance lead"])])
        page = self.page(self.url(self.parks), by=self.olu)
        text = self.reads(page)
        self.assertIn("4 positions, 1 vacant, 1 acting", text)
        self.assertIn("Clerk, Flo Money acting also reports to Finance lead", text)
        self.assertIn("Finance lead, vacant", text)
        self.assertContains(page, 'class="zero"', count=4)
        self.assertNotIn("Edit", text)
        with self.assertQueries(PAGE):
            self.client.get(self.url(self.parks))

    def test_where_nobody_reports_to_anybody_it_says_what_to_do(self) -> None:
        text = self.reads(self.page(self.url(self.roads), by=self.ana))
        self.assertIn("Edit a position to say whom it reports to.", text)
        self.assertIn("No positions yet.", self.reads(self.page(self.url(self.trails))))

    def test_whom_a_post_reports_to_is_said_in_its_form(self) -> None:
        url = reverse("partners:edit_post", args=[self.money.pk])
        seen = self.seen(url, by=self.ana)
        said = {"title": "Finance lead", "function": "finance", "reports_to": [self.it_lead.pk]}
        self.post(url, {**said, **seen})
        self.assertEqual([*self.money.reports_to.all()], [self.it_lead])

    def test_a_circle_is_refused_in_a_sentence(self) -> None:
        url = reverse("partners:edit_post", args=[self.head.pk])
        seen = self.seen(url, by=self.ana)
        said = {"title": self.head.title, "function": "head", "person": "Eve Head"}
        words = f"Clerk already reports to {self.head.title}."
        self.post_refused(url, {**said, **seen, "reports_to": [self.clerk.pk]}, words)
        self.assertFalse(self.head.reports_to.exists())
        with self.assertRaisesMessage(DomainError, "A position cannot report to itself."):
            correct_position(self.head.pk, {"reports_to": [self.head]}, by=self.ana)

    def test_whoever_follows_in_a_post_reports_to_the_same_and_leads_the_same(self) -> None:
        end_position(self.it_lead.pk, on=self.today, leaves_vacant=True, by=self.ana)
        vacant = Position.objects.vacant().get(title=self.it_lead.title)
        fill_position(vacant.pk, person=self.cy_person, on=self.today, acting=True, by=self.ana)
        chart = org_chart(self.parks, self.today)
        self.assertEqual(
            told(chart.top), [(self.head.title, [(self.it_lead.title, ["Clerk"]), "Finance lead"])]
        )

    def test_even_a_circle_that_two_closed_at_once_comes_to_an_end(self) -> None:
        self.head.reports_to.add(self.clerk)
        text = self.reads(self.page(self.url(self.parks), by=self.olu))
        self.assertIn("Clerk, Flo Money", text)
