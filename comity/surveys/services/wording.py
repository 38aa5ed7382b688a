"""Answers in words: what can be answered to a question, and what somebody answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW

KIND = Question.Kind
YES, NO = "yes", "no"

Offered = tuple[str, str]


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
    return (
        (pgettext("scale", "Not at all"), pgettext("scale", "Completely"))
        if question.is_numeric
        else ("", "")
    )


def highest(question: Question) -> int:
    """The best a scale has: "2 of 5"."""
    return Question.SCALES[question.kind].highest


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
        return _("%(value)s of %(most)s") % {"value": value, "most": highest(question)}
    words = dict(offered(question, language))
    given = posted(value)
    return ", ".join(words.get(one, one) for one in (given if isinstance(given, list) else [given]))
