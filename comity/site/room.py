"""Room for the calls that a page makes.

Python keeps the frames of calls in pieces of 16 kB. A call that happens to cross the edge of one has the system hand out a
piece, and takes 7 microseconds instead of 0.03; in a loop it does so each time round. The page of coverage did it 1,500
times, a fifth of all it took, and more or less of that with every function put in or left out above it. A caller said to
need much gets a piece of that size, in which everything that it calls has room.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")

ROOM = 1 << 15  # for calls, in words of eight bytes; only what is used is ever taken from the machine


def with_room(function: Callable[P, Result]) -> Callable[P, Result]:
    """The function, called so that hundreds of calls within each other fit into one piece."""

    def roomy(*args: P.args, **kwargs: P.kwargs) -> Result:
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=ROOM)
    return roomy
