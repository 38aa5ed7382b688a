"""`comity import responses FILE --wave KEY`: bring in answers that were gathered elsewhere, or rehearse it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.core.errors import DomainError
from comity.imports.management.bringing import add_options, pair, tell, write_lines
from comity.people.management.acting import COMMAND_LINE, actor
from comity.surveys.services import gathered
from comity.surveys.services.gathered import Outcome, Spec
from comity.surveys.services.gathered.rows import OURS
from comity.ui.csv import lines


def _pair(text: str) -> tuple[str, str]:
    left, right = pair(text)
    if not left or not right:
        raise ArgumentTypeError(f"{text!r} does not say COLUMN=QUESTION")
    return left, right


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise ArgumentTypeError(f"{text!r} is no number of people")
    return int(text)


class Command(BaseCommand):
    help = (
        "Bring in answers that were gathered elsewhere, one row for each person, from a CSV or XLSX file. The wave, and "
        "its rating questions, are made from the columns when there is no wave of this key. Rows that cannot be taken "
        "are set aside with their reasons. The same file again changes nothing: a row is known by what it says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument("--wave", required=True, metavar="KEY", help="the wave they belong to")
        parser.add_argument(
            "--map",
            dest="mapping",
            action="append",
            default=[],
            type=_pair,
            metavar="COLUMN=QUESTION",
            help="which question a column answers, by its key; COLUMN=partner names the body by code, FIPS code or name",
        )
        parser.add_argument(
            "--driver",
            dest="drivers",
            action="append",
            default=[],
            type=_pair,
            metavar="COLUMN=DRIVER",
            help="what a rating may drive; the first rating that drives nothing is what the drivers explain",
        )
        parser.add_argument(
            "--na",
            action="append",
            default=[],
            metavar="CODE",
            help="what cells say for “I don’t know”; also 8,9",
        )
        parser.add_argument(
            "--scale", help="1-5, 0-10, 1-7 or 0-1 for the questions that are made; 1-5 if not said"
        )
        parser.add_argument("--name", default="", help="what a wave that is made is called")
        parser.add_argument(
            "--population", type=_count, metavar="N", help="how many could have answered, where that is known"
        )
        parser.add_argument(
            "--raise",
            dest="raise_low",
            action="store_true",
            help="raise a follow-up for each answer with a low rating",
        )
        add_options(parser)

    def handle(
        self,
        *,
        file: Path,
        wave: str,
        mapping: list[tuple[str, str]],
        drivers: list[tuple[str, str]],
        na: list[str],
        scale: str | None,
        name: str,
        population: int | None,
        raise_low: bool,
        dry_run: bool,
        set_aside: Path | None,
        as_json: bool,
        email: str | None,
        **_options: Any,
    ) -> None:
        codes = [code.strip() for said in na for code in said.split(",") if code.strip()]
        _refuse_twice(mapping)
        try:
            outcome = gathered.bring(
                file,
                wave_key=wave,
                spec=Spec(dict(mapping), dict(drivers), scale, codes),
                by=actor(email) or COMMAND_LINE,
                name=name,
                population=population,
                raise_low=raise_low,
                rehearse=dry_run,
            )
            if set_aside:
                _write(outcome, set_aside)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{error.filename or file} cannot be opened: {error.strerror or error}."
            ) from error
        problems = [(one.line, one.column, one.reason) for one in outcome.problems]
        more = {"wave": outcome.wave, "raised": outcome.raised}
        tell(self, _counts(outcome), problems, dry_run=dry_run, as_json=as_json, more=more)
        if outcome.raised and not as_json:
            self.stdout.write(f"{outcome.raised:,} follow-ups were raised.")


def _counts(outcome: Outcome) -> dict[str, int]:
    return {
        "rows": outcome.rows,
        "new": outcome.new,
        "changed": outcome.changed,
        "same": outcome.same,
        "set_aside": len(outcome.problems),
    }


def _refuse_twice(mapping: list[tuple[str, str]]) -> None:
    """One column answers one question."""
    for column, _key in mapping:
        if sum(other == column for other, _key in mapping) > 1:
            raise CommandError(f"The column {column!r} is mapped twice.", returncode=2)


def _write(outcome: Outcome, path: Path) -> None:
    """The rows set aside, to be mended and sent again: where, why, and their cells as they stood."""
    kept = [place for place, header in enumerate(outcome.headers) if header.casefold() not in OURS]
    head = [*OURS, *(outcome.headers[place] for place in kept)]
    rows = (
        [
            one.line,
            one.column,
            one.reason,
            *(one.cells[place] if place < len(one.cells) else "" for place in kept),
        ]
        for one in outcome.problems
    )
    write_lines(path, lines(head, rows))
