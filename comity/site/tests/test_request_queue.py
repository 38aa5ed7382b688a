"""A crowd is served a few at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from resource import RUSAGE_THREAD, getrusage
from threading import Barrier, Event, Lock

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory, SimpleTestCase, override_settings

from comity.site.limits import TakeTurns


def words(answer: HttpResponseBase) -> str:
    return str(getattr(answer, "content", b""), "utf-8")


@override_settings(REQUESTS_AT_ONCE=3)
class TakingTurns(SimpleTestCase):
    def test_no_more_are_worked_on_at_once_and_everybody_is_served(self) -> None:
        together, lock = Barrier(3, timeout=10), Lock()
        now = most = 0

        def page(request: HttpRequest) -> HttpResponse:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            together.wait()
            with lock:
                now -= 1
            return HttpResponse("served")

        turns = TakeTurns(page)
        with ThreadPoolExecutor(12) as crowd:
            served = [crowd.submit(turns, RequestFactory().get("/")) for _each in range(12)]
        self.assertEqual({words(each.result()) for each in served}, {"served"})
        self.assertEqual(most, 3)

    def test_the_next_is_served_as_soon_as_one_is_done(self) -> None:
        waits = Event()

        def page(request: HttpRequest) -> HttpResponse:
            if request.path == "/slow/":
                waits.wait(10)
            return HttpResponse(request.path)

        turns = TakeTurns(page)
        with ThreadPoolExecutor(5) as crowd:
            slow = [crowd.submit(turns, RequestFactory().get("/slow/")) for _each in range(2)]
            quick = [crowd.submit(turns, RequestFactory().get("/quick/")) for _each in range(3)]
            self.assertEqual([words(each.result(10)) for each in quick], ["/quick/"] * 3)
            self.assertFalse(any(each.done() for each in slow))
            waits.set()

    def test_a_page_that_fails_gives_its_turn_back(self) -> None:
        def page(request: HttpRequest) -> HttpResponse:
            if request.path == "/broken/":
                raise RuntimeError
            return HttpResponse("served")

        turns = TakeTurns(page)
        for _each in range(3):
            with self.assertRaises(RuntimeError):
                turns(RequestFactory().get("/broken/"))
        self.assertEqual(words(turns(RequestFactory().get("/"))), "served")


class RoomForCalls(SimpleTestCase):
    """Memory that the system has just given is told by the first touches of it."""

    def test_at_no_depth_of_a_page_each_call_asks_the_system_for_memory(self) -> None:
        def called(a: int, b: int, c: int, d: int, e: int, f: int) -> int:
            return (
                a + b + c + d + e + f
            )  # larger than one step down, so that no edge of a piece is passed over

        def touches_of_a_hundred_calls(depth: int) -> int:
            if depth:
                return touches_of_a_hundred_calls(depth - 1)
            before = getrusage(RUSAGE_THREAD).ru_minflt
            for _each in range(100):
                called(1, 2, 3, 4, 5, 6)
            return getrusage(RUSAGE_THREAD).ru_minflt - before

        touched: list[int] = []

        def page(request: HttpRequest) -> HttpResponse:
            touched.extend(map(touches_of_a_hundred_calls, range(400)))
            return HttpResponse()

        with ThreadPoolExecutor(
            1
        ) as server:  # this thread's calls have room already, by the suite's own doing
            server.submit(TakeTurns(page), RequestFactory().get("/")).result()
        self.assertLess(max(touched), 50)
