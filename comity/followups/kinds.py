"""Kinds of follow-up. The room that hears registers one; the ring asks it for the rest and knows no domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from comity.people.models import User

Words = str | Promise


def _nowhere(source_id: str) -> str | None:
    return None


def _office(user: User, source_id: str) -> bool:
    return user.is_office


@dataclass(frozen=True)
class Kind:
    """One kind, as the domain that hears describes it.

    key                  kept with each follow-up: never rename one
    evidence_url         where what was heard can be read, from the `source_id` the domain gave; None for nowhere
    evidence_visible_to  whether a person may follow that link
    owns_ending          the domain says when it is done, with one of its `outcomes`; the page then shows
                         `ending_url` under `ending_label` where others show "Say what was done"
    outcomes             the domain's own endings: key and words ("upheld", "We agreed")
    asks_if_it_helped    whether telling asks for an answer; nobody is asked whether thanks have helped
    """

    key: str
    label: Words
    evidence_url: Callable[[str], str | None] = _nowhere
    evidence_visible_to: Callable[[User, str], bool] = _office
    owns_ending: bool = False
    outcomes: tuple[tuple[str, Words], ...] = ()
    ending_url: Callable[[str], str | None] = _nowhere
    ending_label: Words = ""
    asks_if_it_helped: bool = True

    def outcome_words(self, outcome: str) -> str:
        """An ending in words; "" for none."""
        return str(dict(self.outcomes).get(outcome, ""))

    def evidence_for(self, user: User, source_id: str) -> str | None:
        """The link to the evidence if this person may see it."""
        if not source_id or not self.evidence_visible_to(user, source_id):
            return None
        return self.evidence_url(source_id)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called by a room as it starts. Raises ValueError for a key given twice, or endings without an owner."""
    if kind.key in _kinds:
        raise ValueError(f"The kind {kind.key!r} is registered twice.")
    if bool(kind.outcomes) != kind.owns_ending:
        raise ValueError(f"The kind {kind.key!r} owns its ending exactly if it has outcomes.")
    _kinds[kind.key] = kind


def unregister(key: str) -> None:
    """For tests that bring a kind of their own."""
    _kinds.pop(key, None)


def known(key: str) -> bool:
    return key in _kinds


def get(key: str) -> Kind:
    """The kind; one whose room is no longer installed is known by its key alone."""
    return _kinds.get(key) or Kind(key, key.replace("_", " ").capitalize())


def label(key: str) -> str:
    return str(get(key).label)


def choices() -> list[tuple[str, str]]:
    """All kinds by their words, for a filter."""
    return sorted(
        ((kind.key, str(kind.label)) for kind in _kinds.values()), key=lambda pair: pair[1].casefold()
    )
