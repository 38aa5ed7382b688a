"""The health of relationships on the pages over many rooms."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from comity.briefing import healths
from comity.health.models import Snapshot
from comity.health.services.snapshots import take
from comity.partners.models import Position
from comity.testing.cast import CastTestCase


class HealthsTestCase(CastTestCase):
    def test_at_a_glance_it_says_the_band_what_moved_it_and_what_caps_it(self) -> None:
        self.assertNotIn("Not enough data", self.reads(self.page(self.parks.get_absolute_url(), by=self.olu)))
        take(today=self.today - timedelta(days=31))
        Position.objects.filter(partner=self.parks, function="head").update(person=None)
        take()
        said = self.reads(self.page(self.parks.get_absolute_url(), by=self.olu))
        self.assertIn("Not enough data", said)
        self.assertIn("Their head has left", said)
        self.assertContains(
            self.page(self.parks.get_absolute_url()), reverse("health:partner", args=[self.parks.pk])
        )

    def test_the_overview_counts_each_band_and_each_number_opens_its_rows(self) -> None:
        self.assertEqual(healths.of_all(self.ira, self.today), [])
        take()
        Snapshot.objects.filter(partner=self.parks).update(band="risk", rank=0, was="good", since=self.today)
        figures = healths.of_all(self.ira, self.today)
        self.assertEqual(
            [(each.number, each.words) for each in figures],
            [("1", "at risk"), ("2", "not enough data"), ("1", "fell within 30 days")],
        )
        self.assertIn(
            "1 at risk, 2 not enough data, 1 fell within 30 days.",
            self.reads(self.page(reverse("overview"), by=self.ira)),
        )
        for each in figures:
            self.assertEqual(str(self.page(each.url).context["table"].total), each.number)
