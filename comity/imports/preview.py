"""A staged row in words; and the rows that were set aside as a file, which can be mended and sent again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.imports.models import PARTLY, Import, ImportRow
from comity.imports.profiles import Profile
from comity.ui.money import money

_MOST_FACTS = 8
_LONGEST_FACT = 60
OURS = ("line", "column", "reason")


def said_of_reading(batch: Import) -> list[str]:
    """What a person should know of how the file was read, in sentences; often nothing."""
    found = batch.found
    said: list[str] = []
    if len(found.get("sheets", [])) > 1:
        names = {"sheet": found["sheet"], "sheets": ", ".join(found["sheets"])[:500]}
        said.append(_("The file has several sheets: %(sheets)s. We read “%(sheet)s”.") % names)
    if found.get("above"):
        text = " · ".join(found["above"])[:300]
        said.append(
            _("The headers are in line %(line)d. We did not read what is above them: %(text)s.")
            % {"line": found["header"], "text": text}
        )
    if hidden := found.get("hidden"):
        sentence = (
            ngettext(
                "%(n)d row is hidden in the sheet. We read it like the others.",
                "%(n)d rows are hidden in the sheet. We read them like the others.",
                hidden,
            )
            if batch.manner.get("hidden", True)
            else ngettext(
                "%(n)d row is hidden in the sheet. We set it aside.",
                "%(n)d rows are hidden in the sheet. We set them aside.",
                hidden,
            )
        )
        said.append(sentence % {"n": hidden})
    if left_out := found.get("left_out"):
        columns = ", ".join(f"{header} ({n})" for header, n in left_out.items())[:500]
        said.append(
            _("We kept these rows, but left out cells that we could not read: %(columns)s.")
            % {"columns": columns}
        )
    return said


def row_changes(profile: Profile, row: ImportRow) -> list[tuple[str, str, str]]:
    """What a row changes: (field, old, new); old is empty where there was nothing."""
    return [
        (
            str(profile.field(key).label if profile.has(key) else _("Position")),
            "" if old in (None, "", []) else shown(profile, key, old),
            shown(profile, key, new),
        )
        for key, (old, new) in row.changes.items()
    ]


def row_facts(batch: Import, row: ImportRow) -> list[tuple[str, str]]:
    """What the row says, as it stands in the file: (header, cell) of the columns that are read.

    Without those of which the reason says already what stands in them.
    """
    told = row.column.split(PARTLY)
    facts = [
        (header, _short(cell))
        for header, cell in zip(batch.headers, row.cells, strict=False)
        if cell.strip() and batch.mapping.get(header) and header not in told
    ]
    return facts[:_MOST_FACTS]


def _short(cell: str) -> str:
    """The beginning of a long cell; a word without end would push the rest off the page."""
    return cell if len(cell) <= _LONGEST_FACT else f"{cell[:_LONGEST_FACT]}…"


def shown(profile: Profile, key: str, value: Any) -> str:
    """A value as people read it: a choice by its label, cents as dollars, lists in one line."""
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if key.endswith("_cents"):
        return money(value)
    if profile.has(key) and (choices := profile.field(key).choices):
        return str(choices().get(value, value))
    return f"{value:,}" if isinstance(value, int) else str(value)[:300]


def set_aside_head(batch: Import) -> list[str]:
    """Line, column and reason, then the file's own headers."""
    headers = _kept(batch)
    taken = {header.casefold() for header in headers}
    return [*(f"{name} (set aside)" if name in taken else name for name in OURS), *headers]


def set_aside_rows(batch: Import) -> Iterator[Sequence[object]]:
    """Each row set aside or kept without some of its cells: where, why, and its cells as they stood in the file."""
    places = [batch.headers.index(header) for header in _kept(batch)]
    for row in left_out_rows(batch).iterator(chunk_size=1_000):
        kept = [row.cells[place] if place < len(row.cells) else "" for place in places]
        yield [row.line, row.column, why(row), *kept, *row.cells[len(batch.headers) :]]


def left_out_rows(batch: Import) -> QuerySet[ImportRow]:
    """Rows that did not come in, or not with all they say, in the order of lines."""
    aside = Q(outcome=ImportRow.Outcome.SET_ASIDE)
    return ImportRow.objects.filter(aside | ~Q(column=""), batch=batch).order_by("line")


def why(row: ImportRow) -> str:
    """Why it was set aside; of a row that is kept, that it is."""
    if row.outcome == ImportRow.Outcome.SET_ASIDE:
        return row.reason
    return _("The row is kept. %(left_out)s") % {"left_out": row.reason}


def _kept(batch: Import) -> list[str]:
    """The file's headers without those of an earlier file of this kind, which say nothing."""
    return [each for each in batch.headers if each.casefold() not in OURS or batch.mapping.get(each)]
