"""What changed from one version to another, and when a question is asked, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from comity.surveys.models import Question, Version
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.answers import offered, posted
from comity.surveys.services.building.checks import called, short
from comity.surveys.services.building.drafts import WORDS


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
    return _("only if “%(other)s” is %(answers)s") % {"other": short(other), "answers": _either(answers)}


def answer_words(question: Question, value: Any) -> str:
    """One answer as a condition names it: "4", "Yes", the words of a choice, "I don’t know"."""
    if value == DONT_KNOW:
        return _("I don’t know")
    return dict(offered(question, "en")).get(str(posted(value)), str(value))


def _either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def differences(
    older: Version, newer: Version, before: Sequence[Question], after: Sequence[Question]
) -> list[str]:
    """Each difference as a sentence: what is new, gone, said otherwise, asked at another place.

    before, after  the questions of the two versions, in their order
    """
    old, new = {each.key: each for each in before}, {each.key: each for each in after}
    come, gone = [new[key] for key in new if key not in old], [old[key] for key in old if key not in new]
    said = [_("New: “%(question)s”") % {"question": short(each)} for each in come]
    said += [_("No longer asked: “%(question)s”") % {"question": short(each)} for each in gone]
    for key, question in new.items():
        if key in old:
            said += _changes(old[key], question, after)
    said += _moves([key for key in old if key in new], [key for key in new if key in old], new)
    return [*said, *_texts(older, newer)]


def _texts(older: Version, newer: Version) -> Iterator[str]:
    for name in WORDS:
        said = {"field": called(Version, name), "was": getattr(older, name), "now": getattr(newer, name)}
        if said["was"] != said["now"]:
            title = name.startswith("title")
            yield (
                _("The %(field)s “%(was)s” is now “%(now)s”") if title else _("Reworded: %(field)s")
            ) % said


def _changes(was: Question, now: Question, after: Sequence[Question]) -> Iterator[str]:
    condition = condition_words(now, after)
    named = {"question": short(now), "was": short(was), "now": short(now), "kind": now.get_kind_display()}
    named["condition"] = condition
    if was.ask_en != now.ask_en:
        yield _("“%(was)s” is now asked as “%(now)s”") % named
    if was.ask_es != now.ask_es:
        yield (
            _("“%(question)s” has a new Spanish translation")
            if was.ask_es
            else _("“%(question)s” is now asked in Spanish too")
        ) % named
    if (was.help_en, was.help_es) != (now.help_en, now.help_es):
        yield _("“%(question)s” has a new hint") % named
    if was.kind != now.kind:
        yield _("“%(question)s” is now answered as “%(kind)s”") % named
    yield from _choices(was, now)
    if (was.show_if_question, was.show_if_values) != (now.show_if_question, now.show_if_values):
        yield (
            _("“%(question)s” is now asked %(condition)s")
            if condition
            else _("“%(question)s” is now always asked")
        ) % named
    if (was.driver, was.outcome, was.core) != (now.driver, now.outcome, now.core):
        yield _("“%(question)s” now counts differently in the figures") % named
    if was.dont_know != now.dont_know:
        yield (
            _("“%(question)s” can now be answered “I don’t know”")
            if now.dont_know
            else _("“%(question)s” can no longer be answered “I don’t know”")
        ) % named


def _choices(was: Question, now: Question) -> Iterator[str]:
    old, new = ({choice["key"]: choice["en"] for choice in each.choices} for each in (was, now))
    for key, words in new.items():
        named = {"question": short(now), "choice": words, "was": old.get(key)}
        if key not in old:
            yield _("“%(question)s” has a new choice: “%(choice)s”") % named
        elif old[key] != words:
            yield _("“%(question)s”: the choice “%(was)s” is now “%(choice)s”") % named
    for key, words in old.items():
        if key not in new:
            named = {"question": short(now), "choice": words}
            yield _("“%(question)s” no longer has the choice “%(choice)s”") % named


def _moves(old: Sequence[str], new: Sequence[str], questions: dict[str, Question]) -> list[str]:
    """Those that changed places, as few as explain the new order."""
    kept = _longest_in_order([old.index(key) for key in new])
    moved = [key for place, key in enumerate(new) if place not in kept]
    return [_("Moved: “%(question)s”") % {"question": short(questions[key])} for key in moved]


def _longest_in_order(places: Sequence[int]) -> set[int]:
    """Which of these stand in rising order already, as many as can be: their positions in the list."""
    best: list[list[int]] = [[]]
    for at, place in enumerate(places):
        runs = [run for run in best if not run or places[run[-1]] < place]
        best.append([*max(runs, key=len), at])
    whole: list[int] = max(best, key=len)
    return set(whole)
