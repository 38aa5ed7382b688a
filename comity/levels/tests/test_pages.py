"""The pages of service levels: every figure leads to its tickets, and every ticket to the times that were counted."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from unittest.mock import Mock, patch

from django.core.management import CommandError, call_command
from django.urls import reverse

from comity.core.fiscal import month_after
from comity.levels.models import Calendar, Month, Result, Target
from comity.levels.services import months
from comity.levels.tests.world import LevelsTestCase
from comity.testing.pdf import ReadPdf
from comity.tickets.their_clocks import TheirClock, TheirClocks
from comity.ui.components.days import month

MONTH_PAGE, RESULT_PAGE, TICKET_PAGE, LIST = 15, 11, 12, 11


class Pages(LevelsTestCase):
    def setUp(self) -> None:
        self.some_tickets()
        self.month = self.closed()
        self.row = Result.objects.get(partner=self.parks)

    def test_a_month_says_met_of_counted_by_service_and_by_partner(self) -> None:
        with self.assertQueries(MONTH_PAGE):
            page = self.page(self.month.get_absolute_url(), by=self.olu)
        text = self.reads(page)
        self.assertIn(f"Service levels in {month(self.first)}", text)
        self.assertIn("Email 3 of 3 1 of 3", text)
        self.assertIn("Department of Parks Email 2 of 2 1 of 2", text)
        self.assertNotContains(page, "Close the month")
        self.assertEqual(self.page(reverse("levels:list"), by=self.olu).context["month"], self.month)

    def test_a_figure_opens_its_tickets_and_a_ticket_the_times_it_counted(self) -> None:
        with self.assertQueries(RESULT_PAGE):
            page = self.page(self.row.get_absolute_url(), by=self.olu)
        self.assertContains(page, "?met=resolution-3#in-time")
        listed = self.page(f"{self.row.get_absolute_url()}?met=resolution-3", by=self.olu)
        self.assertIn(f"Resolution in time, priority 3, moderate {self.good} 3 h", self.reads(listed))
        url = f"{reverse('levels:ticket', args=[self.late.pk])}?month={self.first:%Y-%m}"
        self.assertContains(page, url)
        with self.assertQueries(TICKET_PAGE):
            clock = self.page(url, by=self.olu)
        text = self.reads(clock)
        self.assertIn("Result Missed Took 5 h Allowed 4 h", text)
        self.assertIn("Together 5 h", text)

    def test_a_source_that_says_something_else_of_what_was_missed_is_told_of(self) -> None:
        url = f"{reverse('levels:ticket', args=[self.late.pk])}?month={self.first:%Y-%m}"
        for missed, told in ((False, 1), (True, 0)):
            theirs = TheirClocks(Mock(return_value=[TheirClock("A day", None, None, missed)]))
            with patch("comity.levels.views.all_of", return_value=[theirs]):
                page = self.page(url, by=self.olu)
            self.assertContains(page, "something else of what was missed", count=told)

    def test_a_partner_sees_its_own_closed_months_and_nobody_elses(self) -> None:
        with self.assertQueries(LIST):
            page = self.page(reverse("levels:portal"), by=self.ben)
        self.assertIn("Email", self.reads(page))
        own, theirs = (
            reverse("levels:portal_result", args=[Result.objects.get(partner=each).pk])
            for each in (self.parks, self.roads)
        )
        self.assertIn(
            "Took 5 h",
            self.reads(self.page(reverse("levels:portal_ticket", args=[self.late.pk]), by=self.ben)),
        )
        self.assertIn("1 of 2", self.reads(self.page(own, by=self.ben)))
        self.assertEqual(self.client.get(theirs).status_code, 404)

        self.assertEqual(
            self.client.get(reverse("levels:portal_ticket", args=[self.left.pk])).status_code, 404
        )

    def test_a_partner_does_not_see_a_month_that_is_not_closed(self) -> None:
        months.work_out(month_after(self.first, -1))
        Result.objects.create(
            month=Month.objects.get(first=month_after(self.first, -1)), partner=self.parks, service=self.email
        )
        self.assertEqual(Result.objects.visible_to(self.ben).get(), self.row)

    def test_the_month_is_a_pdf_of_what_its_reader_may_see(self) -> None:
        of = self.first.year, self.first.month
        self.client.force_login(self.ben)
        text = ReadPdf(self.client.get(reverse("levels:portal_pdf", args=of)).content).words
        self.assertIn("Department of Parks", text)
        self.assertIn(self.late.number, text)
        self.assertNotIn(self.left.number, text)

    def test_the_command_tells_the_same_for_people_and_for_scripts(self) -> None:
        said = StringIO()
        call_command("levels", f"{self.first:%Y-%m}", "--partner", "parks", stdout=said)
        self.assertIn("PARKS    Email  response 2 of 2  resolution 1 of 2", said.getvalue())
        said = StringIO()
        call_command("levels", f"{self.first:%Y-%m}", "--json", stdout=said)
        found = json.loads(said.getvalue())
        self.assertEqual((found["month"], len(found["results"])), (f"{self.first:%Y-%m}", 2))
        for words, sentence in ((["soon"], "is not a month"), (["1999-01"], "has not been worked out")):
            with self.assertRaisesRegex(CommandError, sentence):
                call_command("levels", *words)


class Acts(LevelsTestCase):
    def test_closing_a_month_works_it_out_freezes_it_and_raises_its_misses(self) -> None:
        self.some_tickets()
        made = months.work_out(self.first)
        args = [self.first.year, self.first.month]
        self.assertContains(self.page(made.get_absolute_url(), by=self.cora), "Close the month")
        self.post(reverse("levels:close", args=args), by=self.cora)
        self.run_jobs()
        page = self.page(reverse("levels:month", args=args), by=self.cora)
        self.assertContains(page, "Closed by Cora Customer")
        result = Result.objects.get(partner=self.parks)
        self.assertContains(self.page(result.get_absolute_url(), by=self.sol), "Follow-up")
        self.assertNotContains(page, "Close the month")
        refused = self.post(reverse("levels:close", args=args), by=self.cora, expect=422)
        self.assertContains(refused, "does not change anymore", status_code=422)

    def test_before_any_month_is_worked_out_the_page_leads_to_the_targets(self) -> None:
        self.assertContains(self.page(reverse("levels:list"), by=self.olu), "No month has been worked out")

    def test_a_calendar_is_entered_with_the_holidays_to_confirm(self) -> None:
        url = reverse("levels:add_calendar")
        page = self.page(url, by=self.sol)
        self.assertContains(page, f"{self.today.year}-12-25 closed Christmas Day")
        sent = {
            "name": "Help desk",
            "starts_on": self.today,
            "zone": "America/Chicago",
            "week": "Mon 08:00-17:00",
        }
        self.post_refused(url, {**sent, "week": "Mon 8-17"}, "write a line like", by=self.sol)
        self.post(url, sent, by=self.sol, expect=reverse("levels:calendars"))
        self.assertEqual(Calendar.objects.get(name="Help desk").hours.working_day, 9 * 3600)

    def test_old_holidays_are_told_of_and_a_new_version_begins_as_the_one_before(self) -> None:
        year = self.today.year
        Calendar.objects.filter(pk=self.calendar.pk).update(days=f"{year - 1}-12-25 closed Christmas")
        page = self.page(reverse("levels:calendars"), by=self.sol)
        self.assertContains(page, f"The holidays of {year} are not confirmed in: Always.")
        form = self.page(f"{reverse('levels:add_calendar')}?after={self.calendar.pk}", by=self.sol)
        self.assertContains(form, f"{year}-12-25 closed Christmas Day")

    def test_a_target_is_entered_changed_and_removed(self) -> None:
        url = reverse("levels:add_target")
        sent = {
            "service": self.email.pk,
            "starts_on": self.today + timedelta(days=1),
            "calendar": "Always",
            "response_1": "30 min",
            "anew": "on",
            "from_change": "on",
            "least": "90",
        }
        self.post_refused(url, {**sent, "response_1": "0 h"}, "one minute or more", by=self.sol)
        self.post(url, sent, by=self.sol, expect=reverse("levels:targets"))
        made = Target.objects.get(starts_on=self.today + timedelta(days=1))
        edit = reverse("levels:edit_target", args=[made.pk])
        self.post(edit, {**sent, "response_1": "45 min", **self.seen(edit, by=self.sol)}, by=self.sol)
        self.assertIn("P1 45 min", self.reads(self.page(reverse("levels:targets"), by=self.olu)))
        self.post(reverse("levels:remove_target", args=[made.pk]), by=self.sol)
        self.assertEqual(Target.objects.count(), 1)
