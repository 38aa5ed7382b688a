"""Read and write votes on money as Pabulib's `.pb` files: pabulib.org/format, docs/calculations/council-budget.md."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from comity.core.councils.ballots import Approval
from comity.core.errors import DomainError

MOST_BYTES = 16_000_000
SECTIONS = ("META", "PROJECTS", "VOTES")
AMOUNT = re.compile(r"(\d{1,15})(?:[.,](\d{1,9}))?")
# What a method that spends a budget makes of a kind of ballot: it asks whom an item has behind it, and no more.
KINDS = {
    "approval": "",
    "choose-1": "",
    "ordinal": "The ballots are ranked. Every project on a ballot counts as backed; its rank is not used.",
    "cumulative": "The ballots have points. Every project with points counts as backed; how many is not used.",
    "scoring": "The ballots have scores. Every project with a score above zero counts as backed; how high is not used.",
}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Votes:
    """A vote on money, as a file has it.

    ballots           each voter is one by itself, or one of those that the column `partner` names alike
    meta              of the whole, by key
    projects, voters  what else is said of each, by column; of voters also how the file has their vote
    notes             what of the file is not used or does not fit, in sentences
    lines             of each voter
    """

    budget: Fraction
    costs: Mapping[str, Fraction]
    ballots: Sequence[Approval]
    meta: Row = field(default_factory=dict)
    projects: Mapping[str, Row] = field(default_factory=dict)
    voters: Mapping[str, Row] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)


def read(data: bytes) -> Votes:
    """Read a file: UTF-8, three sections, each with a line of column names; further columns are kept.

    Raises DomainError, with the line, for what is too large or no such file, and for a project or a voter named twice, a
    vote for an unknown project, an amount that is none, or a budget of zero.
    """
    if len(data) > MOST_BYTES:
        raise DomainError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        found = _sections(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DomainError("This is no .pb file: it is not text that can be read.") from error
    if missing := [section for section in SECTIONS if section not in found]:
        raise DomainError(f"This is no .pb file: it has no section {missing[0]}.")
    meta = {row["key"].lower(): row["value"] for _, row in found["META"] if row["key"].lower() != "key"}
    kind = meta.get("vote_type", "").lower()
    if kind not in KINDS:
        raise DomainError(f"META has to give a vote_type that is one of: {', '.join(KINDS)}.")
    budget = _amount(meta.get("budget", ""), "The budget in META")
    if not budget:
        raise DomainError("The budget in META has to be more than zero.")
    projects, voters = _by_id(found["PROJECTS"], "project_id"), _by_id(found["VOTES"], "voter_id")
    costs = {
        name: _amount(row.pop("cost", ""), f"The cost of project {name}")
        for name, (_, row) in projects.items()
    }
    return Votes(
        budget,
        costs,
        [
            Approval(
                voter,
                row.get("partner") or voter,
                _backed(row, line, costs, points=kind in {"cumulative", "scoring"}),
            )
            for voter, (line, row) in voters.items()
        ],
        meta,
        {name: row for name, (_, row) in projects.items()},
        {name: row for name, (_, row) in voters.items()},
        tuple(_notes(meta, kind, len(projects), len(voters))),
        {name: line for name, (line, _row) in voters.items()},
    )


def write(found: Votes) -> str:
    """The file's text; `read` gives the same again. Where META does not say otherwise, its votes are approvals."""
    counted = {"num_projects": str(len(found.costs)), "num_votes": str(len(found.ballots))}
    meta = {"vote_type": "approval"} | dict(found.meta) | counted | {"budget": _plain(found.budget)}
    projects = [
        {"project_id": name, "cost": _plain(cost)} | dict(found.projects.get(name, {}))
        for name, cost in found.costs.items()
    ]
    voters = [
        {"voter_id": each.seat, "vote": ",".join(each.backed)} | dict(found.voters.get(each.seat, {}))
        for each in found.ballots
    ]
    text = StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\n")
    out.writerows([["META"], ["key", "value"], *meta.items()])
    for section, least, rows in (
        ("PROJECTS", ["project_id", "cost"], projects),
        ("VOTES", ["voter_id", "vote"], voters),
    ):
        columns = list(dict.fromkeys([*least, *(column for row in rows for column in row)]))
        out.writerows([[section], columns, *([row.get(column) for column in columns] for row in rows)])
    return text.getvalue()


def _sections(text: str) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """The rows of each section with their lines, each by the names of its columns."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    rows: list[tuple[int, dict[str, str]]] = []
    columns: list[str] | None = None
    lines = csv.reader(StringIO(text, newline=""), delimiter=";")
    for cells in lines:
        row = [cell.strip() for cell in cells]
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        title = row[0].upper()
        if title in SECTIONS and len(row) == 1 and title not in found:
            # Some files leave out the line of column names in META, where it says nothing.
            rows, columns = found.setdefault(title, []), ["key", "value"] if title == "META" else None
        elif columns is None:
            columns = [cell.lower() for cell in row]
        else:
            # What a line has more than columns belongs to the last of them: a text with semicolons, and no quotes.
            last = len(columns) - 1
            rows.append(
                (lines.line_num, dict(zip(columns, [*row[:last], ";".join(row[last:])], strict=False)))
            )
    return found


def _by_id(rows: list[tuple[int, dict[str, str]]], column: str) -> dict[str, tuple[int, dict[str, str]]]:
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for line, row in rows:
        if not (name := row.pop(column, "")):
            raise DomainError(f"Line {line}: {column} is missing.")
        if name in found:
            raise DomainError(f"Line {line}: {column} {name} stands on line {found[name][0]} already.")
        found[name] = line, row
    return found


def _backed(row: Row, line: int, costs: Collection[str], *, points: bool) -> tuple[str, ...]:
    named = _listed(row.get("vote", ""))
    if unknown := [project for project in named if project not in costs]:
        raise DomainError(f"Line {line}: there is no project “{unknown[0]}”.")
    given = (
        [_amount(each, f"Line {line}: “{each}”") for each in _listed(row.get("points", ""))] if points else []
    )
    if given and len(given) != len(named):
        raise DomainError(f"Line {line}: there have to be as many points as projects.")
    return tuple(project for project, each in zip(named, given, strict=True) if each) if given else named


def _amount(text: str, what: str) -> Fraction:
    match = AMOUNT.fullmatch(text.replace(" ", ""))
    if not match:
        raise DomainError(f"{what} is not a number of zero or more.")
    return Fraction(f"{match[1]}.{match[2] or 0}")


def _plain(amount: Fraction) -> str:
    return f"{Decimal(amount.numerator) / amount.denominator:f}"


def _listed(text: str) -> tuple[str, ...]:
    """Names with commas between them; some files say "none" where there is nothing."""
    return tuple(name for part in text.split(",") if (name := part.strip()) and name.lower() != "none")


def _notes(meta: Row, kind: str, projects: int, votes: int) -> Iterator[str]:
    if KINDS[kind]:
        yield KINDS[kind]
    for key, noun, there in (("num_projects", "projects", projects), ("num_votes", "votes", votes)):
        if meta.get(key, str(there)) != str(there):
            yield f"META says {meta[key]} {noun}; the file has {there}, and these are counted."
