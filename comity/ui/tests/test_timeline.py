"""The timeline: grouped by day, in the reader's days and words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.test import SimpleTestCase, override_settings
from django.utils import timezone

from comity.testing import clock
from comity.ui.components.timeline import Item, day_words, timeline


class Timeline(SimpleTestCase):
    def test_what_happened_on_one_day_stands_under_one_date(self) -> None:
        day = datetime(2025, 11, 6, 17, tzinfo=UTC)
        drawn = timeline([Item(day, "Visit"), Item(day, "Note"), Item(day - timedelta(days=35))])
        self.assertEqual(drawn.count("<time"), 2)
        self.assertIn('<time class="when" datetime="2025-11-06">Nov 6, 2025</time>', drawn)

    @override_settings(TIME_ZONE="America/New_York")
    def test_an_evening_belongs_to_the_reader_s_day(self) -> None:
        with timezone.override("America/New_York"):
            drawn = timeline([Item(datetime(2025, 11, 7, 2, tzinfo=UTC), title="Late call")])
        self.assertIn('datetime="2025-11-06"', drawn)

    def test_near_days_have_names_and_this_year_needs_no_number(self) -> None:
        days = (date(2026, 11, 22), date(2026, 11, 21), date(2026, 3, 1), date(2025, 12, 31))
        with clock.at("2026-11-22T10:00"):
            words = [day_words(day) for day in days]
        self.assertEqual(words, ["Today", "Yesterday", "Mar 1", "Dec 31, 2025"])

    def test_office_only_is_said_in_words(self) -> None:
        self.assertIn("office only", timeline([Item(timezone.now(), "Note", office_only=True)]))

    def test_nothing_is_an_empty_list(self) -> None:
        self.assertEqual(timeline([]), '<ol class="timeline"></ol>')
