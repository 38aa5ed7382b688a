"""From a question to the scale its figures are worked out on, and from an answer to what is counted of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.core.surveys import YES_NO, Scale, Tally, choice_scale
from comity.surveys.models import Question

KIND = Question.Kind
YES, NO = "1", "0"


def scale_of(question: Question) -> Scale | None:
    """The scale of a question's figures; None for own words, and for a choice that offers only one thing."""
    if question.is_numeric:
        return Question.SCALES[question.kind]
    if question.kind == KIND.YES_NO:
        return YES_NO
    if question.kind in (KIND.ONE, KIND.MANY) and len(question.values) > 1:
        return choice_scale(len(question.values), several=question.kind == KIND.MANY)
    return None


def counted_as(question: Question) -> dict[Any, str]:
    """What each answer is called where it is counted: ratings by number, yes "1" and no "0", choices by their keys."""
    if question.kind == KIND.YES_NO:
        return {True: YES, False: NO}
    return {value: str(value) for value in question.values}


def places(question: Question) -> tuple[str, ...]:
    """The names under which answers are counted, in the order of the scale."""
    names = tuple(counted_as(question).values())
    return (NO, YES) if question.kind == KIND.YES_NO else names


def core_tally(question: Question, counts: Mapping[str, int], *, n: int, na: int, skipped: int) -> Tally:
    """Stored counts as `core` takes them. Raises ValueError for a question without a scale."""
    scale = scale_of(question)
    if scale is None:
        raise ValueError(f"{question.key} has no scale.")
    return Tally(
        scale,
        tuple(counts.get(place, 0) for place in places(question)),
        na,
        skipped,
        people=n if scale.several else None,
    )
