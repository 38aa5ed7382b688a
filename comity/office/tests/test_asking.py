"""The office's settings as everyone asks them: once a request, never an old answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest import mock

from django.test import TestCase
from django.utils import timezone, translation

from comity.office import services
from comity.office.memory import forget, remembering
from comity.office.models import Closure, Office


class Asking(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Office.objects.create(
            pk=1, name="Office of IT", state_holidays="TN", partner_word="customer", partner_words="customers"
        )
        Closure.objects.create(day=date(2026, 12, 28), name="Between the years")

    def test_the_office_is_read_once_a_request_and_anew_in_the_next(self) -> None:
        with remembering(), self.assertNumQueries(1):
            services.words()
            services.current_office()
            services.fiscal_year(date(2026, 11, 23))
        Office.objects.update(partner_word="agency")
        with remembering():
            self.assertEqual(services.words().Partner, "Agency")

    def test_what_was_changed_in_a_request_is_seen_in_it(self) -> None:
        with remembering():
            services.words()
            Office.objects.update(partner_word="agency")
            forget()
            self.assertEqual(services.words().partner, "agency")

    def test_the_calendar_costs_one_query_more(self) -> None:
        with remembering(), self.assertNumQueries(2):
            services.calendar()
            services.calendar()

    def test_the_words_are_those_of_the_language_in_force(self) -> None:
        with translation.override("es"):
            self.assertEqual(services.words().Partners, "Organismos")

    def test_an_office_that_was_not_set_up_answers_with_defaults(self) -> None:
        Office.objects.all().delete()
        self.assertEqual(services.words().partner, "partner")
        self.assertEqual(services.fiscal_year(date(2026, 11, 23)).ends_in, 2027)

    def test_public_holidays_and_closures_are_no_business_days(self) -> None:
        calendar = services.calendar()
        self.assertFalse(calendar.is_open(date(2026, 11, 26)))  # Thanksgiving
        self.assertFalse(calendar.is_open(date(2026, 4, 3)))  # Good Friday, a holiday of Tennessee's
        self.assertFalse(calendar.is_open(date(2026, 12, 28)))
        self.assertTrue(calendar.is_open(date(2026, 12, 29)))

    def test_a_closure_added_by_another_process_is_seen(self) -> None:
        self.assertTrue(services.calendar().is_open(date(2026, 12, 29)))
        Closure.objects.create(day=date(2026, 12, 29), name="Moving")
        self.assertFalse(services.calendar().is_open(date(2026, 12, 29)))

    def test_what_is_urgent_is_due_in_two_business_days(self) -> None:
        self.assertEqual(services.due_on("urgent", date(2026, 11, 25)), date(2026, 11, 30))

    def test_a_moment_counts_as_the_day_it_was_at_the_office(self) -> None:
        late_evening = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Monday, 11 pm in New York
        self.assertEqual(services.due_on("urgent", late_evening), date(2026, 11, 25))

    def test_today_is_the_date_at_the_office(self) -> None:
        Office.objects.update(time_zone="Pacific/Honolulu")
        with mock.patch.object(timezone, "now", return_value=datetime(2026, 11, 24, 4, 0, tzinfo=UTC)):
            self.assertEqual(services.today(), date(2026, 11, 23))

    def test_only_languages_the_product_knows_are_spoken(self) -> None:
        self.assertEqual(services.languages(), ["en", "es"])
        Office.objects.update(languages=["es", "xx"])
        self.assertEqual(services.languages(), ["es"])
