"""Guessing is counted in the database, for all processes together."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.test import TestCase
from django.utils import timezone

from comity.people import throttle
from comity.people.models import AttemptCount


class Throttling(TestCase):
    def hit(self, subject: str = "192.0.2.1") -> bool:
        return throttle.hit("door", subject, limit=3, seconds=600)

    def later(self, seconds: int) -> None:
        self.enterContext(
            mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(seconds=seconds))
        )

    def test_the_attempt_after_the_last_allowed_is_one_too_many(self) -> None:
        self.assertEqual([self.hit() for _ in range(5)], [False, False, False, True, True])

    def test_others_are_not_counted_with(self) -> None:
        for _ in range(4):
            self.hit()
        self.assertFalse(self.hit("192.0.2.2"))
        self.assertFalse(throttle.hit("window", "192.0.2.1", limit=3, seconds=600))

    def test_waiting_is_told_and_ends(self) -> None:
        self.assertIsNone(throttle.waits_until("door", "192.0.2.1", limit=3))
        for _ in range(3):
            self.hit()
        self.assertIsNotNone(throttle.waits_until("door", "192.0.2.1", limit=3))
        self.later(601)
        self.assertIsNone(throttle.waits_until("door", "192.0.2.1", limit=3))
        self.assertFalse(self.hit())

    def test_attempts_while_waiting_do_not_make_the_wait_longer(self) -> None:
        for _ in range(3):
            self.hit()
        until = throttle.waits_until("door", "192.0.2.1", limit=3)
        self.later(300)
        self.hit()
        self.assertEqual(throttle.waits_until("door", "192.0.2.1", limit=3), until)

    def test_who_was_right_is_forgiven(self) -> None:
        for _ in range(3):
            self.hit()
        throttle.forgive("door", "192.0.2.1")
        self.assertFalse(self.hit())

    def test_the_table_names_nobody_and_forgets(self) -> None:
        self.hit("ana@oit.example.gov")
        self.assertNotIn("ana", str(AttemptCount.objects.values().get()))
        self.assertEqual(throttle.forget_old(), 0)
        self.later(601)
        self.assertEqual(throttle.forget_old(), 1)
