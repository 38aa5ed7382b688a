"""Into which band a body is counted."""

from __future__ import annotations

from unittest import TestCase

from comity.partners.bands import size_of


class Bands(TestCase):
    def test_size_goes_by_people_or_inhabitants_whichever_counts_more(self) -> None:
        bands = [size_of(*each) for each in ((None, None), (99, None), (5, 12_000), (12_000, None))]
        self.assertEqual(bands, ["", "small", "medium", "largest"])
