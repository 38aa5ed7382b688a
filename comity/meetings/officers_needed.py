"""Which parts of the office a visit needs, by what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comity.followups.models import FollowUp
from comity.meetings.models import Function
from comity.nouns import Named, named


@dataclass(frozen=True)
class OfficersNeeded(Named):
    """Which functions a visit because of a follow-up of the kind `key` needs."""

    key: str
    functions: Callable[[FollowUp], Iterable[str]]


def functions_for(follow_up: FollowUp) -> list[Function]:
    """The functions to bring, in the order of `Function`; customer relations where no room says otherwise."""
    needed = named(OfficersNeeded, follow_up.kind)
    wanted = {str(function) for function in needed.functions(follow_up)} if needed else set()
    return [function for function in Function if str(function) in (wanted or {Function.CUSTOMER})]
