"""The sample state is not typed in, it is lived: its two years are acted out through the same services a
person's clicks reach, with the clock set to the moment of each act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block Django's clock stands at `moment` (an aware datetime)."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield
