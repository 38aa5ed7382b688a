"""What a wave says: read from its tallies and from what was worked out with them, never from single answers.

Pages, files and commands ask for `results_of`, a `breakdown` or `of_group`: at most six queries whatever the size. Where
something is hidden its figures are None. Of a wave that keeps names back everything is, until it closes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from comity.core.surveys import (
    Alpha,
    Change,
    Driver,
    Drivers,
    EarlyLate,
    Interval,
    PairTally,
    Summary,
    Tally,
    Weighted,
    change_between,
    change_within,
    early_and_late,
    judged_together,
    r2_p,
    summarise,
)
from comity.surveys.models import Question, Wave
from comity.surveys.models import Tally as Kept
from comity.surveys.services.answers import core_tally, places, scale_of
from comity.surveys.services.counting import FEWEST_IN_COMMON
from comity.surveys.services.counting.refreshing import ASKED


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was answered to one question, by all or by a group.

    is_hidden    too few answered, or it is not counted yet
    n            how many gave an answer; also of a question in own words, which has no further figures
    na, skipped  None also where only n may be said
    tally        how often each answer was given, in the order of `services.answers.places(question)`
    """

    is_hidden: bool
    n: int | None = None
    na: int | None = None
    skipped: int | None = None
    tally: Tally | None = None
    summary: Summary | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionResult(Figures):
    """The figures of one question.

    change      since the wave compared with; None without one, or where either is hidden or has no good answers
    one_vote    one partner one vote; with `left_out` empty: how many were left out is in `partners` and the table
    head_count  every partner by the number of its people
    early_late  early against late answers; of named waves alone
    """

    question: Question
    change: Change | None = None
    one_vote: Weighted | None = None
    head_count: Weighted | None = None
    early_late: EarlyLate | None = None


@dataclass(frozen=True, kw_only=True)
class GroupResult(Figures):
    """One question's figures in one group: a kind, a tier, a size, a partner.

    group     its key as it was frozen: "county", "Tier 1", "large", a partner's number; "" where there is none
    invited, reached  None where nobody here knows
    answered  how many of the group answered the survey at all; None where hidden
    """

    table: str
    group: str
    invited: int | None
    reached: int | None
    answered: int | None


@dataclass(frozen=True)
class Results:
    """All that is said of a wave as a whole.

    invited, reached  None of answers gathered elsewhere, unless somebody said how many could have answered
    answered    how many sent their answers off; None while that may not be said
    counted_at  when it was counted last; None if it never was
    too_few     nothing of it may be shown
    outcome     the rating that the drivers explain
    drivers     None where the survey does not ask for any; `enough` says whether they are ranked. Like alpha also None
                where names are kept back and too few answered all of them
    alpha       None where there is no block of drivers
    uncounted   how many drivers are not among them: a wave closed long ago kept at most twelve
    """

    wave: Wave
    against: Wave | None
    invited: int | None
    reached: int | None
    answered: int | None
    counted_at: datetime | None
    too_few: bool
    questions: tuple[QuestionResult, ...]
    outcome: Question | None
    drivers: Drivers | None
    alpha: Alpha | None
    by_key: Mapping[str, QuestionResult] = field(default_factory=dict)
    uncounted: int = 0

    @property
    def response_rate(self) -> float | None:
        """How many of those who were reached answered, at most 1: somebody may answer whose mail came back. None before
        that may be said, or where nobody was reached."""
        return None if self.answered is None or not self.reached else min(1.0, self.answered / self.reached)


