"""A month worked out: what counts where, what is set aside, and what never changes again once it is closed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from unittest import mock

from django.db import IntegrityError, transaction

from comity.core.errors import DomainError
from comity.core.fiscal import month_after
from comity.followups.models import FollowUp
from comity.levels.models import Calendar, Miss, Month, Result, Target
from comity.levels.services import keeping, months, reports
from comity.levels.services.clocks import midnight
from comity.levels.tests.world import HOUR, LevelsTestCase
from comity.outages.models import Outage
from comity.partners.models import Partner
from comity.tickets.models import Ticket


class WorkingOut(LevelsTestCase):
    def result(self, partner: Partner | None = None) -> Result:
        months.work_out(self.first)
        return Result.objects.get(month__stands=True, partner=partner or self.parks)

    def test_each_ticket_counts_once_for_its_response_and_once_for_its_resolution(self) -> None:
        self.some_tickets()
        row = self.result()
        self.assertEqual((row.counted("response"), row.counted("resolution")), ((2, 2), (2, 1)))
        self.assertEqual(row.by_priority, {"response": {"3": [2, 2]}, "resolution": {"3": [2, 1]}})
        miss = row.misses.get()
        self.assertEqual((miss.ticket, miss.elapsed, miss.allowed), (self.late, 18_000, 14_400))
        self.assertEqual(miss.due_at, self.late.opened_at + 4 * HOUR)

    def test_what_is_open_and_late_counts_as_missed_in_the_month_in_which_it_came_to_be_late(self) -> None:
        self.some_tickets()
        row = self.result(self.roads)
        self.assertEqual((row.counted("resolution"), row.misses.get().is_open), ((1, 0), True))
        months.work_out(month_after(self.first, -1))
        self.assertFalse(Result.objects.filter(month__first=month_after(self.first, -1)).exists())

    def test_what_was_late_the_month_before_does_not_count_again(self) -> None:
        opened = midnight(self.first) - timedelta(days=3)
        made = self.ticket(self.parks)
        Ticket.objects.filter(pk=made.pk).update(opened_at=opened)
        made.changes.update(at=opened)
        months.work_out(self.first)
        self.assertFalse(Result.objects.filter(month__stands=True).exists())
        before = months.work_out(month_after(self.first, -1))
        self.assertEqual(before.results.get().late, 2)

    def test_a_pause_that_the_target_names_stops_the_clock_and_another_does_not(self) -> None:
        self.ticket(
            self.parks, (0.5, "in_progress"), (1, "on_hold.customer"), (20, "in_progress"), (22, "resolved")
        )
        self.ticket(
            self.parks, (0.5, "in_progress"), (1, "on_hold.vendor"), (20, "in_progress"), (22, "resolved")
        )
        self.assertEqual(self.result().counted("resolution"), (2, 1))

    def test_canceled_unpromised_backward_and_unknown_are_left_out_and_counted_apart(self) -> None:
        self.ticket(self.parks, (9, "cancelled"))
        self.ticket(self.parks, (9, "resolved"), priority=5)
        self.ticket(self.parks, (9, "resolved"), service=None)
        wrong = self.ticket(self.parks, (-2, "resolved"))
        self.ticket(self.parks, (3, "resolved"), history_known=False)
        row = self.result()
        self.assertEqual((row.counted("response"), row.counted("resolution")), ((0, 0), (1, 1)))
        said = Month.objects.get(stands=True).set_aside
        expected = {"canceled": 2, "no_target": 1, "no_service": 1, "resolved_first": 1, "not_known": 1}
        self.assertEqual(said, {**expected, "backwards": [wrong.pk]})

    def test_a_ticket_goes_by_the_target_that_held_when_it_was_opened(self) -> None:
        keeping.TARGETS.enter(
            self.promise(starts_on=self.first.replace(day=11), resolution_3="8 h"), by=self.ada
        )
        self.ticket(self.parks, (0.5, "in_progress"), (6, "resolved"), day=10)
        self.ticket(self.parks, (0.5, "in_progress"), (6, "resolved"), day=11)
        self.assertEqual(self.result().counted("resolution"), (2, 1))

    def test_what_is_nobodys_yet_has_a_row_of_its_own_and_no_follow_up(self) -> None:
        self.ticket(None, (0.5, "in_progress"), (6, "resolved"))
        made = self.closed()
        self.assertEqual(
            (made.results.get().partner, months.raise_misses(Result.objects.filter(month=made))), (None, 0)
        )

    def test_worked_out_again_it_takes_the_place_of_what_was_there(self) -> None:
        self.some_tickets()
        months.work_out(self.first)
        Ticket.objects.filter(pk=self.late.pk).update(partner=self.roads)
        months.work_out(self.first)
        self.assertEqual(Month.objects.count(), 1)
        self.assertEqual(Result.objects.get(partner=self.roads).counted("resolution"), (2, 0))
        self.assertEqual(Miss.objects.count(), 2)

    def test_killed_while_it_writes_the_old_one_stands_and_the_next_run_cleans_up(self) -> None:
        self.some_tickets()
        old = months.work_out(self.first)
        with (
            mock.patch.object(months.Miss.objects, "bulk_create", side_effect=SystemExit),
            self.assertRaises(SystemExit),
        ):
            months.work_out(self.first)
        self.assertEqual(Month.objects.standing().get(), old)
        Month.objects.filter(stands=False).update(begun_at=old.begun_at - timedelta(days=2))
        months.work_out(self.first)
        self.assertEqual((Month.objects.count(), Miss.objects.count()), (1, 2))

    def test_a_month_that_is_not_over_is_refused(self) -> None:
        with self.assertRaisesRegex(DomainError, "is not over yet"):
            months.work_out(self.today.replace(day=1))

    def test_each_night_works_out_what_was_not_and_the_last_month_until_it_is_closed(self) -> None:
        self.assertEqual(months.due(), [month_after(self.first, -1), self.first])
        months.work_out_due()
        self.assertEqual(months.due(), [self.first])


class Availability(LevelsTestCase):
    """Email was down for Parks for two hours, an hour of it announced maintenance, and an hour by mistake."""

    def setUp(self) -> None:
        keeping.TARGETS.mend(self.target, {"availability": Decimal("99.9")}, by=self.ada)
        start = midnight(self.first.replace(day=10))
        planned = {"planned": True, "announced_at": start - timedelta(days=4)}
        self.outage(start, start + HOUR, **planned)
        self.outage(start, start + 3 * HOUR)
        self.outage(start, None, withdrawn_at=start)

    def outage(self, began: datetime, ended: datetime | None, **facts: object) -> None:
        known = {"what": "Mail", "service": self.email, "announced_at": began, **facts}
        Outage.objects.create(began_at=began, ended_at=ended, **known).partners.add(self.parks)

    def test_what_was_announced_in_time_does_not_count_and_two_hours_are_too_long(self) -> None:
        made = self.closed()
        whole, parks = made.results.get(partner=None), made.results.get(partner=self.parks)
        month_long = int((midnight(month_after(self.first)) - midnight(self.first)).total_seconds())
        for row in (whole, parks):
            self.assertEqual((row.agreed, row.down, row.is_down), (month_long - 3600, 7200, True))
        self.assertRegex(parks.up_words, r"^99\.[67]\d*%$")
        self.assertEqual(months.raise_misses(Result.objects.filter(month=made)), 1)
        self.assertRegex(FollowUp.objects.get().title, "^Email was down too long in ")

    def test_a_partner_it_was_not_down_for_had_it_all_the_time(self) -> None:
        self.ticket(self.roads, (0.5, "in_progress"), (1, "resolved"))
        row = self.closed().results.get(partner=self.roads)
        self.assertEqual((row.down, row.is_down, row.up_words), (0, False, "100%"))


class Closing(LevelsTestCase):
    def test_the_database_refuses_whoever_changes_a_closed_month_or_what_it_rests_on(self) -> None:
        self.some_tickets()
        made = self.closed()
        for rows in (
            Month.objects.filter(pk=made.pk),
            Result.objects.filter(month=made),
            Miss.objects.all(),
            Calendar.objects.all(),
            Target.objects.all(),
        ):
            name = {"Month": "worked_at", "Result": "least", "Miss": "elapsed"}.get(
                rows.model.__name__, "version"
            )
            for act in (
                lambda rows=rows, name=name: rows.update(**{name: None if name == "worked_at" else 7}),
                rows.delete,
            ):
                with self.subTest(rows.model), self.assertRaises(IntegrityError), transaction.atomic():
                    act()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Result.objects.create(month=made, service=self.email, partner=self.trails)
        with self.assertRaisesRegex(DomainError, "is closed, and does not change"):
            months.work_out(self.first)

    def test_a_version_that_begins_in_a_closed_month_is_refused_with_the_first_day_that_is_free(self) -> None:
        self.closed()
        free = month_after(self.first)
        with self.assertRaisesRegex(DomainError, f"{free:%b} 1, {free.year} or later"):
            keeping.TARGETS.enter(self.promise(starts_on=self.first.replace(day=20)), by=self.ada)
        with self.assertRaisesRegex(DomainError, "is closed"):
            keeping.TARGETS.mend(self.target, {"starts_on": free}, by=self.ada)
        with self.assertRaisesRegex(DomainError, "Closed months rest on this version"):
            keeping.TARGETS.drop(self.target, by=self.ada)
        keeping.TARGETS.enter(self.promise(starts_on=free), by=self.ada)

    def test_months_are_closed_in_their_order(self) -> None:
        months.work_out(month_after(self.first, -1))
        with self.assertRaisesRegex(DomainError, "^Close .+ first"):
            self.closed()

    def test_a_missed_service_is_one_follow_up_of_its_owner_and_never_two(self) -> None:
        self.some_tickets()
        self.ticket(self.parks, (3, "in_progress"), (9, "resolved"))
        made = self.closed()
        self.assertEqual(
            [
                months.raise_misses(Result.objects.filter(month=made)),
                months.raise_misses(Result.objects.filter(month=made)),
            ],
            [2, 0],
        )
        found = FollowUp.objects.get(kind=months.MISS, partner=self.parks)
        self.assertEqual(
            (found.owner, found.source_id), (self.sol, str(Result.objects.get(partner=self.parks).pk))
        )
        self.assertRegex(found.title, "^Email missed 3 levels in ")
        self.assertIn(f"{self.late}: Resolution", found.said)

    def test_a_closed_month_lists_the_tickets_in_time_from_the_versions_it_rests_on(self) -> None:
        self.some_tickets()
        row = self.closed().results.get(partner=self.parks)
        self.assertEqual([ticket for ticket, _level in reports.in_time(row, "resolution", 3)], [self.good])
        self.assertEqual(
            {ticket for ticket, _level in reports.in_time(row, "response", 3)}, {self.good, self.late}
        )

    def test_what_missed_levels_give_back_is_their_weight_of_what_is_at_risk(self) -> None:
        more = {"at_risk": Decimal(12), "resolution_weight": Decimal(25), "response_weight": Decimal(40)}
        keeping.TARGETS.mend(self.target, more, by=self.ada)
        self.some_tickets()
        row = self.closed().results.get(partner=self.parks)
        self.assertEqual((row.at_risk, row.weight), (12, 25))
        self.assertEqual(set(Result.objects.credited()), {row, Result.objects.get(partner=self.roads)})


class Keeping(LevelsTestCase):
    def refused(self, words: str, field: str, **facts: object) -> None:
        before = Target.objects.count(), Calendar.objects.count()
        kept = keeping.CALENDARS if {"week", "zone", "name"} & facts.keys() else keeping.TARGETS
        known = {"name": "Day", "starts_on": self.first, "zone": "America/Chicago", "week": "Mon 08:00-17:00"}
        values = (
            {**known, **facts} if kept is keeping.CALENDARS else self.promise(starts_on=self.first, **facts)
        )
        with self.subTest(facts), self.assertRaisesRegex(DomainError, re.escape(words)) as caught:
            kept.enter(values, by=self.ada)
        self.assertEqual(caught.exception.field, field)
        self.assertEqual((Target.objects.count(), Calendar.objects.count()), before)

    def test_what_cannot_be_is_refused_with_a_sentence_beside_its_field(self) -> None:
        self.refused("at least one weekday", "week", week="Mon closed")
        self.refused("not a time zone", "zone", zone="Texas")
        self.refused(
            "has a version that begins on", "starts_on", name="Always", starts_on=self.calendar.starts_on
        )
        self.refused("a target is one minute or more", "response_3", response_3="0 h")
        self.refused("write a target like", "resolution_3", resolution_3="soon")
        self.refused("There is no calendar", "calendar", calendar="Nights")
        self.refused("more than 0, up to 100", "availability", availability=Decimal(0))
        with self.assertRaisesRegex(DomainError, "Two cannot hold at once"):
            keeping.TARGETS.enter(self.promise(), by=self.ada)

    def test_the_last_version_of_a_calendar_in_use_stays(self) -> None:
        with self.assertRaisesRegex(DomainError, "counted by “Always”"):
            keeping.CALENDARS.drop(self.calendar, by=self.ada)

    def test_a_new_version_brings_the_holidays_of_the_year_that_follows(self) -> None:
        year = self.today.year
        self.calendar.days = f"{year}-12-25 closed Christmas"
        found = keeping.begun_as(Calendar, self.calendar)
        assert isinstance(found, Calendar)
        self.assertIn(f"{year + 1}-07-04 closed Independence Day", found.days)
        self.assertEqual((found.starts_on.year, found.pk), (year + 1, None))
