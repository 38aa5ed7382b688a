"""Rows in the store, made by hand: for tests of what is done with usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from comity.core.billing.usage_rows import ROWS
from comity.usage.models import Batch, Part, Period, Source
from comity.usage.store import READ_BY, Store, rows_name


def put_rows(first_on: date, rows: Sequence[Mapping[str, Any]], source: str = "by-hand") -> Batch:
    """A loaded batch with these rows in a period; each says partner, offering and what else matters to the test."""
    period, _made = Period.objects.get_or_create(first_on=first_on)
    of, _made = Source.objects.get_or_create(name=source)
    batch = Batch.objects.create(
        source=of, name="by-hand.csv", state=Batch.State.LOADED, turn=1, rows_in=len(rows), added=len(rows)
    )
    every = [
        {
            "belongs_to": first_on,
            "on_day": first_on,
            "account": "",
            "meter": "",
            "used": Decimal(1),
            "days": None,
            "cost": None,
            "description": "",
            "source": source,
            "row_id": f"{batch.pk}-{line}",
            "content": "",
            "batch": batch.pk,
            "line": line,
            **row,
        }
        for line, row in enumerate(rows, start=2)
    ]
    table = pa.Table.from_pylist(every, ROWS).sort_by([(name, "ascending") for name in READ_BY])
    store = Store.here()
    with store.workshop() as made:
        pq.write_table(table, made / "rows")
        sha256 = store.keep(made / "rows", rows_name(first_on, batch.pk, 1))
    Part.objects.create(batch=batch, period=period, turn=1, rows=len(rows), sha256=sha256)
    return batch
