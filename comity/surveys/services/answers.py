"""What can be answered to a question: in words, as a form posts it, as it is kept, and as it is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.surveys import YES_NO, Scale, Tally, choice_scale
from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW

KIND = Question.Kind
YES, NO = "yes", "no"

Offered = tuple[str, str]
READING_SECONDS = 20  # what stands above the questions
CHOOSING_SECONDS = 10
WRITING_SECONDS = 40
LONGEST_TEXT = 5_000
Answers = dict[str, Any]
YES_PLACE, NO_PLACE = "1", "0"


def offered(question: Question, language: str = "") -> list[Offered]:
    """What can be chosen: as it is posted, and in words. Nothing for a question in own words; without "I don't know"."""
    language = language or (get_language() or "en")[:2]
    if question.is_numeric:
        return [(str(value), str(value)) for value in question.values]
    if question.kind == KIND.YES_NO:
        return [(YES, _("Yes")), (NO, _("No"))]
    return [
        (str(choice["key"]), str(choice.get(language) or choice.get("en") or choice["key"]))
        for choice in question.choices
    ]


def ends(question: Question) -> tuple[str, str]:
    """The lowest and the highest of a scale in words; they fit every question a scale is asked with."""
    if question.kind == KIND.RECOMMEND:
        return pgettext("scale", "Not at all likely"), pgettext("scale", "Extremely likely")
    if question.is_numeric:
        return pgettext("scale", "Not at all"), pgettext("scale", "Completely")
    return "", ""


def posted(value: Any) -> str | list[str]:
    """An answer as a form posts it and a choice names it."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value)


def in_words(question: Question, value: Any, language: str = "") -> str:
    """An answer as a person says it: "2 of 5", "Yes", "Mail and phone", "I don't know"."""
    if question.kind == KIND.TEXT:
        return str(value)
    if value == DONT_KNOW:
        return _("I don’t know")
    if question.is_numeric:
        return _("%(value)s of %(most)s") % {"value": value, "most": Question.SCALES[question.kind].highest}
    words = dict(offered(question, language))
    given = posted(value)
    return ", ".join(words.get(one, one) for one in (given if isinstance(given, list) else [given]))


def minutes_for(questions: Iterable[Question]) -> int:
    """About how many minutes these take, counting what everybody is asked; at least one."""
    kinds = [question.kind for question in questions if not question.show_if_question]
    writing = kinds.count(KIND.TEXT)
    seconds = READING_SECONDS + WRITING_SECONDS * writing + CHOOSING_SECONDS * (len(kinds) - writing)
    return max(1, (seconds + 30) // 60)


def asked(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[Question]:
    """The questions to be asked of somebody who answered so, in order.

    One asked only after another's answer is left out with it, and so are those that wait for its own.
    """
    found: list[Question] = []
    said: Answers = {}
    for question in questions:
        if question.is_asked(said):
            found.append(question)
            if question.key in answers:
                said[question.key] = answers[question.key]
    return found


def accepted(questions: Iterable[Question], answers: Mapping[str, Any]) -> Answers:
    """The answers as they are kept: those to questions that are not asked are dropped, empty ones too.

    Raises DomainError for a question nobody asked, and for an answer that is none of those offered.
    """
    known = {question.key: question for question in questions}
    for key, value in answers.items():
        if key not in known:
            raise DomainError(_("That question is not part of this survey."))
        if not allows(known[key], value):
            raise DomainError(
                _("“%(question)s” cannot be answered like that. Choose one of the answers shown.")
                % {"question": known[key].ask_en}
            )
    kept = {key: value.strip() if isinstance(value, str) else value for key, value in answers.items()}
    kept = {key: value for key, value in kept.items() if value not in ("", [])}
    return {one.key: kept[one.key] for one in asked(known.values(), kept) if one.key in kept}


def allows(question: Question, value: Any) -> bool:
    """Whether this can be answered to the question."""
    if value == DONT_KNOW and question.kind != KIND.TEXT:
        return question.dont_know
    if question.is_numeric:
        return value in Question.SCALES[question.kind]
    if question.kind == KIND.YES_NO:
        return isinstance(value, bool)
    if question.kind == KIND.TEXT:
        return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\0" not in value
    if question.kind == KIND.MANY:
        chosen = value if isinstance(value, list) else [None]
        return all(each in question.values for each in chosen) and len(set(map(str, chosen))) == len(chosen)
    return isinstance(value, str) and value in question.values


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
        return {True: YES_PLACE, False: NO_PLACE}
    return {value: str(value) for value in question.values}


def places(question: Question) -> tuple[str, ...]:
    """The names under which answers are counted, in the order of the scale."""
    names = tuple(counted_as(question).values())
    return (NO_PLACE, YES_PLACE) if question.kind == KIND.YES_NO else names


def has_good(question: Question) -> bool:
    """Whether some of its answers count as good, so that their share can be compared."""
    scale = scale_of(question)
    return scale is not None and bool(scale.top)


def core_tally(
    question: Question, counts: Mapping[str, int], *, n: int, na: int = 0, skipped: int = 0
) -> Tally:
    """Stored counts as `core` takes them. Raises ValueError for a question without a scale."""
    scale = scale_of(question)
    if scale is None:
        raise ValueError(f"{question.key} has no scale.")
    in_order = tuple(counts.get(place, 0) for place in places(question))
    return Tally(scale, in_order, na, skipped, people=n if scale.several else None)
