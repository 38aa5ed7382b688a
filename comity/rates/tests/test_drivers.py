"""Driver figures: by which figures a month's shared amount is split."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from comity.core.errors import DomainError
from comity.partners.models import Partner
from comity.rates.models import DriverSnapshot, DriverValue
from comity.rates.services.drivers import weights
from comity.rates.tests.made import JULY, LAST_JULY, RatesTestCase


class Weights(RatesTestCase):
    def figures(
        self, as_of: date, amounts: dict[Partner, int], driver: str = "headcount", **more: object
    ) -> DriverSnapshot:
        snapshot = DriverSnapshot.objects.create(driver=driver, as_of=as_of, source="Payroll", **more)
        for partner, amount in amounts.items():
            DriverValue.objects.create(snapshot=snapshot, partner=partner, amount=amount)
        return snapshot

    def test_the_newest_figures_of_the_month_count_and_no_later_ones(self) -> None:
        self.figures(LAST_JULY, {self.parks: 1, self.roads: 1})
        newest = self.figures(date(2026, 7, 31), {self.parks: 30, self.roads: 10, self.trails: 0})
        self.figures(date(2026, 8, 1), {self.parks: 5})
        self.assertEqual(
            weights("headcount", self.server, JULY), (newest, {self.parks.pk: 30, self.roads.pk: 10})
        )

    def test_who_joins_or_leaves_within_the_month_counts_for_its_days(self) -> None:
        figures = self.figures(LAST_JULY, {self.parks: 31, self.roads: 10, self.trails: 8})
        figures.values.filter(partner=self.parks).update(starts_on=date(2026, 7, 22))
        figures.values.filter(partner=self.trails).update(ends_on=date(2026, 6, 30))
        _snapshot, found = weights("headcount", self.server, JULY)
        self.assertEqual(found, {self.parks.pk: Fraction(10), self.roads.pk: Fraction(10)})

    def test_fixed_shares_are_those_of_the_offering(self) -> None:
        own = self.figures(LAST_JULY, {self.parks: 1}, "fixed", offering=self.server)
        self.figures(JULY, {self.roads: 1}, "fixed", offering=self.offering("Line", "LINE"))
        self.assertEqual(weights("fixed", self.server, JULY)[0], own)

    def test_none_or_all_zero_is_refused(self) -> None:
        with self.assertRaisesMessage(DomainError, "there are no figures of it as of 2026-07"):
            weights("fte", self.server, JULY)
        self.figures(LAST_JULY, {self.parks: 0}, "fte")
        with self.assertRaisesMessage(DomainError, "all figures of it are zero in 2026-07"):
            weights("fte", self.server, JULY)
