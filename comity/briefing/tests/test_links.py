"""A number is a link: behind each stand just the rows it counted."""

from __future__ import annotations

import re
from datetime import timedelta

from comity.briefing import office_figures
from comity.briefing.coverage import coverage
from comity.briefing.glance import figures, look_at
from comity.briefing.numbers import numbers_of
from comity.briefing.trouble import in_trouble
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.partners.models import Partner
from comity.testing.cast import CastTestCase


class ANumberIsALink(CastTestCase):
    """Parks has four things open, in every state; Roads one, heard yesterday."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        made = [
            ring.raise_follow_up(kind="concern", partner=cls.parks, title=f"Thing {number}", by=cls.ana)
            for number in range(5)
        ]
        ring.raise_follow_up(kind="concern", partner=cls.roads, title="A hole", by=cls.olu)
        for row in made[1:]:
            ring.own(row.pk, by=cls.ana)
        for row in made[2:4]:
            ring.finish(row.pk, words="Mended.", by=cls.ana)
        ring.tell(made[3].pk, how="phone", to="Ben", words="It is mended.", by=cls.ana)
        ring.reopen(made[3].pk, words="It broke again.", by=cls.ana)
        FollowUp.objects.filter(pk=made[1].pk).update(due_on=cls.today - timedelta(days=3))

    def rows_behind(self, url: str) -> int:
        """How many rows the list at an address says it has."""
        text = self.page(url, by=self.cora).content.decode()
        said = re.search(r'class="count">\s*(?:[\d,]+ to [\d,]+ of )?([\d,]+)', text)
        return int(said[1].replace(",", "")) if said else 0

    def assert_counts(self, number: object, url: str) -> None:
        self.assertEqual(self.rows_behind(url), int(str(number)), url)

    def test_the_offices_figures_open_what_they_counted(self) -> None:
        found = office_figures.of_office(numbers_of(self.cora, self.today)).figures()
        self.assertEqual([figure.number for figure in found], ["2", "2", "1", "1"])
        for figure in found:
            self.assert_counts(figure.number, figure.url)

    def test_the_figures_of_the_quarter_open_what_they_counted(self) -> None:
        for owner in (None, self.ana):
            numbers = numbers_of(owner or self.cora, self.today)
            for _label, number, url in office_figures.quarter(numbers, self.today, owner=owner):
                self.assert_counts(number, url)

    def test_a_glances_figures_open_what_they_counted(self) -> None:
        first, second, *_rest = figures(look_at(self.parks, self.cora, self.today))
        self.assertEqual((first.number, second.number), ("5", "1"))
        self.assert_counts(first.number, first.url)
        self.assert_counts(second.number, second.url)

    def test_what_a_contact_carries_opens_what_was_counted(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(headcount=120)
        (carried,) = coverage(self.cora, self.today).carried
        self.assert_counts(carried.load.partners, carried.partners_url)
        self.assert_counts(carried.load.open_follow_ups, carried.open_url)
        self.assert_counts(carried.late, carried.late_url)

    def test_the_reasons_of_a_troubled_relationship_open_their_rows(self) -> None:
        found = next(row for row in in_trouble(self.cora, self.today) if row.partner == self.parks)
        late, again, *_unseen = found.reasons
        self.assert_counts(1, late.url)
        self.assert_counts(1, again.url)
