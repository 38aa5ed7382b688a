"""`comity wave list|open|remind|close|results KEY`: how waves stand, what is done with one, and what one says."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.jobs.progress import Unwatched
from comity.people.management.acting import COMMAND_LINE, actor, add_actor
from comity.people.models import User
from comity.surveys.management import results
from comity.surveys.models import Wave
from comity.surveys.services import closing, response_status, sending, waves


class Command(BaseCommand):
    help = (
        "List the waves of surveys, open one and invite its audience, remind those who have not answered, close one and "
        "freeze its figures, or read its results."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="list|open|remind|close|results")
        listing = acts.add_parser("list", help="the waves, and how many have answered")
        listing.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        for name, told in (
            ("open", "freeze its questions and invite its audience"),
            ("remind", "remind those who have not answered"),
            ("close", "take no more answers, count them and freeze the figures"),
        ):
            act = acts.add_parser(name, help=told)
            act.add_argument("key", help="the key of the wave, as `list` shows it")
            add_actor(act)
        results.add_arguments(acts.add_parser("results", help="the figures of a wave"))

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "results":
            results.handle(self, **options)
            return
        if act == "list":
            self._list(as_json=options["as_json"])
            return
        wave, by = results.wave_of(options["key"]), actor(options["email"]) or COMMAND_LINE
        try:
            said = _done(act, wave, by)
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
            self.stdout.write(
                f"{item['key']}  {item['state']}  {item['mode']}  {item['answered']} of {item['reached']} answered, "
                f"{item['asked']} asked{until}  {item['name']}"
            )
        self.stdout.write(f"{len(items)} in all.")


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
        "opened_on": row.opened_at.date().isoformat() if row.opened_at else None,
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
