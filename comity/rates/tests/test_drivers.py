"""Driver figures: by which figures a month's shared amount is split."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from comity.core.errors import DomainError
from comity.imports.models import Import
from comity.partners.models import Partner
from comity.rates.models import DriverSnapshot, DriverValue
from comity.rates.services.prices import weights
from comity.rates.tests.made import JULY, LAST_JULY, RatesTestCase


class FiguresTestCase(RatesTestCase):
    def figures(
        self, as_of: date, amounts: dict[Partner, int], driver: str = "headcount", **more: object
    ) -> DriverSnapshot:
        snapshot = DriverSnapshot.objects.create(driver=driver, as_of=as_of, source="Payroll", **more)
        for partner, amount in amounts.items():
            DriverValue.objects.create(snapshot=snapshot, partner=partner, amount=amount)
        return snapshot


class Weights(FiguresTestCase):
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

    def test_who_went_into_another_partner_counts_for_that_one(self) -> None:
        self.figures(LAST_JULY, {self.parks: 30, self.trails: 5, self.roads: 10})
        Partner.objects.filter(pk=self.trails.pk).update(merged_into=self.parks)
        _snapshot, found = weights("headcount", self.server, JULY)
        self.assertEqual(found, {self.parks.pk: 35, self.roads.pk: 10})

    def test_none_or_all_zero_is_refused(self) -> None:
        with self.assertRaisesMessage(DomainError, "there are no figures of it as of 2026-07"):
            weights("fte", self.server, JULY)
        self.figures(LAST_JULY, {self.parks: 0}, "fte")
        with self.assertRaisesMessage(DomainError, "all figures of it are zero in 2026-07"):
            weights("fte", self.server, JULY)


class Keeping(FiguresTestCase):
    def at(self, name: str, *rows: DriverSnapshot) -> str:
        return reverse(f"rates:{name}", args=[row.pk for row in rows])

    def bring(self, snapshot: DriverSnapshot, text: str) -> Import:
        file = SimpleUploadedFile("figures.csv", text.encode())
        self.post(reverse("imports:new"), {"profile": "driver-figures", "file": file}, by=self.finn)
        batch = Import.objects.latest("pk")
        self.post(reverse("imports:about", args=[batch.pk]), {"snapshot": snapshot.pk})
        self.run_jobs()
        batch.refresh_from_db()
        return batch

    def applied(self, batch: Import, act: str = "apply") -> None:
        self.post(reverse(f"imports:{act}", args=[batch.pk]))
        self.run_jobs()

    def test_they_are_begun_as_of_a_day_and_come_in_as_a_list(self) -> None:
        said = {"driver": "headcount", "as_of": "2026-07-01", "source": "Payroll of June 30"}
        self.post(self.at("add_figures"), said, by=self.finn)
        snapshot = DriverSnapshot.objects.get()
        batch = self.bring(
            snapshot,
            "agency,headcount,joined\nPARKS,30,\nDepartment of Roads,10.5,2026-07-15\nMoon,4,\nTRAILS,-1,\n",
        )
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (2, 2))
        self.applied(batch)
        page = self.reads(self.page(snapshot.get_absolute_url()))
        self.assertIn("Department of Roads 10.5 Jul 15, 2026", page)
        self.assertIn(
            "Headcount Jul 1, 2026 Payroll of June 30 2 40.5", self.reads(self.page(self.at("drivers")))
        )
        self.applied(batch, "undo")
        self.assertFalse(snapshot.values.exists())

    def test_what_goes_out_comes_in_again_without_a_change(self) -> None:
        snapshot = self.figures(JULY, {self.parks: 30, self.roads: 10})
        self.client.force_login(self.finn)
        answer: Any = self.client.get(snapshot.get_absolute_url(), {"format": "csv"})
        batch = self.bring(snapshot, b"".join(answer.streaming_content).decode())
        self.assertEqual((batch.rows_same, batch.rows_changed, batch.rows_set_aside), (2, 0, 0))

    def test_shares_are_of_an_offering_and_nothing_else_is(self) -> None:
        said = {"as_of": "2026-07-01", "source": "Agreed"}
        url = self.at("add_figures")
        self.post_refused(url, {**said, "driver": "fixed"}, "Say which offering", by=self.finn)
        both = {**said, "driver": "fte", "offering": self.server.pk}
        self.post_refused(url, both, "Only fixed shares are of one offering.")

    def test_figures_that_bills_were_split_by_stay_whoever_asks(self) -> None:
        snapshot = self.figures(JULY, {})
        batch = self.bring(snapshot, "partner,amount\nPARKS,30\n")
        self.applied(batch)
        DriverSnapshot.objects.update(used_at=timezone.now())
        self.post_refused(self.at("remove_figures", snapshot), {}, "so they stay")
        self.assertIn("so they stay", self.reads(self.page(snapshot.get_absolute_url())))
        self.applied(batch, "undo")
        value = snapshot.values.get()
        for change in (
            lambda: DriverSnapshot.objects.update(as_of=LAST_JULY),
            lambda: snapshot.values.update(amount=1),
            lambda: snapshot.values.create(partner=self.roads, amount=1),
            value.delete,
        ):
            with self.assertRaises(IntegrityError), transaction.atomic():
                change()

    def test_figures_that_no_bill_used_are_removed_with_their_amounts(self) -> None:
        snapshot = self.figures(JULY, {self.parks: 1})
        self.page(self.at("remove_figures", snapshot), by=self.finn)
        self.post(self.at("remove_figures", snapshot), {})
        self.assertFalse(DriverValue.objects.exists())
        self.page(self.at("drivers"), by=self.olu)
        self.page(self.at("add_figures"), status=403)
