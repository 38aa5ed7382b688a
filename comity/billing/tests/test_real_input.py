"""Real cloud bills, from their file to ours: every cent lands on a bill, is set aside with a reason, or is left out by a rule.

The file is the FOCUS project's anonymized sample of 1,000 rows. Where it is not beside the repository, the test is skipped.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from comity.billing.models import Line
from comity.billing.services import exporting, running
from comity.billing.tests.made import BillsTestCase, flat
from comity.rates.models import RateVersion
from comity.services.models import Offering
from comity.usage.models import Account, Meter, Period, SetAside, Source
from comity.usage.services import counts, loading

SAMPLE = Path(__file__).parents[4] / "shared/data/focus/focus_sample_1000.csv"
SURCHARGE = Fraction("1.0826")  # VITA's administrative surcharge of 2014-15


@pytest.mark.skipif(not SAMPLE.exists(), reason="the real cloud bills are not beside the repository")
@pytest.mark.dated
class CloudBills(BillsTestCase):
    """One account is nobody's and is set aside; Oracle is left out by a rule; Parks has the largest account, Roads the others."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        settings = override_settings(DATA=self.folder / "data", USAGE_URL="")
        settings.enable()
        self.addCleanup(settings.disable)
        self.real = list(csv.DictReader(StringIO(SAMPLE.read_text(encoding="utf-8"))))

    def cents_of(self, rows: list[dict[str, str]]) -> Fraction:
        return sum((Fraction(row["BilledCost"]) * 100 for row in rows), Fraction())

    def load(self) -> None:
        accounts = sorted({row["SubAccountId"] for row in self.real})
        self.nobody = accounts[0]
        cloud = self.offering("Public cloud", "CLOUD", Offering.Unit.AT_COST, service="Cloud")
        self.rate(cloud, flat("1.0826"), date(2024, 7, 1), basis=RateVersion.Basis.COST)
        rule = {"column": "ProviderName", "is": "Oracle", "why": "Paid from another fund."}
        source = Source.objects.create(name="cloud", layout=Source.Layout.FOCUS, excluded=[rule])
        for name in {row["ServiceName"] for row in self.real}:
            Meter.objects.create(source=source, name=name, offering=cloud)
        for name in accounts[1:]:
            partner = self.parks if name == "11353890204" else self.roads
            Account.objects.create(source=source, name=name, partner=partner)
        path = self.folder / "focus.csv"
        path.write_bytes(SAMPLE.read_bytes())
        batch = loading.receive(path, source=source, name="focus.csv", by=self.finn)
        loading.load(batch.pk, by=self.finn, here=True)

    def test_every_cent_lands_somewhere_and_the_export_agrees(self) -> None:
        self.load()
        months = sorted(Period.objects.values_list("first_on", flat=True))
        every = [counts(Period.objects.get(first_on=month)) for month in months]
        self.assertEqual(sum(each.rows_in for each in every), 1000)
        landed = [
            row for row in self.real if row["ProviderName"] != "Oracle" and row["SubAccountId"] != self.nobody
        ]
        self.assertEqual(sum(each.rated for each in every), len(landed))
        self.assertEqual(
            sum(each.excluded for each in every), sum(row["ProviderName"] == "Oracle" for row in self.real)
        )
        aside = [
            row for row in self.real if row["SubAccountId"] == self.nobody and row["ProviderName"] != "Oracle"
        ]
        self.assertEqual(sum(SetAside.objects.values_list("rows", flat=True)), len(aside))

        runs = []
        for month in months:
            made = running.run(Period.objects.get(first_on=month), by=self.finn, here=True)
            running.approve(made.pk, by=self.cora)
            runs.append(running.issue(made.pk, by=self.finn))
        lines = list(Line.objects.all())
        raw = sum((Fraction(line.raw) for line in lines), Fraction())
        self.assertEqual(raw, self.cents_of(landed) * SURCHARGE)
        self.assertEqual(sum(line.usage_rows for line in lines), len(landed))
        billed = sum(run.total_cents for run in runs)
        differ = sum((Fraction(run.checks["raw_cents"]) - run.total_cents for run in runs), Fraction())
        self.assertEqual(raw - differ, billed)
        self.assertLessEqual(abs(differ), Fraction(len(lines), 2))

        exported: list[dict[str, Any]] = []
        for run in runs:
            out = self.folder / f"{run.period}.csv"
            exporting.write("focus", run, out)
            exported += csv.DictReader(StringIO(out.read_text(encoding="utf-8")))
        self.assertEqual(sum(Decimal(row["BilledCost"]) for row in exported), Decimal(billed).scaleb(-2))
        exact = sum((Fraction(row["x_ExactCost"]) for row in exported), Fraction())
        self.assertEqual(exact * 100, raw)
