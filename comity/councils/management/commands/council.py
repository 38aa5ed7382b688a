"""`comity council tally FILE.pb`: count a vote on money that is kept as a Pabulib file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.core.councils.equal_shares import Completion, equal_shares
from comity.core.councils.pabulib import MOST_BYTES, Votes, read
from comity.core.councils.spending import Outcome, greedy, phragmen
from comity.core.errors import DomainError
from comity.ui.money import units

METHODS: dict[str, Callable[..., Outcome]] = {
    "equal-shares": equal_shares,
    "phragmen": phragmen,
    "greedy": greedy,
}


class Command(BaseCommand):
    help = "Count a vote on money. The database is neither read nor written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="tally")
        tally = acts.add_parser("tally", help="say which projects of a .pb file win, and what they cost")
        tally.add_argument("file", type=Path, metavar="FILE.pb")
        tally.add_argument("--method", choices=METHODS, required=True, help="how the budget is spent")
        told = "how equal-shares spends what the shares leave; raised, unless given"
        tally.add_argument("--completion", choices=[each.value for each in Completion], help=told)
        tally.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(
        self, *, file: Path, method: str, completion: str | None, as_json: bool, **_options: Any
    ) -> None:
        if completion and method != "equal-shares":
            raise CommandError("Only equal-shares has a completion.")
        try:
            found = read(_bytes(file))
            count = (
                partial(equal_shares, completion=Completion(completion)) if completion else METHODS[method]
            )
            outcome = count(found.costs, found.ballots, found.budget)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        for note in (*found.notes, *_cannot_win(outcome)):
            self.stderr.write(note)
        self.stdout.write(json.dumps(as_plain(outcome)) if as_json else "\n".join(sentences(found, outcome)))


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error


def as_plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "projects": list(outcome.items),
        "cost": _number(outcome.cost),
        "endowment": None if outcome.endowment is None else _number(outcome.endowment),
    }


def _number(amount: Fraction) -> int | float:
    return int(amount) if amount.denominator == 1 else float(amount)


def _cannot_win(outcome: Outcome) -> Iterator[str]:
    for project in outcome.vote.too_dear:
        yield f"Project {project} costs more than the whole budget, so it cannot win."


def sentences(found: Votes, outcome: Outcome) -> Iterator[str]:
    for place, step in enumerate(outcome.steps, start=1):
        named = " ".join([step.item, found.projects.get(step.item, {}).get("name", "")]).strip()
        tied = f"; tied with {', '.join(step.tied)}" if step.tied else ""
        after = "; by completion" if step.completed else ""
        yield f"{place}. {named}: costs {units(step.cost)}, {units(step.votes)} votes{tied}{after}"
    if outcome.stopped_by:
        yield f"The next would be {outcome.stopped_by}, which costs more than is left."
    yield f"{len(outcome.steps)} of {len(found.costs)} projects, {units(outcome.cost)} of {units(found.budget)}."
    if outcome.endowment is not None:
        yield f"The share of each voter in the end: {units(outcome.endowment)}."
