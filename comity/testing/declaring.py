"""Declarations of a test's own, for as long as it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from comity import nouns
from comity.nouns import Noun, Trait


@contextmanager
def declaring(*said: Noun | Trait, alone: bool = False) -> Iterator[None]:
    """Declare these besides what the rooms declare, or, `alone`, as if there were no rooms."""
    kept = {kind: dict(traits) for kind, traits in nouns.by_kind.items()}
    with (
        mock.patch.dict(nouns.by_label, clear=alone),
        mock.patch.dict(nouns.by_kind, {} if alone else kept, clear=True),
    ):
        nouns.declare(*said)
        yield
