"""Usage by hand: rows laid into the store as a load would lay them."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.test import override_settings

from comity.billing.models import Run
from comity.billing.services import running
from comity.billing.tests.made import OCTOBER, BillsTestCase
from comity.core.billing.usage_rows import ROWS
from comity.partners.models import Partner
from comity.services.models import Offering
from comity.usage.models import Batch, Part, Period, Source
from comity.usage.store import Store, rows_name


def lay(period: date, rows: list[dict[str, Any]]) -> Period:
    """Rows of a file that came into a period: `{"partner": ..., "offering": ..., "used": "2.5"}` and what differs."""
    of, _made = Period.objects.get_or_create(first_on=period)
    source, _made = Source.objects.get_or_create(name="hand")
    batch = Batch.objects.create(source=source, name="hand.csv", state=Batch.State.LOADED, added=len(rows))
    whole = [
        {
            **dict.fromkeys(ROWS.names),
            "belongs_to": period,
            "on_day": row.get("belongs_to", period),
            "account": "a",
            "source": "hand",
            "row_id": f"{batch.pk}-{line}",
            "batch": batch.pk,
            "line": line,
            **row,
            "used": Decimal(row.get("used", 0)),
            "cost": row.get("cost") and Decimal(row["cost"]),
        }
        for line, row in enumerate(rows, 1)
    ]
    with Store.here().workshop() as folder:
        pq.write_table(pa.Table.from_pylist(whole, schema=ROWS), folder / "rows")
        sha = Store.here().keep(folder / "rows", rows_name(period, batch.pk, 1))
    Part.objects.create(batch=batch, period=of, turn=1, rows=len(rows), sha256=sha)
    return of


class RunTestCase(BillsTestCase):
    """Bills that are run, of usage in a store of the test's own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        settings = override_settings(DATA=Path(folder.name), USAGE_URL="")
        settings.enable()
        self.addCleanup(settings.disable)

    def used(self, partner: Partner, offering: Offering, used: str, **more: Any) -> dict[str, Any]:
        """A row of usage."""
        return {"partner": partner.pk, "offering": offering.pk, "used": used, **more}

    def run_month(self, month: date = OCTOBER) -> Run:
        """Run by Finn, here and now."""
        period, _made = Period.objects.get_or_create(first_on=month)
        return running.run(period, by=self.finn, here=True)

    def issue_month(self, month: date = OCTOBER) -> Run:
        """Run by Finn, approved by Cora, issued by Finn."""
        made = self.run_month(month)
        running.approve(made.pk, by=self.cora)
        return running.issue(made.pk, by=self.finn)

    def lines(self, of: Run) -> list[tuple[str, str, str, int]]:
        """The lines of a run: partner, offering, kind and cents."""
        rows = of.bills.order_by("number").values_list(
            "partner__code", "lines__offering__code", "lines__kind", "lines__cents"
        )
        return sorted(rows)
