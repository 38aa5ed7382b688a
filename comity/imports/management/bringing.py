"""What all commands share that bring in a file: their options, and how they tell what became of its rows."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

from comity.people.management.acting import add_actor


def pair(text: str) -> tuple[str, str]:
    """ "Column=field" as its two sides, either of which may be empty; the last equals sign parts them.

    Raises ArgumentTypeError.
    """
    left, sign, right = text.rpartition("=")
    if not sign:
        raise ArgumentTypeError(f"{text!r} has no equals sign")
    return left.strip(), right.strip()


def add_options(parser: ArgumentParser) -> None:
    """`--dry-run`, `--set-aside`, `--json` and `--as`."""
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would become of the rows, and leave no trace"
    )
    parser.add_argument(
        "--set-aside", type=Path, metavar="OUT.csv", help="write the rows set aside to a file"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    add_actor(parser)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Lines of CSV as they stand: they have their ends already."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def tell(
    command: BaseCommand,
    counts: Mapping[str, int],
    problems: Iterable[tuple[int, str, str]],
    *,
    dry_run: bool,
    as_json: bool,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Say what became of the rows: those set aside with their reasons, then how many came in.

    counts    rows, new, changed, same and set_aside; the last four add up to the first
    problems  line, column ("" where it is the whole row) and reason of each row set aside
    more      what else the object says
    """
    if as_json:
        said = [dict(zip(("line", "column", "reason"), problem, strict=True)) for problem in problems]
        command.stdout.write(json.dumps({**counts, "problems": said, **(more or {})}, ensure_ascii=False))
        return
    for line, column, reason in problems:
        command.stderr.write(f"line {line}{f', {column}' if column else ''}: {reason}")
    verb = "would be" if dry_run else "are"
    command.stdout.write(
        f"{counts['rows']:,} rows: {counts['new']:,} {verb} new, {counts['changed']:,} changed, "
        f"{counts['same']:,} the same, {counts['set_aside']:,} set aside."
    )