def results_of(wave: Wave, *, against: Wave | None = None, questions: Iterable[str] | None = None) -> Results:
    """The results of a wave.

    against    the wave to compare with; `wave.against` unless said otherwise
    questions  keys to report, judged as one family; all questions, with the core ones as the family, if not said

    Raises KeyError for a question that the wave does not ask.
    """
    against = against or wave.against
    asked = {one.key: one for one in wave.version.questions.all()}
    reported = list(asked) if questions is None else list(dict.fromkeys(questions))
    tallies = _whole(wave, against)
    own = tallies.get((wave.pk, ""))
    audience = _audience(wave, own)
    found = {key: _result(wave, asked[key], tallies.get((wave.pk, key)), audience[0]) for key in reported}
    if against is not None:
        changes = {
            key: change
            for key, one in found.items()
            if (change := _change(wave, against, one, tallies.get((against.pk, key)))) is not None
        }
        core = [key for key in reported if asked[key].core]
        family = core if core and questions is None else reported
        changes |= judged_together({key: changes[key] for key in family if key in changes})
        found = {key: replace(one, change=changes.get(key)) for key, one in found.items()}
    outcome, drivers = asked.get((wave.figures.get("drivers") or {}).get("outcome", "")), _drivers(wave)
    asks = [one for one in asked.values() if one.is_numeric and one.driver and one != outcome]
    return Results(
        wave=wave,
        against=against,
        invited=audience[0],
        reached=audience[1],
        answered=wave.figures.get("answered"),
        counted_at=wave.figures_at,
        too_few=own is None or own.is_hidden,
        questions=tuple(found.values()),
        outcome=outcome,
        drivers=drivers,
        alpha=None if not wave.figures.get("alpha") else Alpha(**wave.figures["alpha"]),
        by_key=found,
        uncounted=len(asks) - len(drivers.drivers) if drivers else 0,
    )


def breakdown(
    wave: Wave, question: Question, table: str, *, groups: Collection[str] | None = None
) -> tuple[GroupResult, ...]:
    """One question by the groups of one table, in the order of their keys. One query.

    table   a `Tally.Table`: kind, tier, size or partner
    groups  only these groups (keys of partners as text, for one page of many); all if not said
    """
    rows = Kept.objects.filter(wave=wave, table=table, question__in=["", question.key])
    if groups is not None:
        rows = rows.filter(group__in=groups)
    own: dict[str, Kept] = {}
    answers: dict[str, Kept] = {}
    for row in rows.order_by("group"):
        (answers if row.question else own)[row.group] = row
    return tuple(_group(wave, question, row, answers.get(group)) for group, row in own.items())


def rows_of_group(waves: Iterable[Wave | None], table: str, group: str) -> dict[int, dict[str, Kept]]:
    """What was counted of one group in each of some waves, by question. One query."""
    found: dict[int, dict[str, Kept]] = defaultdict(dict)
    for row in Kept.objects.filter(wave__in=[wave for wave in waves if wave], table=table, group=group):
        found[row.wave_id][row.question] = row
    return found


def of_group(wave: Wave, rows: Mapping[str, Kept]) -> dict[str, GroupResult]:
    """One group's figures, of each question it was counted for, from its rows."""
    own = rows.get("")
    if own is None:
        return {}
    asked = {one.key: one for one in wave.version.questions.all()}
    return {key: _group(wave, question, own, rows.get(key)) for key, question in asked.items()}


def _whole(wave: Wave, against: Wave | None) -> dict[tuple[int, str], Kept]:
    waves = [wave.pk] if against is None else [wave.pk, against.pk]
    rows = Kept.objects.filter(wave__in=waves, table=Kept.Table.ALL)
    return {(row.wave_id, row.question): row for row in rows}


def _audience(wave: Wave, own: Kept | None) -> tuple[int | None, int | None]:
    """How many were invited and reached; None where nobody here knows."""
    if wave.imported:
        return wave.population, wave.population
    if own is not None:
        return own.invited, own.reached
    counts = wave.participants.aggregate(**ASKED)
    return counts["invited"], counts["reached"]


def _figures(wave: Wave, question: Question, row: Kept | None, invited: int | None) -> dict[str, Any]:
    """The `Figures` of a row; intervals are narrowed by how many were invited, where that is all who could have answered."""
    if row is None or row.n is None:
        return {"is_hidden": True}
    figures: dict[str, Any] = {"is_hidden": False, "n": row.n, "na": row.na, "skipped": row.skipped}
    if scale_of(question) is not None:
        tally = core_tally(question, row.counts or {}, n=row.n, na=row.na or 0, skipped=row.skipped or 0)
        asked_all = wave.everyone and not question.show_if_question
        known = invited is not None and invited >= tally.n + tally.na and asked_all
        figures |= {"tally": tally, "summary": summarise(tally, invited if known else None)}
    return figures


