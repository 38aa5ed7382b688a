"""Room for the deep calls of a test: a pytest plugin (named in the conftest.py of the whole suite).

Python keeps the frames of calls in pieces of 16 kB. A call that happens to cross the edge of one, in a loop, has the
system hand out a piece and take it back each time round; of a test that asks for many pages this was a tenth of the
time. A caller said to need a megabyte gets a piece of that size, in which everything that it calls has room.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

ROOM = 1 << 17  # in words of eight bytes; only what is used is ever taken from the machine


def pytest_itemcollected(item: pytest.Item) -> None:
    vars(item)["runtest"] = _with_room(item.runtest)


def _with_room(run: Callable[[], None]) -> Callable[[], None]:
    def roomy() -> None:
        run()

    roomy.__code__ = roomy.__code__.replace(co_stacksize=ROOM)
    return roomy
