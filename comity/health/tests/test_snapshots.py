"""Counting how it stands: what each part reads, what caps the band, what is told of a fall, and what is kept."""

from __future__ import annotations

from datetime import date, time, timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from comity.councils.models import Attendance, CouncilMeeting
from comity.councils.services.councils import COUNCILS, SEATS
from comity.followups import services as ring
from comity.followups.models import FollowUp, State
from comity.health.models import Band, Snapshot, Started, Step
from comity.health.services import plays, snapshots
from comity.health.services.evidence import lines, reason
from comity.health.services.weights import USUAL, set_weights
from comity.jobs.registry import recurring
from comity.notifications.models import Notice
from comity.partners.models import Assignment, Partner, Position
from comity.stakeholders.models import Stakeholder
from comity.surveys.models import Question, Survey, Tally, Version, Wave
from comity.testing.cast import CastTestCase

QUERIES = 25  # to count everybody, whatever their number: up to five hundred are written at once


class HealthTestCase(CastTestCase):
    """Parks is looked after by Ana, has a head (Eve) and was met ten days ago; Roads has neither contact nor head."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        Partner.objects.filter(pk=cls.parks.pk).update(last_met_on=cls.today - timedelta(days=10))
        cls.parks.refresh_from_db()
        # As the migration entered it; a test that emptied the tables before took it away.
        usual = {"owner": Step.Owner.LEAD, "days": 5}
        Step.objects.get_or_create(band="watch", title="Call them, and ask how it goes", defaults=usual)

    def counted(self, partner: Partner | None = None, on: date | None = None) -> Snapshot:
        snapshots.take(partner or self.parks, on)
        return Snapshot.objects.get(partner=partner or self.parks, is_last=True)

    def raised(self, days_ago: int, *, due: int, **more: Any) -> FollowUp:
        """Something Parks said, due so many days ago."""
        found = ring.raise_follow_up(
            kind="concern",
            partner=self.parks,
            title="It is slow",
            by=self.ana,
            owner=self.ana,
            heard_at=timezone.now() - timedelta(days=days_ago),
            due_on=self.today,
        )
        FollowUp.objects.filter(pk=found.pk).update(due_on=self.today - timedelta(days=due), **more)
        return found

    def values(self, row: Snapshot) -> dict[str, int | None]:
        return {key: reading[0] for key, reading in row.readings.items()}


class Reading(HealthTestCase):
    def test_what_nobody_keeps_is_no_data_and_what_is_known_makes_the_score(self) -> None:
        row = self.counted()
        known = {key: value for key, value in self.values(row).items() if value is not None}
        self.assertEqual(known, {"met": 100, "contact": 100, "sponsor": 100})
        self.assertIsNone(row.score)  # forty of a hundred are less than half
        self.assertEqual(row.band, Band.UNKNOWN)

    def test_follow_ups_count_but_for_those_that_are_late_or_were_of_no_help(self) -> None:
        self.raised(20, due=-5)
        self.raised(20, due=3)
        self.raised(30, due=-5, reopened=1)
        told = self.raised(40, due=20)
        FollowUp.objects.filter(pk=told.pk).update(
            state=State.TOLD, told_at=timezone.now(), told_how="mail", told_to="Eve", told_words="Done.",
            done_at=timezone.now(), done_on=self.today, done_words="Done.",
        )  # fmt: skip
        row = self.counted()
        self.assertEqual(row.readings["followups"][0], 50)
        self.assertEqual(row.readings["followups"][2], [3, 1, 1, 4])
        self.assertEqual((row.score, row.stops), (83, []))

    def test_late_by_more_than_a_week_nobody_to_call_and_no_head_are_hard_stops(self) -> None:
        self.raised(30, due=8)
        Assignment.objects.filter(partner=self.parks).update(ends_on=self.today)
        Position.objects.filter(partner=self.parks, function="head").update(ends_on=self.today)
        row = self.counted()
        self.assertEqual(sorted(row.stops), ["alone", "late", "unsponsored"])
        self.assertEqual(self.values(row)["contact"], 0)
        self.assertEqual((row.score, row.band), (33, Band.RISK))

    def test_a_head_who_has_left_is_none_and_one_who_is_acting_is_half_of_one(self) -> None:
        Position.objects.filter(partner=self.parks, function="head").update(acting=True)
        self.assertEqual(self.values(self.counted())["sponsor"], 50)
        self.eve_person.left_on = self.today
        self.eve_person.save()
        self.assertEqual(self.counted().stops, ["unsponsored"])
        self.assertIsNone(self.values(self.counted(self.roads))["sponsor"])

    def test_who_decides_there_and_supports_us_is_a_sponsor_whatever_their_head(self) -> None:
        known = {"person": self.ben_person, "partner": self.parks, "role": "decides", "stance": "champion"}
        Position.objects.filter(partner=self.parks, function="head").update(person=None)
        secret = Stakeholder.objects.create(**known, sensitive=True)
        self.assertEqual(self.values(self.counted())["sponsor"], 0)
        secret.sensitive = False
        secret.save()
        row = self.counted()
        self.assertEqual((row.readings["sponsor"][2], row.stops), ([3], []))
        self.page(lines(row)[-1].url, by=self.ana)

    def test_attendance_in_councils_is_the_share_of_times_they_were_there_and_no_data_without_a_seat(
        self,
    ) -> None:
        council = COUNCILS.enter(
            {"name": "IT", "purpose": "P.", "facilitator": self.ana, "begun_on": self.began_on}, by=self.ana
        )
        seat = SEATS.enter(
            {
                "council": council,
                "partner": self.parks,
                "person": self.ben_person,
                "begins_on": self.began_on,
            },
            by=self.ana,
        )
        for days, how in ((370, "missed"), (300, "remote"), (200, "missed"), (100, "there"), (9, "excused")):
            on = self.today - timedelta(days=days)
            meeting = CouncilMeeting.objects.create(council=council, on=on, begins_at=time(10))
            Attendance.objects.create(meeting=meeting, seat=seat, how=how)
        row = self.counted()
        day = (self.today - timedelta(days=100)).isoformat()
        self.assertEqual(row.readings["councils"], [67, day, [2, 3]])
        line = next(line for line in lines(row) if line.value == 67)
        self.assertEqual(line.words, "there 2 of 3 times")
        self.assertEqual(line.url, f"/councils/?partner={self.parks.pk}")
        self.assertIsNone(self.values(self.counted(self.roads))["councils"])

    def test_never_met_counts_once_somebody_is_here_longer_than_their_tier_allows(self) -> None:
        self.assertIsNone(self.values(self.counted(self.roads))["met"])
        Partner.objects.filter(pk=self.roads.pk).update(created_at=timezone.now() - timedelta(days=61))
        row = self.counted(self.roads)
        self.assertEqual(row.readings["met"], [0, None, []])
        self.assertIn("never met face to face", [line.words for line in lines(row)])

    def test_play_follow_ups_are_no_part_of_what_they_come_from(self) -> None:
        found = self.raised(30, due=8)
        FollowUp.objects.filter(pk=found.pk).update(kind="health")
        self.assertIsNone(self.values(self.counted())["followups"])

    def test_only_those_who_are_served_are_counted(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(status=Partner.Status.FORMER)
        self.assertEqual(snapshots.take(), 2)
        self.assertFalse(Snapshot.objects.filter(partner=self.roads).exists())


class Satisfaction(HealthTestCase):
    def wave(self, days_ago: int, counts: dict[str, int] | None, against: Wave | None = None) -> Wave:
        """A closed wave, and what Parks said; nothing that may be shown where there are no counts."""
        survey, _made = Survey.objects.get_or_create(key="annual", defaults={"name": "Annual"})
        version, _made = Version.objects.get_or_create(survey=survey, number=1)
        Question.objects.get_or_create(
            version=version,
            key="overall",
            defaults={"kind": "rating", "ask_en": "How satisfied?", "outcome": True, "order": 1},
        )
        at = timezone.now() - timedelta(days=days_ago)
        wave = Wave.objects.create(
            key=f"w{days_ago}", name="Annual", version=version, mode="anonymous", state="closed",
            opened_at=at, closed_at=at, figures_at=at, against=against,
        )  # fmt: skip
        n = sum(counts.values()) if counts else None
        for question in ("", "overall"):
            said = {"n": n, "counts": counts} if question or n is None else {"n": n}
            Tally.objects.create(
                wave=wave, table="partner", group=str(self.parks.pk), question=question, **said
            )
        return wave

    def test_the_last_wave_that_may_be_shown_counts_and_how_it_differs_from_the_one_before(self) -> None:
        first = self.wave(400, {"1": 0, "2": 1, "3": 1, "4": 4, "5": 4})
        self.wave(20, {"1": 2, "2": 2, "3": 0, "4": 4, "5": 0}, against=first)
        row = self.counted()
        self.assertEqual((self.values(row)["satisfied"], self.values(row)["change"]), (50, 13))
        self.assertEqual(row.readings["satisfied"][2][1:], [4, 8])
        self.assertEqual(row.readings["satisfied"][1], (self.today - timedelta(days=20)).isoformat())

    def test_what_is_hidden_or_too_old_is_no_data(self) -> None:
        self.wave(20, None)
        self.wave(600, {"1": 0, "2": 0, "3": 0, "4": 5, "5": 5})
        self.assertIsNone(self.values(self.counted())["satisfied"])


class Falling(HealthTestCase):
    """Yesterday it went well with Parks; today something is very late."""

    late: FollowUp

    def good(self) -> Snapshot:
        self.late = self.raised(30, due=-5)
        row = self.counted(on=self.today - timedelta(days=1))
        self.assertEqual(row.band, Band.GOOD)
        return row

    def fall(self) -> Snapshot:
        self.good()
        FollowUp.objects.filter(pk=self.late.pk).update(due_on=self.today - timedelta(days=9))
        return self.counted()

    def test_those_concerned_are_told_once_and_why(self) -> None:
        row = self.fall()
        self.assertEqual(
            (row.band, row.was, row.why, row.since, row.fell), ("watch", "good", "late", self.today, True)
        )
        self.assertEqual(reason(row), "a follow-up more than a week late")
        told = Notice.objects.filter(kind=snapshots.FELL)
        self.assertEqual(sorted(notice.user.name for notice in told), ["Ana Ruiz", "Cora Customer"])
        self.assertIn(
            "Department of Parks fell from “Good” to “Worth watching”: a follow-up more than a week late.",
            told[0].text,
        )
        snapshots.take()
        self.assertEqual(told.count(), 2)
        self.assertEqual(Snapshot.objects.get(pk=row.pk).since, self.today)

    def test_that_somebody_unknown_is_at_risk_is_news(self) -> None:
        self.counted(on=self.today - timedelta(days=1))
        Snapshot.objects.update(readings={}, stops=[], band=Band.UNKNOWN)
        Assignment.objects.filter(partner=self.parks).delete()
        self.raised(30, due=9)
        row = self.counted()
        self.assertEqual((row.band, row.was, row.fell), (Band.RISK, Band.UNKNOWN, True))
        told = Notice.objects.filter(kind=snapshots.FELL, user=self.cora)
        self.assertEqual([each.text for each in told], [f"{self.parks} is “At risk”: {reason(row)}."])

    def test_what_is_old_is_destroyed_and_the_last_of_each_stays(self) -> None:
        for ago in (400, 399):
            self.counted(on=self.today - timedelta(days=ago))
        self.assertEqual(snapshots.destroy_past(timezone.now() - timedelta(days=30)), 1)
        self.assertEqual(Snapshot.objects.get().taken_on, self.today - timedelta(days=399))

    def test_many_at_once_are_told_as_a_number(self) -> None:
        others = Partner.objects.bulk_create(
            Partner(name=f"Office {n}", name_key=f"office {n}", code=f"O{n}") for n in range(4)
        )
        Position.objects.bulk_create(
            Position(partner=each, person=self.eve_person, title="Head", function="head") for each in others
        )
        for each in others:
            ring.raise_follow_up(kind="concern", partner=each, title="Slow", by=self.ana, due_on=self.today)
        Assignment.objects.bulk_create(
            Assignment(partner=each, user=self.ana, role="lead", starts_on=self.began_on) for each in others
        )
        snapshots.take(today=self.today - timedelta(days=1))
        FollowUp.objects.update(due_on=self.today - timedelta(days=9))
        snapshots.take()
        fallen = Snapshot.objects.filter(fell=True).count()
        said = list(Notice.objects.filter(kind=snapshots.FELL, user=self.cora).values_list("text", flat=True))
        self.assertEqual(len(said), 1 if fallen > snapshots.APART else fallen)

    def test_new_weights_are_nobodys_fall(self) -> None:
        self.raised(30, due=3)
        first = self.counted(on=self.today - timedelta(days=1))
        set_weights(
            {**USUAL, "met": 1, "contact": 1, "sponsor": 1, "followups": 200}, "To see.", by=self.cora
        )
        row = self.counted()
        self.assertEqual((first.band, row.band), (Band.WATCH, Band.RISK))
        self.assertFalse(row.fell)
        self.assertFalse(Notice.objects.filter(kind=snapshots.FELL).exists())

    def test_steps_that_start_by_themselves_do_once_for_a_fall(self) -> None:
        Step.objects.filter(band="watch").update(by_itself=True)
        row = self.fall()
        made = FollowUp.objects.get(kind="health")
        self.assertEqual((made.owner, made.office_only, made.source_id), (self.ana, True, str(self.parks.pk)))
        self.assertEqual(made.said, "a follow-up more than a week late")
        plays.start(row, only_by_itself=True)
        self.assertEqual(Started.objects.count(), 1)

    def test_what_moved_it_within_a_month_is_kept(self) -> None:
        self.raised(50, due=-5)
        self.counted(on=self.today - timedelta(days=31))
        Position.objects.filter(partner=self.parks, function="head").update(person=None)
        row = self.counted()
        self.assertEqual((row.moved, row.change), ("sponsor", -17))


class Keeping(HealthTestCase):
    def test_a_day_has_one_row_of_each_and_one_is_the_last(self) -> None:
        for ago in (2, 1, 0, 0):
            snapshots.take(today=self.today - timedelta(days=ago))
        self.assertEqual(Snapshot.objects.filter(partner=self.parks).count(), 3)
        self.assertEqual(Snapshot.objects.filter(is_last=True).count(), 3)
        self.assertEqual(set(Snapshot.objects.last().values_list("taken_on", flat=True)), {self.today})

    def test_of_what_is_old_one_day_a_month_stays(self) -> None:
        for day in (
            date(2026, 1, 5),
            date(2026, 1, 30),
            date(2026, 2, 3),
            date(2026, 2, 27),
            date(2026, 11, 1),
        ):
            snapshots.take(today=day)
        snapshots.thin(date(2026, 11, 30))
        kept = Snapshot.objects.filter(partner=self.parks).values_list("taken_on", flat=True)
        self.assertEqual([str(day) for day in kept], ["2026-11-01", "2026-02-27", "2026-01-30"])

    def test_everybody_is_counted_in_as_many_queries_whatever_there_are(self) -> None:
        snapshots.take(today=self.today - timedelta(days=1))
        Partner.objects.bulk_create(
            Partner(name=f"Office {n}", name_key=f"office {n}", code=f"O{n}", tier=self.tier)
            for n in range(40)
        )
        with self.assertNumQueries(QUERIES):
            self.assertEqual(snapshots.take(), 43)

    def test_it_comes_round_every_night(self) -> None:
        work = next(each for each in recurring() if each.key == "health.take")
        work.function()
        self.assertEqual(Snapshot.objects.count(), 3)

    def test_the_command_prints_it(self) -> None:
        said = ""
        for more in ([], ["--json"], ["PARKS"], ["PARKS", "--json"]):
            out = StringIO()
            call_command("health", *more, "--now", stdout=out)
            said = out.getvalue()
            self.assertIn("Parks", said)
        self.assertIn('"met": {"value": 100, "weight": 20', said)
