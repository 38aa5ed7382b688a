"""Figures that need more than the tables: drivers, reliability, weights, the same people before, early and late answers.

Worked out when a wave is counted and kept in `Wave.figures` as plain values; `results` makes core's figures of them again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from comity.core.surveys import (
    FEWEST_PAIRS,
    Tally,
    Weighted,
    by_head_count,
    cronbach_alpha,
    drivers_of,
    one_vote_each,
)
from comity.office import services as office
from comity.partners.models import Partner
from comity.surveys.models import Mode, Question, Response, Wave
from comity.surveys.services.answers import core_tally, counted_as, scale_of
from comity.surveys.services.counting.sheet import Counts, Row, Sheet

Figures = dict[str, Any]
# So many people have to be in both waves before they are compared one by one.
FEWEST_IN_COMMON = FEWEST_PAIRS
BATCH = 2_000


def figures_of(wave: Wave, sheet: Sheet, rows: Iterable[Row]) -> Figures:
    """All that is kept of a wave beside its tables.

    rows  the tables as they will be shown; weighted means are formed of partners that are shown, and of no others
    """
    fewest = wave.smallest_group if wave.hides_who else 0
    figures: Figures = {
        "answered": sheet.answered,
        "drivers": _drivers(sheet, fewest),
        "alpha": _alpha(sheet, fewest),
        "weights": _weights(wave, sheet, rows),
    }
    if not wave.hides_who:
        figures["early_late"] = _early_late(wave, sheet)
        figures["pairs"] = {}
        if wave.against is not None and wave.against.mode == Mode.NAMED:
            asked = [column.question for column in sheet.columns]
            figures["pairs"] = {str(wave.against_id): _pairs_with(wave, wave.against, asked)}
    return figures


def pair_up(wave: Wave, before: Wave) -> None:
    """Find the people who answered in both waves, in memory, where that was not done when the wave was counted.

    One query that reads single answers: for a command, not for a page.
    """
    pairs = wave.figures.setdefault("pairs", {})
    if wave.mode == before.mode == Mode.NAMED and str(before.pk) not in pairs:
        pairs[str(before.pk)] = _pairs_with(wave, before, wave.version.questions.all())


# --- drivers ------------------------------------------------------------------------------------------------------


def _drivers(sheet: Sheet, fewest: int) -> Figures | None:
    """Which drivers go with satisfaction; None where the survey does not ask for both, or fewer than `fewest` answered."""
    if sheet.outcome is None or not sheet.drivers:
        return None
    patterns, counts = list(sheet.patterns), list(sheet.patterns.values())
    if not patterns:
        return None
    overall, *columns = zip(*patterns, strict=True)
    answers = {question.key: list(column) for question, column in zip(sheet.drivers, columns, strict=True)}
    drivers = drivers_of(overall, answers, counts)
    return {"outcome": sheet.outcome.key, **asdict(drivers)} if drivers.n >= fewest else None


def _alpha(sheet: Sheet, fewest: int) -> Figures | None:
    """Whether the drivers measure one thing; None where there are none, or fewer than `fewest` answered all of them."""
    if not sheet.patterns:
        return None
    own = 0 if sheet.outcome is None else 1
    columns = list(zip(*sheet.patterns, strict=True))[own:]
    answers = {question.key: list(column) for question, column in zip(sheet.drivers, columns, strict=True)}
    alpha = cronbach_alpha(answers, list(sheet.patterns.values()))
    return asdict(alpha) if alpha.n >= fewest else None


# --- weights ------------------------------------------------------------------------------------------------------


def _weights(wave: Wave, sheet: Sheet, rows: Iterable[Row]) -> dict[str, Figures]:
    """Question -> its two weighted figures, from the table of partners as it is shown."""
    by_question: dict[str, dict[str, Tally]] = defaultdict(dict)
    known = {column.question.key: column.question for column in sheet.columns}
    partners = 0
    for row in rows:
        if row.table != "partner":
            continue
        if not row.question:
            partners += 1
            continue
        scale = scale_of(known[row.question])
        if row.n and row.counts is not None and scale is not None and scale.top:
            tally = core_tally(known[row.question], row.counts, n=row.n, na=0, skipped=0)
            by_question[row.question][row.group] = tally
    heads = {
        str(pk): headcount
        for pk, headcount in Partner.objects.exclude(headcount=None).values_list("pk", "headcount")
    }
    asked = partners if wave.everyone else None
    return {
        key: {
            "one_vote": _kept(one_vote_each(tallies, asked)),
            "head_count": _kept(by_head_count(tallies, heads)),
        }
        for key, tallies in by_question.items()
    }


def _kept(weighted: Weighted) -> Figures:
    """Without the names of those left out, whose number is enough."""
    return {**asdict(weighted), "left_out": len(weighted.left_out)}


# --- who answers when ---------------------------------------------------------------------------------------------


def _early_late(wave: Wave, sheet: Sheet) -> Figures:
    """The counts of each day, and from which day on answers are late, if a reminder says so."""
    first = _first_reminder(wave)
    return {
        "late_from": first and first.isoformat(),
        "days": {day.isoformat(): _of_day(sheet, line) for day, line in sorted(sheet.by_day.items())},
    }


def _of_day(sheet: Sheet, line: Counts) -> dict[str, Counts]:
    """Question -> how often each answer was given; only what can be compared."""
    return {
        column.question.key: line[column.start : column.n]
        for column in sheet.columns
        if line[column.n] and (scale := scale_of(column.question)) is not None and scale.top
    }


def _first_reminder(wave: Wave) -> date | None:
    if wave.rounds <= 1 or wave.opened_at is None or not wave.remind_after_days:
        return wave.reminded_on if wave.rounds == 1 else None
    opened = wave.opened_at.astimezone(office.time_zone()).date()
    return opened + timedelta(days=min(wave.remind_after_days))


# --- the same people ----------------------------------------------------------------------------------------------


def _pairs_with(wave: Wave, before: Wave, asked: Iterable[Question]) -> dict[str, dict[str, int]]:
    """Question -> "3>5" -> how many people answered 3 before and 5 now. Both waves are named."""
    questions = [one for one in asked if _compares(one)]
    found: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    names = {question.key: counted_as(question) for question in questions}
    same = Response.objects.filter(
        wave=wave,
        is_complete=True,
        person__responses__wave=before,
        person__responses__is_complete=True,
    ).values_list("answers", "person__responses__answers")
    for now, then in same.iterator(chunk_size=BATCH):
        for question in questions:
            key = question.key
            after, earlier = _name(names[key], now.get(key)), _name(names[key], then.get(key))
            if after is not None and earlier is not None:
                found[key][f"{earlier}>{after}"] += 1
    return {key: dict(counts) for key, counts in found.items() if counts}


def _name(names: Mapping[Any, str], value: Any) -> str | None:
    return None if isinstance(value, list) else names.get(value)


def _compares(question: Question) -> bool:
    scale = scale_of(question)
    return scale is not None and bool(scale.top)
