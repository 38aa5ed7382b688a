"""Figures that need more than the tables: drivers, reliability, weights, the same people before, early and late answers.

Worked out when a wave is counted and kept in `Wave.figures` as plain values; `results` makes core's figures of them again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
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
from comity.surveys.models import Mode, Question, Wave
from comity.surveys.services.answers import core_tally, counted_as, has_good
from comity.surveys.services.counting.sheet import Row, Sheet

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
        **_drivers_and_alpha(sheet, fewest),
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


def _drivers_and_alpha(sheet: Sheet, fewest: int) -> Figures:
    """Which drivers go with satisfaction, and whether they measure one thing.

    None where the survey does not ask for it, or fewer than `fewest` answered all that it takes.
    """
    found: Figures = {"drivers": None, "alpha": None}
    if not sheet.patterns:
        return found
    columns, counts = list(zip(*sheet.patterns, strict=True)), list(sheet.patterns.values())
    overall = columns.pop(0) if sheet.outcome else ()
    answers = {question.key: list(column) for question, column in zip(sheet.drivers, columns, strict=True)}
    if sheet.outcome and (drivers := drivers_of(overall, answers, counts)).n >= fewest:
        found["drivers"] = {"outcome": sheet.outcome.key, **asdict(drivers)}
    if (alpha := cronbach_alpha(answers, counts)).n >= fewest:
        found["alpha"] = asdict(alpha)
    return found


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
        elif row.n and row.counts is not None and has_good(known[row.question]):
            by_question[row.question][row.group] = core_tally(known[row.question], row.counts, n=row.n)
    sized = Partner.objects.exclude(headcount=None)
    heads = {str(pk): headcount for pk, headcount in sized.values_list("pk", "headcount")}
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
    """The counts of each day, of what can be compared, and from which day on answers are late, if a reminder says so."""
    first = _first_reminder(wave)
    columns = [column for column in sheet.columns if has_good(column.question)]
    return {
        "late_from": first and first.isoformat(),
        "days": {
            day.isoformat(): {
                column.question.key: line[column.start : column.n] for column in columns if line[column.n]
            }
            for day, line in sorted(sheet.by_day.items())
        },
    }


def _first_reminder(wave: Wave) -> date | None:
    if wave.rounds <= 1 or wave.opened_at is None or not wave.remind_after_days:
        return wave.reminded_on if wave.rounds == 1 else None
    opened = wave.opened_at.astimezone(office.time_zone()).date()
    return opened + timedelta(days=min(wave.remind_after_days))


# --- the same people ----------------------------------------------------------------------------------------------


def _pairs_with(wave: Wave, before: Wave, asked: Iterable[Question]) -> dict[str, dict[str, int]]:
    """Question -> "3>5" -> how many people answered 3 before and 5 now. Both waves are named."""
    names = {question.key: counted_as(question) for question in asked if has_good(question)}
    found: dict[str, Counter[str]] = {key: Counter() for key in names}
    same = wave.responses.complete().filter(
        person__responses__wave=before, person__responses__is_complete=True
    )
    pairs = same.values_list("answers", "person__responses__answers")
    for now, then in pairs.iterator(chunk_size=BATCH):
        for key, name in names.items():
            after, earlier = (
                None if isinstance(one, list) else name.get(one) for one in (now.get(key), then.get(key))
            )
            if after is not None and earlier is not None:
                found[key][f"{earlier}>{after}"] += 1
    return {key: dict(counts) for key, counts in found.items() if counts}