def _result(wave: Wave, question: Question, row: Kept | None, invited: int | None) -> QuestionResult:
    figures = _figures(wave, question, row, invited)
    if figures["is_hidden"]:
        return QuestionResult(question=question, is_hidden=True)
    weights = wave.figures.get("weights", {}).get(question.key, {})
    return QuestionResult(
        question=question,
        **figures,
        one_vote=_weighted(weights.get("one_vote")),
        head_count=_weighted(weights.get("head_count")),
        early_late=_early_late(wave, question),
    )


def _group(wave: Wave, question: Question, own: Kept, row: Kept | None) -> GroupResult:
    if row is None and own.n == 0:
        row = Kept(n=0, na=0, skipped=0, counts={})  # nobody answered, so nothing was written
    return GroupResult(
        table=own.table,
        group=own.group,
        invited=None if wave.imported else own.invited,
        reached=None if wave.imported else own.reached,
        answered=own.n,
        **_figures(wave, question, row, None if wave.imported else own.invited),
    )


# --- change -------------------------------------------------------------------------------------------------------


def _change(wave: Wave, against: Wave, now: QuestionResult, before: Kept | None) -> Change | None:
    """By the same people where both waves are named and enough of them are in both, else as of different people."""
    if now.tally is None or before is None or before.n is None or not now.tally.scale.top:
        return None
    pairs = _pairs(wave, against, now.question)
    if pairs is not None and pairs.n >= FEWEST_IN_COMMON and 2 * pairs.n >= min(now.tally.n, before.n):
        return change_within(pairs)
    counts = {place: count for place, count in (before.counts or {}).items() if place in places(now.question)}
    if sum(counts.values()) != before.n:
        return None  # it was asked on another scale then
    return change_between(core_tally(now.question, counts, n=before.n), now.tally)


def _pairs(wave: Wave, against: Wave, question: Question) -> PairTally | None:
    kept = wave.figures.get("pairs", {}).get(str(against.pk), {}).get(question.key)
    scale = scale_of(question)
    if not kept or scale is None:
        return None
    value = dict(zip(places(question), scale.values, strict=True))
    pairs = [(*pair.split(">"), count) for pair, count in kept.items()]
    return PairTally(scale, {(value[before], value[after]): count for before, after, count in pairs})


# --- from plain values --------------------------------------------------------------------------------------------


def _weighted(kept: dict[str, Any] | None) -> Weighted | None:
    if not kept or not kept["partners"]:
        return None
    intervals = {key: kept[key] and Interval(**kept[key]) for key in ("mean_ci", "top_ci")}
    return Weighted(**{**kept, **intervals, "left_out": ()})


def _drivers(wave: Wave) -> Drivers | None:
    kept = wave.figures.get("drivers")
    if not kept:
        return None
    drivers = tuple(
        Driver(**{**one, "ci": Interval(**one["ci"]) if one.get("ci") else None}) for one in kept["drivers"]
    )
    n, r2 = kept["n"], kept["r2"]
    p = r2_p(r2, n, len(drivers)) if r2 and kept["enough"] else None
    return Drivers(n, kept["enough"], r2, drivers, p, kept.get("error"))


def _early_late(wave: Wave, question: Question) -> EarlyLate | None:
    kept = wave.figures.get("early_late")
    scale = scale_of(question)
    if not kept or scale is None:
        return None
    days = {
        date.fromisoformat(day): Tally(scale, tuple(counts[question.key]))
        for day, counts in kept["days"].items()
        if question.key in counts
    }
    late_from = kept["late_from"] and date.fromisoformat(kept["late_from"])
    return early_and_late(days, late_from)
