"""Guessing is counted in the database, for all processes together."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.test import TestCase
from django.utils import timezone

from comity.people.models import AttemptCount
from comity.people.throttle import Limit, forget_old

DOOR = Limit("door", 3, seconds=600)


class Throttling(TestCase):
    def hit(self, subject: str = "192.0.2.1") -> bool:
        return DOOR.hit(subject)

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
        self.assertFalse(Limit("window", 3, seconds=600).hit("192.0.2.1"))

    def test_waiting_is_told_and_ends(self) -> None:
        self.assertFalse(DOOR.is_used_up("192.0.2.1"))
        for _ in range(3):
            self.hit()
        self.assertTrue(DOOR.is_used_up("192.0.2.1"))
        self.later(601)
        self.assertFalse(DOOR.is_used_up("192.0.2.1"))
        self.assertFalse(self.hit())

    def test_attempts_while_waiting_do_not_make_the_wait_longer(self) -> None:
        for _ in range(3):
            self.hit()
        until = DOOR.waiting("192.0.2.1").get().forget_after
        self.later(300)
        self.hit()
        self.assertEqual(DOOR.waiting("192.0.2.1").get().forget_after, until)

    def test_who_was_right_is_forgiven(self) -> None:
        for _ in range(3):
            self.hit()
        DOOR.forgive("192.0.2.1")
        self.assertFalse(self.hit())

    def test_the_table_names_nobody_and_forgets(self) -> None:
        self.hit("ana@oit.example.gov")
        self.assertNotIn("ana", str(AttemptCount.objects.values().get()))
        self.assertEqual(forget_old(), 0)
        self.later(601)
        self.assertEqual(forget_old(), 1)
