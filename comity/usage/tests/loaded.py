"""Files of usage made by hand, and loaded at once."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from comity.services.models import Offering, Service
from comity.testing.cast import CastTestCase
from comity.usage.models import Batch, SetAside, Source
from comity.usage.services import loading
from comity.usage.store import Store

HEAD = "Account,Meter,Day,Quantity"


class UsageTestCase(CastTestCase):
    """Telephones are counted for Parks and Roads."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(self.settings(DATA=self.folder / "data"))
        service = Service.objects.create(name="Telephones", promise="You can call.", owner=self.sol)
        self.voice = Offering.objects.create(service=service, name="Line", code="VOICE", unit="device-month")
        self.minutes = Offering.objects.create(service=service, name="Minutes", code="MINUTE", unit="minute")
        self.source = Source.objects.create(name="telco", label="Telephone company")

    def file(self, text: str | bytes, name: str = "usage.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(
        self, text: str | bytes | Path, source: Source | None = None, mapping: Mapping[str, str] | None = None
    ) -> Batch:
        path = text if isinstance(text, Path) else self.file(text)
        batch = loading.receive(
            path, source=source or self.source, name=path.name, by=self.finn, mapping=mapping
        )
        return loading.load(batch.pk, by=self.finn, here=True)

    def counts(self, batch: Batch) -> tuple[int, ...]:
        """Rows in, added, known, left out, set aside."""
        return batch.rows_in, batch.added, batch.known, batch.excluded, batch.set_aside

    def asides(self) -> list[tuple[Any, ...]]:
        return list(SetAside.objects.order_by("reason", "said").values_list("reason", "said", "rows"))

    def rows(self, *months: Any) -> list[dict[str, Any]]:
        """All that is rated in some periods."""
        files = [str(path) for month in months for path in Store.here().month(month)]
        with duckdb.connect() as db:
            found = db.execute("SELECT * FROM read_parquet($files) ORDER BY batch, line", {"files": files})
            rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
            return rows
