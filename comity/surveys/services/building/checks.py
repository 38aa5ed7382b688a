"""What makes a version one that can be sent. Each check speaks of one thing, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.surveys import MOST_CHOICES
from comity.surveys.models import Question, Version
from comity.surveys.models.answers import DONT_KNOW

KIND = Question.Kind
MOST_QUESTIONS = 60
LONGEST_CHOICE = 200
CHOOSING = (KIND.ONE, KIND.MANY)


def refuse(questions: Sequence[Question]) -> None:
    """Raises DomainError with the first thing that is wrong with these questions, in their order."""
    for sentence in problems(questions):
        raise DomainError(sentence)


def problems(questions: Sequence[Question]) -> Iterator[str]:
    """Everything that is wrong with these questions, each as a sentence."""
    if len(questions) > MOST_QUESTIONS:
        yield _("A survey can have up to %(count)s questions. People answer shorter surveys more often.") % {
            "count": MOST_QUESTIONS
        }
    for place, question in enumerate(questions):
        yield from _words(question)
        yield from _choices(question)
        yield from _role(question)
        yield from _condition(question, questions[:place], questions[place:])
    outcomes = [question for question in questions if question.outcome]
    if len(outcomes) > 1:
        yield _("“%(one)s” is already the overall rating. A survey can have only one.") % {
            "one": short(outcomes[0])
        }


def called(model: type[models.Model], name: str) -> str:
    """What a field is called inside a sentence."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def short(question: Question) -> str:
    """A question inside a sentence."""
    return Truncator(question.ask_en).chars(80)


def _words(question: Question) -> Iterator[str]:
    if not question.ask_en:
        yield _("Enter the question in English.")
    for name in ("ask_en", "ask_es", "help_en", "help_es"):
        most, count = getattr(Question._meta.get_field(name), "max_length", 0), len(getattr(question, name))
        if count > most:
            yield _(
                "“%(question)s”: the %(field)s has %(count)s characters. Use up to %(most)s, so that it "
                "can be read on a phone."
            ) % {"question": short(question), "field": called(Question, name), "count": count, "most": most}


def _choices(question: Question) -> Iterator[str]:
    if question.kind not in CHOOSING:
        return
    said = {"question": short(question), "most": MOST_CHOICES, "longest": LONGEST_CHOICE}
    words = [str(choice["en"]).casefold() for choice in question.choices]
    if len(words) < 2:
        yield _("“%(question)s” needs at least two choices.") % said
    if len(words) > MOST_CHOICES:
        yield _("“%(question)s” has too many choices. It can have up to %(most)s.") % said
    if not all(words):
        yield _("A choice of “%(question)s” has no English text.") % said
    if len(set(words)) < len(words):
        yield _("Two choices of “%(question)s” are the same.") % said
    if any(
        len(choice[language]) > LONGEST_CHOICE for choice in question.choices for language in ("en", "es")
    ):
        yield _("A choice of “%(question)s” is too long. It can have up to %(longest)s characters.") % said


def _role(question: Question) -> Iterator[str]:
    said = {"question": short(question)}
    if question.outcome and not question.is_numeric:
        yield _("“%(question)s” is not a rating, so it cannot be the overall rating.") % said
    if question.driver and not question.is_numeric:
        yield _("“%(question)s” is not a rating, so it cannot be a driver.") % said
    if question.core and not (question.is_numeric or question.kind == KIND.YES_NO):
        yield (
            _("“%(question)s” has no good answers to count, so it cannot be compared from wave to wave.")
            % said
        )


def _condition(
    question: Question, before: Sequence[Question], from_here: Sequence[Question]
) -> Iterator[str]:
    key = question.show_if_question
    if not key:
        return
    other = next((each for each in (*before, *from_here) if each.key == key), None)
    said = {"question": short(question), "other": short(other) if other else ""}
    if key == question.key:
        yield _("“%(question)s” cannot depend on its own answer.") % said
    elif other is None:
        yield _("“%(question)s” depends on a question that no longer exists.") % said
    elif other not in before:
        yield _("“%(question)s” depends on “%(other)s”, which must be asked before it.") % said
    elif not question.show_if_values:
        yield _("Choose which answers to “%(other)s” lead to “%(question)s”.") % said
    elif not set(map(repr, question.show_if_values)) <= set(map(repr, answers_of(other))):
        yield _("“%(question)s” depends on answers that “%(other)s” does not have.") % said


def answers_of(question: Question) -> list[object]:
    """The answers that another question may hang on: all there are, and "I don't know" where that is one."""
    values = list(question.values)
    return [*values, DONT_KNOW] if values and question.dont_know else values


def refuse_other_kinds(version: Version, questions: Sequence[Question]) -> None:
    """Raises DomainError if one of these was asked in another way before: its figures could not be compared."""
    kinds = {question.key: question for question in questions}
    sent = Question.objects.filter(version__survey=version.survey_id, key__in=kinds)
    for earlier in sent.exclude(version=version).select_related("version").order_by("version__number"):
        question = kinds[earlier.key]
        if earlier.kind != question.kind and earlier.version.frozen_at:
            raise DomainError(
                _(
                    "“%(question)s” was asked as “%(kind)s” in version %(number)s. Asked another way, its "
                    "figures could not be compared. Remove it and add a new question instead."
                )
                % {
                    "question": short(question),
                    "kind": earlier.get_kind_display(),
                    "number": earlier.version.number,
                }
            )


def without_spanish(question: Question) -> bool:
    """Whether a part of it is said in English alone."""
    return (
        not question.ask_es
        or bool(question.help_en and not question.help_es)
        or (question.kind in CHOOSING and any(not choice.get("es") for choice in question.choices))
    )
