"""Which parts of the office a visit needs, by what it is about. Filled by the rooms that hear, as they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from comity.followups.models import FollowUp
from comity.meetings.models import Function

Suggest = Callable[[FollowUp], Iterable[str]]

_suggestions: dict[str, Suggest] = {}


def register(kind: str, suggest: Suggest) -> None:
    """Let a room say which functions a visit about one of its follow-ups needs. Raises ValueError for a kind given twice."""
    if kind in _suggestions:
        raise ValueError(f"Who comes along because of {kind!r} is registered twice.")
    _suggestions[kind] = suggest


def functions_for(follow_up: FollowUp) -> list[Function]:
    """The functions to bring, in the order of `Function`; customer relations where no room says otherwise."""
    suggest = _suggestions.get(follow_up.kind)
    wanted = {str(function) for function in suggest(follow_up)} if suggest else set()
    return [function for function in Function if str(function) in (wanted or {Function.CUSTOMER})]
