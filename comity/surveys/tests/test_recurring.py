"""What is asked by itself: each wave once, those who were visited once a quarter, and never against the rest rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from comity.core.errors import DomainError
from comity.meetings.models import Meeting
from comity.meetings.services import log_visit, withdraw_visit
from comity.services.models import Service
from comity.surveys.models import Participant, Rules, Series, Survey, Wave
from comity.surveys.services import building
from comity.surveys.services import recurring as services
from comity.surveys.tests import world
from comity.testing import clock
from comity.testing.cast import CastTestCase
from comity.tickets.models import Ticket


class SeriesTestCase(CastTestCase):
    def made(self, **fields: Any) -> Series:
        given = {
            "name": "Pulse",
            "survey": fields.pop("survey", None) or world.version(frozen=False).survey,
            "cadence": "quarterly",
            "next_on": self.today,
            **fields,
        }
        return services.create_series(by=self.cora, **given)


class EveryYearAndEveryQuarter(SeriesTestCase):
    def test_the_next_wave_is_made_and_opened_on_its_day_and_only_once(self) -> None:
        series = self.made(days_open=10, mode="anonymous", remind_after_days=[5])
        for _day in range(3):
            services.run_due(self.today)
        self.run_jobs()
        wave = Wave.objects.get()
        self.assertEqual(
            (wave.state, wave.mode, wave.series, wave.remind_after_days), ("open", "anonymous", series, [5])
        )
        self.assertEqual(wave.closes_on, self.today + timedelta(days=10))
        self.assertTrue(wave.key.startswith(f"pulse-{self.today.year}-q"))
        self.assertEqual(wave.participants.filter(state="sent").count(), 4)
        series.refresh_from_db()
        self.assertEqual(series.next_on, services._months_later(self.today, 3))

    def test_each_is_compared_with_the_one_before(self) -> None:
        series = self.made(cadence="annual")
        first = services.open_next(series.pk, self.today)
        self.run_jobs()
        Participant.objects.update(sent_on=self.today - timedelta(days=370))
        second = services.open_next(series.pk, self.today + timedelta(days=370))
        self.assertEqual(second.against, first)

    def test_months_end_where_the_shorter_one_ends(self) -> None:
        later = services._months_later
        self.assertEqual(later(date(2026, 11, 30), 3), date(2027, 2, 28))
        self.assertEqual(later(date(2028, 2, 29), 12), date(2029, 2, 28))
        self.assertEqual(later(date(2026, 12, 1), 1), date(2027, 1, 1))
        self.assertEqual(services._quarter_ends(date(2026, 11, 25)), date(2026, 12, 31))

    def test_the_31st_and_the_29th_of_february_come_back_after_shorter_months(self) -> None:
        for cadence, begins, expected in (
            ("quarterly", date(2027, 1, 31), ["2027-04-30", "2027-07-31", "2027-10-31", "2028-01-31"]),
            ("annual", date(2028, 2, 29), ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ):
            with clock.at(f"{begins}T10:00"):
                series = self.made(name=cadence, cadence=cadence, next_on=begins)
            days = []
            for _time in expected:
                day = Series.objects.values_list("next_on", flat=True).get(pk=series.pk) or begins
                with clock.at(f"{day}T10:00"):
                    services.open_next(series.pk, day)
                Wave.objects.all().delete()
                series.refresh_from_db()
                days.append(str(series.next_on))
            self.assertEqual(days, expected)

    def test_a_wave_made_by_hand_under_the_same_name_keeps_nobody_from_being_asked(self) -> None:
        by_hand = world.wave(key=f"how-we-ask-{self.today.year}", state="draft")
        series = self.made(name="How we ask", cadence="annual")
        services.run_due(self.today)
        wave = Wave.objects.exclude(pk=by_hand.pk).get()
        self.assertEqual(
            (wave.series, wave.key, wave.name),
            (series, f"how-we-ask-{self.today.year}-2", f"How we ask {self.today.year} (2)"),
        )

    def test_the_audience_can_be_mended_after_the_day_has_passed_and_the_day_stays(self) -> None:
        series = self.made(audience={"kinds": ["tribe"]})
        Series.objects.update(next_on=self.today - timedelta(days=2))
        changed = services.change_series(
            series.pk, {"audience": {}, "next_on": self.today - timedelta(days=2)}, by=self.cora
        )
        self.assertEqual(changed.audience, {})
        with self.assertRaisesMessage(DomainError, "That day has passed"):
            services.change_series(series.pk, {"next_on": self.today - timedelta(days=1)}, by=self.cora)

    def test_what_refuses_is_noted_leaves_no_wave_behind_and_is_tried_again(self) -> None:
        series = self.made(audience={"kinds": ["tribe"]})
        services.run_due(self.today)
        series.refresh_from_db()
        self.assertEqual(
            (series.note, series.next_on), ("Nobody is in the audience. Choose who to ask.", self.today)
        )
        self.assertFalse(Wave.objects.exists())
        self.assertIn("could not ask", self.reads(self.page(f"/waves/again/{series.pk}/", by=self.cora)))
        services.change_series(series.pk, {"audience": {}}, by=self.cora)
        services.run_due(self.today)
        self.assertEqual(Wave.objects.get().state, "opening")

    def test_one_that_was_stopped_asks_no_more(self) -> None:
        series = self.made()
        services.stop_series(series.pk, by=self.cora)
        services.run_due(self.today)
        self.assertFalse(Wave.objects.exists())
        with self.assertRaises(DomainError):
            services.stop_series(series.pk, by=self.cora)
        with self.assertRaises(DomainError):
            services.change_series(series.pk, {"name": "Again"}, by=self.cora)

    def test_what_cannot_be_is_refused(self) -> None:
        survey = world.version().survey
        for fields, sentence in (
            ({"next_on": None}, "Choose the day of the first wave."),
            ({"next_on": self.today - timedelta(days=1)}, "That day has passed."),
            ({"name": " "}, "Enter a name."),
            ({"days_open": 0}, "Give people at least one day"),
        ):
            with self.assertRaisesMessage(DomainError, sentence):
                self.made(survey=survey, **fields)
        self.assertFalse(Series.objects.exists())


class AfterAVisit(SeriesTestCase):
    def visit(self, *people: Any, partner: Any = None, days_ago: int = 0, **fields: Any) -> Meeting:
        return log_visit(
            partners=[partner or self.parks],
            by=self.ana,
            held_on=self.today - timedelta(days=days_ago),
            theirs=people,
            **fields,
        )

    def asked(self) -> dict[str, str]:
        services.run_due(self.today)
        rows = Participant.objects.filter(wave__series__isnull=False)
        return dict(rows.values_list("person__name", "state"))

    def setUp(self) -> None:
        self.series = self.made(name="After visits", cadence="visit")
        Series.objects.update(created_at=self.series.created_at - timedelta(days=60))

    def test_those_who_were_there_are_asked_once_in_the_wave_of_the_quarter(self) -> None:
        self.assertEqual(self.asked(), {})
        self.assertFalse(Wave.objects.exists())
        self.visit(self.ben_person, days_ago=1)
        self.assertEqual(self.asked(), {"Ben Okafor": "sent"})
        self.visit(self.ben_person, self.eve_person)
        self.assertEqual(self.asked(), {"Ben Okafor": "sent", "Eve Head": "sent"})
        self.assertEqual(len(self.sent_mail("ben@parks.example.gov")), 1)
        wave = Wave.objects.get()
        self.assertEqual((wave.state, wave.series_id), ("open", self.series.pk))
        self.assertTrue(wave.version.frozen_at)

    def test_nobody_is_asked_of_one_visit_in_the_waves_of_two_quarters(self) -> None:
        Rules.objects.create(pk=1, rest_days=0, most_a_year=0)
        self.visit(self.ben_person, days_ago=3)
        services.run_due(self.today)
        with mock.patch.object(services, "_quarter", return_value="2099-q1"):
            services.run_due(self.today)
            self.assertEqual(
                Participant.objects.filter(person=self.ben_person, wave__series=self.series).count(), 1
            )

    def test_a_wave_made_by_hand_under_the_name_of_the_quarter_is_left_alone(self) -> None:
        by_hand = world.wave(key=f"after-visits-{services._quarter(self.today)}", mode="anonymous")
        self.visit(self.ben_person)
        self.asked()
        self.assertFalse(by_hand.participants.exists())
        self.assertEqual(Participant.objects.get(wave__series=self.series).person, self.ben_person)

    def test_they_answer_for_the_body_that_was_visited(self) -> None:
        self.roads.positions.create(person=self.ben_person, title="Adviser", function="other")
        self.visit(self.ben_person, partner=self.roads)
        self.asked()
        self.assertEqual(Participant.objects.get().partner, self.roads)

    def test_calls_meetings_that_were_withdrawn_and_visits_of_long_ago_set_nothing_off(self) -> None:
        self.visit(self.ben_person, how="phone")
        withdraw_visit(self.visit(self.eve_person).pk, reason="It did not take place.", by=self.ana)
        self.visit(self.cy_person, partner=self.roads, days_ago=15)
        self.visit()
        self.assertEqual(self.asked(), {})

    def test_whoever_rests_is_asked_once_their_rest_is_over_while_the_visit_is_recent(self) -> None:
        made, _raw = world.invited(world.wave(key="before"), self.ben_person, self.parks)
        Participant.objects.filter(pk=made.pk).update(sent_on=self.today - timedelta(days=29))
        self.visit(self.ben_person, self.eve_person)
        self.assertEqual(self.asked(), {"Ben Okafor": "resting", "Eve Head": "sent"})
        Participant.objects.filter(pk=made.pk).update(sent_on=self.today - timedelta(days=30))
        self.assertEqual(self.asked(), {"Ben Okafor": "sent", "Eve Head": "sent"})

    def test_the_audience_narrows_down(self) -> None:
        services.change_series(
            self.series.pk,
            {"audience": {"partners": [self.roads.pk], "functions": ["finance"]}},
            by=self.cora,
        )
        self.visit(self.ben_person)
        self.visit(self.cy_person, self.flo_person, partner=self.roads)
        self.assertEqual(self.asked(), {"Flo Money": "sent"})

    def test_a_wave_that_was_closed_is_not_opened_again(self) -> None:
        self.visit(self.ben_person)
        self.asked()
        Wave.objects.update(state="closing")
        self.visit(self.eve_person)
        self.assertEqual(self.asked(), {"Ben Okafor": "sent"})


class AfterATicket(SeriesTestCase):
    def setUp(self) -> None:
        self.series = self.made(name="After tickets", cadence="ticket")
        Series.objects.update(created_at=self.series.created_at - timedelta(days=60))
        self.desk = Service.objects.create(name="Help desk", owner=self.olu)

    def ticket(self, caller: str = "", *, days_ago: int = 1, state: str = "resolved", **facts: Any) -> Ticket:
        moment = timezone.now() - timedelta(days=days_ago)
        known: dict[str, Any] = {"partner": self.parks, "said_by": {"caller": caller} if caller else {}}
        closes = (
            {"resolved_at": moment}
            if state == "resolved"
            else {"closed_at": moment}
            if state == "cancelled"
            else {}
        )
        return Ticket.objects.create(
            number=f"INC{Ticket.objects.count()}",
            title="No page comes",
            state=state,
            opened_at=moment - timedelta(hours=3),
            **known | closes | facts,
        )

    def asked(self) -> dict[str, str]:
        services.run_due(self.today)
        rows = Participant.objects.filter(wave__series=self.series)
        return {f"{row.person}, {row.partner}": row.state for row in rows.select_related("person", "partner")}

    def test_whoever_called_is_asked_once_by_name_by_address_or_as_they_asked_here(self) -> None:
        self.ticket("ben okafor")
        self.ticket("EVE@parks.example.gov", days_ago=2)
        self.ticket(asked_by=self.flo, partner=self.roads)
        self.ticket("Ben Okafor", days_ago=3)
        expected = dict.fromkeys(
            (
                "Ben Okafor, Department of Parks",
                "Eve Head, Department of Parks",
                "Flo Money, Department of Roads",
            ),
            "sent",
        )
        self.assertEqual(self.asked(), expected)
        self.ticket("Ben Okafor", days_ago=0)
        self.assertEqual(self.asked(), expected)
        self.assertEqual(len(self.sent_mail("ben@parks.example.gov")), 1)

    def test_nobody_is_guessed(self) -> None:
        twin = world.person_at(self, self.parks, "Ben Okafor")
        self.assertNotEqual(twin, self.ben_person)
        self.ticket("Ben Okafor")
        self.ticket("Cy Roads", partner=self.parks)
        self.ticket("Eve Head", partner=None)
        self.ticket()
        self.assertEqual(self.asked(), {})
        self.assertFalse(Wave.objects.exists())

    def test_tickets_that_are_open_were_canceled_or_were_resolved_long_ago_set_nothing_off(self) -> None:
        self.ticket("Ben Okafor", state="in_progress")
        self.ticket("Ben Okafor", state="cancelled")
        self.ticket("Ben Okafor", days_ago=16)
        self.assertEqual(self.asked(), {})

    def test_a_survey_about_one_service_is_set_off_by_its_tickets_alone(self) -> None:
        Survey.objects.update(service=self.desk)
        self.ticket("Ben Okafor")
        self.ticket("Eve Head", service=self.desk)
        self.assertEqual(self.asked(), {"Eve Head, Department of Parks": "sent"})

    def test_its_pages_say_when_it_asks(self) -> None:
        self.assertIn("after the next ticket", self.reads(self.page("/waves/again/", by=self.olu)))
        read = self.reads(self.page(self.series.get_absolute_url()))
        self.assertIn("asks whoever called, the morning after their ticket is resolved", read)
        self.assertIn("Everyone who called.", read)


class Pages(SeriesTestCase):
    def test_one_is_set_up_changed_and_stopped(self) -> None:
        survey = world.version().survey
        self.page("/waves/again/", by=self.cora)
        self.page("/waves/again/new/")
        said = {
            "name": "After each visit",
            "survey": survey.pk,
            "cadence": "visit",
            "mode": "confidential",
            "days_open": 14,
            "kinds": ["agency"],
        }
        self.post("/waves/again/new/", {**said, "days_open": 0}, expect=422)
        self.post("/waves/again/new/", {**said, "cadence": "annual"}, expect=422)
        self.post("/waves/again/new/", said)
        made = Series.objects.get()
        self.assertEqual((made.audience, made.mode), ({"kinds": ["agency"]}, "confidential"))
        self.page(f"/waves/again/{made.pk}/edit/")
        self.post(f"/waves/again/{made.pk}/edit/", {**said, "days_open": 20}, expect=made.get_absolute_url())
        self.assertIn("after the next visit", self.reads(self.page("/waves/again/", by=self.olu)))
        self.post(f"/waves/again/{made.pk}/stop/", by=self.cora)
        self.assertIn("is stopped and no longer asks", self.reads(self.page(made.get_absolute_url())))

    def test_it_shows_whom_it_would_ask_before_it_asks_anybody(self) -> None:
        series = self.made(audience={"partners": [self.parks.pk]})
        page = self.page(series.get_absolute_url(), by=self.cora)
        self.assertContains(page, "?who=1")
        read = self.reads(self.page(f"{series.get_absolute_url()}?who=1"))
        self.assertIn("Would be asked: 2", read)
        self.assertIn("Ben Okafor", read)
        Series.objects.update(audience={"kinds": ["tribe"]})
        empty = self.reads(self.page(f"{series.get_absolute_url()}?who=1"))
        self.assertIn("Nobody is in the audience.", empty)
        after_visits = self.made(name="After visits", cadence="visit", survey=series.survey)
        read = self.reads(self.page(f"{after_visits.get_absolute_url()}?who=1"))
        self.assertIn("Everyone who was there.", read)
        self.assertNotIn("Who would be asked today", read)

    def test_it_says_which_version_it_asks_while_a_newer_one_is_being_written(self) -> None:
        sent = world.version()
        series = self.made(survey=sent.survey)
        read = self.reads(self.page(series.get_absolute_url(), by=self.cora))
        self.assertIn("Version 1", read)
        self.assertNotIn("is a draft", read)
        building.begin_draft(sent.survey_id, by=self.cora)
        read = self.reads(self.page(series.get_absolute_url()))
        self.assertIn("Version 2 is a draft.", read)
        self.assertEqual(services.version_to_send(sent.survey), sent)

    def test_what_it_did_is_shown_with_figures(self) -> None:
        series = self.made()
        services.run_due(self.today)
        self.run_jobs()
        self.page(series.get_absolute_url(), by=self.cora)
        with self.assertQueries(5):
            page = self.reads(self.page(series.get_absolute_url()))
        self.assertIn("0 of 4 who were reached have answered", page)
