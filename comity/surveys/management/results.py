"""`comity wave results KEY`: what a wave says, for people and for scripts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comity.core.surveys import percent, rounded
from comity.surveys.models import Mode, Wave
from comity.surveys.services import counting
from comity.surveys.services.results import QuestionResult, Results, results_of
from comity.surveys.services.results_export import VERDICTS, plain


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("key", help="the key of the wave, as `list` says it")
    parser.add_argument(
        "--against",
        metavar="KEY",
        help="the wave to compare with; the one it was set to, unless said otherwise",
    )
    parser.add_argument(
        "--questions",
        metavar="A,B",
        help="only these questions; their changes are judged together. Otherwise the survey's core questions are",
    )
    parser.add_argument(
        "--json", action="store_true", dest="as_json", help="print one JSON object, unrounded"
    )


def handle(
    command: BaseCommand, *, key: str, against: str | None, questions: str | None, as_json: bool, **_more: Any
) -> None:
    """Print the results of a wave. Raises CommandError for a wave or a question there is not."""
    wave = wave_of(key)
    before = wave.against if against is None else wave_of(against)
    if before == wave:
        raise CommandError(f"{key!r} cannot be compared with itself.")
    chosen = None if questions is None else _chosen(wave, questions)
    for one in (wave, before):
        if one is not None and one.is_open and one.mode == Mode.NAMED and counting.is_stale(one):
            counting.refresh(one)
            one.refresh_from_db()
    if before is not None:
        counting.pair_up(wave, before)
    results = results_of(wave, against=before, questions=chosen)
    if as_json:
        command.stdout.write(json.dumps(plain(results), ensure_ascii=False))
        return
    for line in _lines(results):
        command.stdout.write(line)


def wave_of(key: str) -> Wave:
    """Raises CommandError for a key that no wave has."""
    wave = Wave.objects.select_related("version", "against").filter(key=key).first()
    if wave is None:
        raise CommandError(f"There is no wave with the key {key!r}.")
    return wave


def _chosen(wave: Wave, said: str) -> list[str]:
    known = list(wave.version.questions.values_list("key", flat=True))
    chosen = [key.strip() for key in said.split(",") if key.strip()]
    for key in chosen:
        if key not in known:
            raise CommandError(f"“{wave}” does not ask {key!r}. It asks: {', '.join(known)}.")
    if not chosen:
        raise CommandError("Name at least one question, or leave --questions out.")
    return chosen


def _lines(results: Results) -> Iterator[str]:
    answered = (
        "how many answered is not shown yet" if results.answered is None else f"{results.answered:,} answered"
    )
    yield f"{results.wave}: {results.invited:,} invited, {results.reached:,} reached, {answered}."
    for one in results.questions:
        yield f"{one.question.key}  {_told(one)}"
    if results.drivers is not None and not results.drivers.enough:
        yield f"Too few to rank drivers: {results.drivers.n} answered all of them, and it takes 50."
    for driver in results.drivers.drivers if results.drivers and results.drivers.enough else ():
        importance = "-" if driver.importance is None else f"{percent(driver.importance)}%"
        rho = "-" if driver.rho is None else f"{rounded(driver.rho, 2)}"
        yield f"driver {driver.key}  importance {importance}, rho {rho}"
    if results.alpha is not None and results.alpha.value is not None:
        yield f"alpha {rounded(results.alpha.value, 2)} of {results.alpha.n:,}"


def _told(one: QuestionResult) -> str:
    if one.is_hidden:
        return "too few to show"
    if one.summary is None:
        return f"{one.n:,} in their own words"
    parts = [f"{one.n:,} answered"]
    if one.summary.mean is not None:
        parts.append(f"mean {rounded(one.summary.mean)}")
    if one.summary.top is not None and one.summary.top.share is not None:
        parts.append(f"{percent(one.summary.top.share)}% good")
    if one.change is not None:
        parts.append(VERDICTS[one.change.verdict])
    return ", ".join(parts)
