"""When a question is asked, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.wording import offered, posted


def condition_words(question: Question, questions: Sequence[Question]) -> str:
    """As in “only if “How easy was it?” is 1, 2 or 3”; nothing for one that is asked always.

    questions  those of its version
    """
    if not question.show_if_question:
        return ""
    other = next((each for each in questions if each.key == question.show_if_question), None)
    if other is None:
        return _("only after a question that no longer exists")
    answers = [answer_words(other, value) for value in question.show_if_values]
    return _("only if “%(other)s” is %(answers)s") % {
        "other": Truncator(other.ask_en).chars(80),
        "answers": _either(answers),
    }


def answer_words(question: Question, value: Any) -> str:
    """One answer as a condition names it: "4", "Yes", the words of a choice, "I don’t know"."""
    if value == DONT_KNOW:
        return _("I don’t know")
    return dict(offered(question, "en")).get(str(posted(value)), str(value))


def _either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
