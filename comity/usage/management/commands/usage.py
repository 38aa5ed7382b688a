"""`comity usage load FILE --source NAME` and `comity usage status [PERIOD]`: bring usage in, and count it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.people.management.acting import ActsCommand, Said, actor, add_actor
from comity.usage.judging import explanation
from comity.usage.models import Batch, Period
from comity.usage.reading import FIELDS
from comity.usage.services import Counts, counts, loading, months

FIELD_NAMES = [field.key for field in FIELDS]


def _pair(text: str) -> tuple[str, str]:
    """ "field=Header" as its two sides."""
    field, sign, header = map(str.strip, text.partition("="))
    if not sign or field not in FIELD_NAMES:
        raise ArgumentTypeError(f"{text!r} is not FIELD=HEADER with a field of: {', '.join(FIELD_NAMES)}")
    return field, header


def _load(*, file: Path, source: str, mapping: Any, email: str | None, **_more: Any) -> Said:
    by = actor(email)
    of = loading.named(source, file, by=by)
    batch = loading.receive(file, source=of, name=file.name, by=by, mapping=dict(mapping))
    try:
        batch = loading.load(batch.pk, by=by, here=True)
    except DomainError:
        Batch.objects.filter(pk=batch.pk).exclude(state=Batch.State.LOADED).delete()
        raise
    if mapping:
        loading.remember(of, batch.mapping, by=by)
    reasons = batch.set_asides.order_by("reason").values_list("reason").annotate(sum=Sum("rows"))
    plain = {
        "file": batch.name,
        "source": batch.source.name,
        "batch": batch.pk,
        **batch.counts,
        "periods": {f"{month:%Y-%m}": rows for month, rows, _late in batch.months},
        "reasons": dict(reasons),
    }
    return plain, sentences(batch)


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


def _status(*, period: str, **_more: Any) -> Said:
    periods = Period.objects.order_by("first_on")
    if period:
        periods = periods.filter(first_on=months.month(period))
    found = {str(each): counts(each) for each in periods}
    lines = [f"{month}: {each}" for month, each in found.items()]
    if period:
        plain = {"period": period, **found.get(period, Counts()).as_json}
        return plain, lines or [f"No usage of {period} is loaded."]
    every = [{"period": month, **each.as_json} for month, each in found.items()]
    return {**counts().as_json, "periods": every}, lines or ["No usage is loaded."]


class Command(ActsCommand):
    help = (
        "Load a file of usage (CSV, XLSX, Parquet or FOCUS 1.0 to 1.2), or count what was loaded. Loading the same file again "
        "changes nothing; rows that cannot be taken are set aside with the reason."
    )
    acts = {
        "load": (_load, "bring the rows of a file in"),
        "status": (_status, "rows in = rated + left out by rule + set aside"),
    }

    def add_arguments(self, parser: ArgumentParser) -> None:
        load, status = self.add_acts(parser, tell=self.acts).values()
        load.add_argument("file", type=Path)
        source = "where it comes from; a new name is a new source"
        load.add_argument("--source", required=True, metavar="NAME", help=source)
        columns = f"the column that holds a field ({', '.join(FIELD_NAMES)}); the others are as last time, or guessed"
        pairs: dict[str, Any] = {"dest": "mapping", "action": "append", "default": [], "type": _pair}
        load.add_argument("--map", metavar="FIELD=HEADER", help=columns, **pairs)
        add_actor(load)
        month = "a month such as 2026-11; all of them, unless given"
        status.add_argument("period", nargs="?", default="", help=month)
