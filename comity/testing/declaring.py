"""Declarations of a test's own, for as long as it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from comity import nouns
from comity.nouns import Noun, Trait


@contextmanager
def declaring(*said: Noun | Trait, alone: bool = False) -> Iterator[None]:
    """Declare these besides what the rooms declare.

    alone  as if no room declared anything of their kinds; without any, as if there were no rooms at all
    """
    instead = {type(one) for one in said} if alone else set()
    silent = alone and not said
    kept = {
        kind: dict(traits) for kind, traits in nouns.by_kind.items() if not silent and kind not in instead
    }
    with (
        mock.patch.dict(nouns.by_label, clear=silent or Noun in instead),
        mock.patch.dict(nouns.by_kind, kept, clear=True),
    ):
        nouns.declare(*said)
        yield
