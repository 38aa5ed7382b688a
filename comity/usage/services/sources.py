"""Where usage comes from: a source and what it says of its files, its accounts and meters; and what became of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.people.management.acting import COMMAND_LINE
from comity.people.models import User
from comity.usage.judging import explanation
from comity.usage.models import Batch, Source
from comity.usage.reading import FOCUS, open_rows

SOURCES = Keeping(Source, gettext_lazy("a source of usage"))


def named(name: str, file: Path, *, by: User | None) -> Source:
    """The source of that name; a new one is what its first file looks like. Raises DomainError."""
    known: Source | None = Source.objects.filter(name=name).first()
    if known is not None:
        return known
    is_focus = set(FOCUS.values()) - {"SubAccountId", "ChargeClass"} <= set(open_rows(file).headers)
    layout = Source.Layout.FOCUS if is_focus else Source.Layout.TABLE
    return SOURCES.enter({"name": name, "layout": layout}, by=by or COMMAND_LINE)


def month(text: str) -> date:
    """The first day of a month such as 2026-11. Raises DomainError."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise DomainError(_("“%(text)s” is not a month. Write it like 2026-11.") % {"text": text[:20]})
    return date.fromisoformat(f"{text}-01")


def outcome(batch: Batch) -> dict[str, Any]:
    """What became of a file, as JSON."""
    reasons = batch.set_asides.order_by("reason").values_list("reason").annotate(sum=Sum("rows"))
    return {
        "file": batch.name,
        "source": batch.source.name,
        "batch": batch.pk,
        **batch.counts,
        "periods": {f"{month:%Y-%m}": rows for month, rows in batch.by_month.items()},
        "reasons": dict(reasons),
    }


def sentences(batch: Batch) -> Iterator[str]:
    """What became of a file, in sentences; the reasons of most rows at the end."""
    if batch.known == batch.rows_in:
        yield _("Every row of this file is known already, so nothing was changed.")
    yield _(
        "%(in)s rows in = %(added)s added + %(known)s known already + %(excluded)s left out by rule + %(set_aside)s set aside."
    ) % {name: f"{count:,}" for name, count in batch.counts.items()}
    if others := batch.source.batches.aggregate(rows=Sum("set_aside"))["rows"] - batch.set_aside:
        yield _(
            "Rows of earlier files that are still set aside: %(n)s. Mend them on the page of the source."
        ) % {"n": f"{others:,}"}
    for group in batch.set_asides.all()[:10]:
        yield f"{group.rows:,}: {explanation(group.reason, group.said)}"
