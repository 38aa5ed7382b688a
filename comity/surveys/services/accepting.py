"""What of an answer may be kept: on the scale it was asked on, to questions that were asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.wording import KIND

LONGEST_TEXT = 5_000

Answers = dict[str, Any]


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
    return {
        question.key: kept[question.key] for question in asked(known.values(), kept) if question.key in kept
    }


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
