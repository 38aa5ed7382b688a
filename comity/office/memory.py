"""What was asked of the office's settings during one request or job, so that it is asked once.

Nothing is kept any longer than that: what an administrator changes is seen by every process with its next request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")

_remembered: ContextVar[dict[str, Any] | None] = ContextVar("office_remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within this block the settings are read once; a job that writes many mails wants that, too."""
    before = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(before)


def remembered(key: str, ask: Callable[[], Answer]) -> Answer:
    """The answer given before in this block, or now; outside of one it is asked each time."""
    answers = _remembered.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return cast(Answer, answers[key])


def forget() -> None:
    """Ask anew from here on, because the settings have just been changed."""
    answers = _remembered.get()
    if answers is not None:
        answers.clear()
