"""Real cloud bills in FOCUS 1.0: every cent is added, set aside with a reason, or left out by a stated rule.

The file is not part of the product. Where it is absent this test is skipped, naming it.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from comity.services.models import Offering, Service
from comity.usage.models import Account, Batch, Meter, Source
from comity.usage.services import counts, loading, mending
from comity.usage.store import Store, left_name
from comity.usage.tests.loaded import UsageTestCase

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "focus" / "focus_sample_1000.csv"


@pytest.mark.skipif(not FILE.exists(), reason=f"needs {FILE}")
@pytest.mark.dated
class RealBills(UsageTestCase):
    def setUp(self) -> None:
        super().setUp()
        with FILE.open(encoding="utf-8", newline="") as file:
            self.said = list(csv.DictReader(file))
        service = Service.objects.create(name="Public cloud", promise="We pass it on.", owner=self.sol)
        cloud = Offering.objects.create(service=service, name="Cloud", code="CLOUD", unit="at-cost")
        self.cloud = loading.named("cloud", FILE, by=self.finn)
        Meter.objects.create(source=self.cloud, name="*", offering=cloud)
        for account in sorted({row["SubAccountId"] for row in self.said} - {"NULL"})[:40]:
            Account.objects.create(source=self.cloud, name=account, partner=self.parks)

    def cents(self, batch: Batch) -> dict[str, Any]:
        """Exact dollars of what is rated, and of what is left by reason or rule."""
        month = [str(path) for path in Store.here().month(date(2024, 9, 1))]
        left = [str(path) for path in Store.here().read([left_name(batch.pk, batch.turn)])]
        with duckdb.connect() as db:
            (rated,) = db.execute("SELECT sum(cost) FROM read_parquet($f)", {"f": month}).fetchone() or (
                None,
            )
            by_reason = """SELECT coalesce(nullif(reason, ''), why), sum(CAST(cells['BilledCost'] AS DECIMAL(38, 11)))
                FROM read_parquet($f) GROUP BY 1"""
            return {"rated": rated, **dict(db.execute(by_reason, {"f": left}).fetchall())}

    def test_every_cent_is_accounted_for(self) -> None:
        self.assertEqual(self.cloud.layout, Source.Layout.FOCUS)
        self.cloud.excluded = [{"column": "ProviderName", "is": "Oracle", "why": "Oracle bills them itself."}]
        self.cloud.save()
        batch = self.load(FILE, self.cloud)
        whole = sum(Decimal(row["BilledCost"]) for row in self.said)
        found = self.cents(batch)
        self.assertEqual(sum(found.values()), whole)
        self.assertEqual(found.keys(), {"rated", "account", "negative", "Oracle bills them itself."})
        self.assertEqual(self.counts(batch)[0], 1000)
        self.assertEqual((batch.excluded, batch.known), (7, 0))
        Account.objects.create(source=self.cloud, name="*", partner=self.roads)
        mending.try_again(self.cloud, by=self.finn)
        self.run_jobs()
        batch.refresh_from_db()
        found = self.cents(batch)
        self.assertEqual(sum(found.values()), whole)
        self.assertEqual(found.keys(), {"rated", "negative", "Oracle bills them itself."})
        negative = [
            row
            for row in self.said
            if row["BilledCost"].startswith("-") and row["ChargeCategory"] != "Credit"
        ]
        self.assertEqual(batch.set_aside, len([row for row in negative if row["ProviderName"] != "Oracle"]))
        self.assertEqual(self.load(FILE, self.cloud).known, 1000)
        self.assertEqual(counts().rows_in, 1000)
        months = {row["belongs_to"] for row in self.rows(date(2024, 9, 1))}
        self.assertEqual(months, {date(2024, 9, 1)})
