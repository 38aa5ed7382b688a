"""Two tell something at one moment: whoever has read up to a number has missed nothing below it."""

from __future__ import annotations

import threading
from unittest import skipUnless

from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from comity.councils.models import LiveEvent, LiveSession
from comity.councils.models.live import tell, told
from comity.councils.services import live
from comity.councils.tests.live import council_meeting
from comity.testing.cast import Cast


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time, and so needs no lock in SQL")
class TwoWriters(TransactionTestCase):
    def setUp(self) -> None:
        cast = Cast()
        self.session = live.open_session(council_meeting(cast).pk, by=cast.ana)

    def apart(self, act: object) -> threading.Thread:
        """Do it on a connection of its own."""

        def run() -> None:
            try:
                act()  # type: ignore[operator]
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def test_who_tells_later_waits_and_is_numbered_later(self) -> None:
        first_told, may_end = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                tell(LiveSession.objects.get(), who="first")
                first_told.set()
                may_end.wait(10)

        first = self.apart(slow)
        self.assertTrue(first_told.wait(10))
        second = self.apart(lambda: tell_in_one_go("second"))
        second.join(0.3)
        self.assertTrue(second.is_alive(), "it did not wait")
        self.assertEqual(told(self.session.pk, 0), [])  # so nobody has read past the first
        may_end.set()
        first.join(10)
        second.join(10)
        self.assertEqual([said["who"] for _pk, said in told(self.session.pk, 0)], ["first", "second"])

    def test_a_reader_beside_many_writers_misses_and_doubles_none(self) -> None:
        def write(who: str) -> None:
            for number in range(30):
                tell_in_one_go(f"{who} {number}")

        writers = [self.apart(lambda who=who: write(who)) for who in ("a", "b", "c")]
        heard: list[str] = []
        after = 0
        while any(thread.is_alive() for thread in writers) or LiveEvent.objects.filter(pk__gt=after).exists():
            new = told(self.session.pk, after)
            heard += [said["who"] for _pk, said in new]
            after = new[-1][0] if new else after
        self.assertEqual(sorted(heard), sorted(f"{who} {number}" for who in "abc" for number in range(30)))


def tell_in_one_go(who: str) -> None:
    with transaction.atomic():
        tell(LiveSession.objects.get(), who=who)
