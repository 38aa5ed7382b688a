"""Destroying records: by rule, never under a hold, always with a certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.test import TestCase

from comity.audit import retention
from comity.audit.models import Entry
from comity.audit.retention import Rule, Schedule, apply_rules
from comity.nouns import Kept, all_of
from comity.testing.declaring import declaring

TODAY = date(2026, 11, 23)


class Destroying(TestCase):
    """Letters are kept for a year unless a rule says otherwise; diaries until there is a rule."""

    def setUp(self) -> None:
        self.destroyed: list[tuple[str, datetime]] = []
        self.rules: list[Rule] = []
        self.holds: list[str] = []
        letters = Kept("letters", "Letters", timedelta(days=365), self.destroyer("letters"))
        schedule = Schedule(lambda: self.rules, lambda: self.holds)
        diaries = Kept("diaries", "Diaries", None, self.destroyer("diaries"))
        self.enterContext(declaring(letters, diaries, schedule, alone=True))

    def destroyer(self, kind: str) -> Callable[[datetime], int]:
        def destroy(before: datetime) -> int:
            self.destroyed.append((kind, before))
            return 3

        return destroy

    def test_what_was_kept_long_enough_is_destroyed_and_certified(self) -> None:
        (certificate,) = apply_rules(TODAY)
        self.assertEqual((certificate.kind, certificate.count), ("letters", 3))
        self.assertEqual(certificate.before.date(), date(2025, 11, 23))
        entry = Entry.objects.get(action=retention.DESTROYED)
        assert entry.after is not None
        self.assertEqual((entry.after["kind"], entry.after["count"], entry.actor), ("letters", 3, "worker"))

    def test_a_rule_of_the_office_comes_before_the_rooms_own_time(self) -> None:
        self.rules = [Rule("letters", 10, "GS-12"), Rule("diaries", 20)]
        apply_rules(TODAY)
        self.assertEqual(
            [(kind, before.date()) for kind, before in self.destroyed],
            [("diaries", date(2026, 11, 3)), ("letters", date(2026, 11, 13))],
        )
        schedule = [entry.after["schedule_item"] for entry in Entry.objects.order_by("pk") if entry.after]
        self.assertEqual(schedule, ["", "GS-12"])

    def test_a_hold_beats_every_rule(self) -> None:
        self.rules = [Rule("letters", 0), Rule("diaries", 0)]
        self.holds = ["letters"]
        self.assertEqual([certificate.kind for certificate in apply_rules(TODAY)], ["diaries"])
        self.holds, self.destroyed = [""], []
        self.assertEqual((apply_rules(TODAY), self.destroyed), ([], []))

    def test_nothing_destroyed_is_nothing_certified(self) -> None:
        with declaring(Kept("letters", "Letters", timedelta(days=1), lambda before: 0), alone=True):
            self.assertEqual(apply_rules(TODAY), [])
        self.assertFalse(Entry.objects.exists())

    def test_a_kind_that_fails_stops_no_other_and_leaves_no_certificate(self) -> None:
        def fail(before: datetime) -> int:
            raise RuntimeError

        albums = Kept("albums", "Albums", timedelta(days=1), fail)
        with declaring(albums), self.assertLogs("comity.audit.retention", "ERROR"):
            self.assertEqual([certificate.kind for certificate in apply_rules(TODAY)], ["letters"])


class Rooms(TestCase):
    def test_mail_and_work_are_known_kinds_and_the_trail_is_none(self) -> None:
        keys = {kept.key for kept in all_of(Kept)}
        self.assertLessEqual({"mail", "finished_work"}, keys)
        self.assertFalse({key for key in keys if "audit" in key or "trail" in key})
