"""`comity wave list|open|remind|close|undo|results KEY`: how waves stand, what is done with one, and what one says."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comity.core.errors import DomainError
from comity.core.surveys import fewest_rows, percent, rounded
from comity.jobs.models import Work
from comity.jobs.progress import Unwatched
from comity.office.services import day_of
from comity.people.management.acting import COMMAND_LINE, actor, add_actor
from comity.people.models import User
from comity.surveys.importing.taking_back import take_back
from comity.surveys.models import Mode, Wave
from comity.surveys.services import closing, counting, response_status, sending, waves
from comity.surveys.services.results import QuestionResult, Results, results_of
from comity.surveys.services.results_context import plain


class Command(BaseCommand):
    help = (
        "List the waves of surveys, open one and invite its audience, remind those who have not answered, close one and "
        "freeze its figures, take back one that was imported, or read its results."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="list|open|remind|close|undo|results")
        listing = acts.add_parser("list", help="the waves, and how many have answered")
        listing.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        for name, told in (
            ("open", "freeze its questions and invite its audience"),
            ("remind", "remind those who have not answered"),
            ("close", "take no more answers, count them and freeze the figures"),
            ("undo", "take back answers that were imported, and the wave that was made for them"),
        ):
            act = acts.add_parser(name, help=told)
            act.add_argument("key", help="the key of the wave, as `list` shows it")
            add_actor(act)
        _add_results(acts.add_parser("results", help="the figures of a wave"))

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "results":
            self._results(**options)
            return
        if act == "list":
            self._list(as_json=options["as_json"])
            return
        wave, by = wave_of(options["key"]), actor(options["email"])
        try:
            said = take_back(wave, by=by) if act == "undo" else _done(act, wave, by or COMMAND_LINE)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(said)

    def _list(self, *, as_json: bool) -> None:
        rows = response_status.with_counts(Wave.objects.select_related("version__survey")).order_by("-pk")
        items = [_item(row) for row in rows]
        if as_json:
            self.stdout.write(json.dumps({"count": len(items), "waves": items}, ensure_ascii=False))
            return
        for item in items:
            until = f"  until {item['closes_on']}" if item["closes_on"] else ""
            answered = f"{item['answered']} of {item['reached']} answered, {item['asked']} asked"
            if item["reached"] is None:
                answered = f"{item['answered']} answered"
            self.stdout.write(
                f"{item['key']}  {item['state']}  {item['mode']}  {answered}{until}  {item['name']}"
            )
        self.stdout.write(f"{len(items)} in all.")

    def _results(
        self, *, key: str, against: str | None, questions: str | None, as_json: bool, **_more: Any
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
            self.stdout.write(json.dumps(plain(results), ensure_ascii=False))
            return
        for line in _lines(results):
            self.stdout.write(line)


def _item(row: Any) -> dict[str, Any]:
    """One wave as scripts read it; these keys stay. While an anonymous or confidential wave is open, `answered` is
    rounded down to a multiple of its smallest group."""
    rounded = row.hides_who and row.state != Wave.State.CLOSED
    return {
        "key": row.key,
        "name": row.name,
        "survey": row.version.survey.key,
        "version": row.version.number,
        "mode": row.mode,
        "state": row.state,
        "asked": row.asked,
        "reached": row.reached,
        "answered": row.given - row.given % row.smallest_group if rounded else row.given,
        "rounded": rounded,
        "opened_on": day_of(row.opened_at).isoformat() if row.opened_at else None,
        "closes_on": row.closes_on.isoformat() if row.closes_on else None,
    }


# What begins an act and gives its work, and what does the work.
ACTS: dict[str, tuple[Callable[..., Work], Callable[..., str]]] = {
    "open": (waves.open_wave, sending.invite),
    "remind": (waves.remind, sending.remind),
    "close": (closing.close_wave, closing.finish),
}


def _done(act: str, wave: Wave, by: User | str) -> str:
    """The command does the work itself; a worker that was quicker keeps what it says."""
    begin, do = ACTS[act]
    work = begin(wave.pk, by=by)
    said = do(Unwatched(), **work.arguments)
    Work.objects.filter(pk=work.pk, state=Work.State.WAITING).update(
        state=Work.State.DONE, message=said, finished_at=timezone.now()
    )
    return said


def _add_results(parser: ArgumentParser) -> None:
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
    asked = "gathered elsewhere, how many were asked is not known"
    if results.invited is not None and results.reached is not None:
        asked = f"{results.invited:,} invited, {results.reached:,} reached"
        if results.wave.imported:
            asked = f"gathered elsewhere, {results.invited:,} could have answered"
    yield f"{results.wave}: {asked}, {answered}."
    for one in results.questions:
        yield f"{one.question.key}  {_told(one)}"
    if results.drivers is not None and not results.drivers.enough:
        fewest = fewest_rows(len(results.drivers.drivers))
        yield f"Too few to rank drivers: {results.drivers.n} answered all of them, and it takes {fewest}."
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
        parts.append(one.change.verdict.replace("_", " "))
    return ", ".join(parts)
