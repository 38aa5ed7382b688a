"""Which answers a figure counted: rows by what was answered to one question, just as the tally sheet counts them.

What is picked is written "question:answer": `ease:2`, `ease:good`, `recommend:0-6`, `how:mail`, `ease:na`, `ease:skipped`;
and `ease` alone is everybody who gave an answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, IsNull
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.partners.models import DuplicateKind, Merge
from comity.surveys.models import Question, ResponseQuerySet, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.models.json_keys import Within, is_one_of
from comity.surveys.services.answers import KIND, counted_as, offered, places, scale_of

GOOD, SKIPPED = "good", "skipped"
CAMPS = ("0-6", "7-8", "9-10")  # in which a recommendation is read
Offered = list[tuple[str, str]]


def picked(question: Question, answer: str = "") -> str:
    """How an answer to a question is written in an address; without one, that there is any."""
    return f"{question.key}:{answer}" if answer else question.key


def choices(questions: Sequence[Question]) -> list[tuple[str, Offered]]:
    """Every question with all that can be picked of it, as it is written and in words."""
    return [(question.said("ask", "en"), _choices(question)) for question in questions]


def _choices(question: Question) -> Offered:
    scale = scale_of(question)
    words = [said for _key, said in offered(question)]
    names = list(counted_as(question).values())
    found = [("", pgettext("answer", "Any answer")), *zip(names, words, strict=True)]
    if question.kind == KIND.RECOMMEND:
        found += [(camp, camp.replace("-", "–")) for camp in CAMPS]
    if scale is not None and scale.top:
        found.append((GOOD, _("Good answers")))
    if DONT_KNOW not in names:
        found.append((DONT_KNOW, _("Don’t know")))
    if SKIPPED not in names:
        found.append((SKIPPED, _("Left empty")))
    return [(picked(question, answer), said) for answer, said in found]


def answering(rows: ResponseQuerySet, questions: Sequence[Question], wanted: str) -> ResponseQuerySet:
    """Those who answered like that. Raises KeyError for a question that is not among these."""
    key, _colon, answer = wanted.partition(":")
    by_key = {question.key: question for question in questions}
    question = by_key[key]
    return rows.filter(_came_up(question, by_key) & _said(question, answer))


def _said(question: Question, answer: str) -> Q:
    kept = [value for value, name in counted_as(question).items() if name in _names(question, answer)]
    if kept:
        return _has(question, kept)
    empty = Q(IsNull(Within("answers", question.key), True)) | _is(question, [None, []])
    if answer == SKIPPED:
        return empty
    if answer == DONT_KNOW:
        return _is(question, [DONT_KNOW])
    if answer or question.kind != KIND.TEXT:
        return Q(pk__in=[])
    return ~empty & ~_is(question, [DONT_KNOW])


def _names(question: Question, answer: str) -> tuple[str, ...]:
    """Under which names what is picked was counted."""
    names = places(question)
    if not answer or answer in names:
        return (answer,) if answer else names
    scale = scale_of(question)
    if answer == GOOD and scale is not None:
        return tuple(name for name, value in zip(names, scale.values, strict=True) if value in scale.top)
    if answer in CAMPS and question.kind == KIND.RECOMMEND:
        low, high = (int(end) for end in answer.split("-"))
        return tuple(name for name in names if low <= int(name) <= high)
    return ()


def _came_up(question: Question, by_key: Mapping[str, Question]) -> Q:
    """Whether it was asked at all: where it follows another's answer, only of those who gave that."""
    if not question.show_if_question:
        return Q()
    before = by_key.get(question.show_if_question)
    if before is None:
        return Q(pk__in=[])
    return _came_up(before, by_key) & _has(before, question.show_if_values)


def _has(question: Question, values: Sequence[Any]) -> Q:
    """One of these was answered, by itself or among others."""
    if question.kind not in (KIND.ONE, KIND.MANY):
        return _is(question, values)
    found = Q(pk__in=[])
    for value in values:
        place = StrIndex(Within("answers", question.key), Value(json.dumps(value)))
        found |= Q(GreaterThan(place, 0))
    return found


def _is(question: Question, values: Sequence[Any]) -> Q:
    return Q(is_one_of("answers", question.key, list(values)))


def as_counted(rows: Any, wave: Wave, keys: Any) -> Any:
    """Answers or participants of some bodies; of a single one as they were when the wave was counted.

    A merge moves them to the survivor, while the tables stay as they were frozen: without this, a figure would open the rows
    of both.
    """
    if not isinstance(keys, list):
        return rows.filter(partner__in=keys)
    (partner_id,) = keys
    went, came = list[int](), list[int]()
    concerned = Q(survivor_id=partner_id) | Q(tombstone_id=partner_id)
    merges = Merge.objects.standing().filter(concerned, kind=DuplicateKind.PARTNER)
    for merge in merges.filter(at__gt=wave.figures_at) if wave.figures_at else ():
        moved = merge.moved.get(f"{rows.model._meta.label}.partner", [])
        (went if merge.tombstone_id == partner_id else came).extend(moved)
    found = rows.filter(Q(partner=partner_id) | Q(pk__in=went)) if went else rows.filter(partner=partner_id)
    return found.exclude(pk__in=came) if came else found
