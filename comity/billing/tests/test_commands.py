"""`comity bill` and `comity export`: a month's bills from the command line, and for other systems."""

from __future__ import annotations

import csv
import json
import tempfile
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.urls import reverse

from comity.billing.models import Bill, Line, Run
from comity.billing.tests.made import OCTOBER, flat
from comity.billing.tests.rows import RunTestCase, lay
from comity.services.models import CostCenter, CustomerClass, Fund, Offering
from comity.usage.models import Period


class Commands(RunTestCase):
    """October: Parks has three scans and a credit from its cloud, Roads seven scans at the rate of its class."""

    def setUp(self) -> None:
        super().setUp()
        fund = Fund.objects.create(code="6120", name="Technology")
        center = CostCenter.objects.create(code="SEC", name="Security", fund=fund)
        self.scans.service.cost_center = center
        self.scans.service.save(update_fields=["cost_center"])
        small = CustomerClass.objects.create(name="Small")
        small.partners.add(self.roads)
        self.rate(self.scans, flat("20"))
        self.rate(self.scans, flat("15"), customer_class=small)
        cloud = self.offering("Cloud", "CLOUD", Offering.Unit.AT_COST, service="Security")
        self.rate(cloud, flat("1.0826"), basis="cost")
        lay(
            OCTOBER,
            [
                self.used(self.parks, self.scans, "3"),
                self.used(self.parks, cloud, "0", cost="-4.12345678901"),
                self.used(self.roads, self.scans, "7"),
            ],
        )

    def comity(self, command: str, *arguments: object) -> str:
        out = StringIO()
        call_command(command, *map(str, arguments), stdout=out)
        return out.getvalue().strip()

    def run_json(self, *more: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(
            self.comity("bill", "run", "2026-10", "--json", "--as", self.finn.email, *more)
        )
        return said

    def refused(self, words: str, *arguments: object) -> None:
        with self.assertRaisesMessage(CommandError, words):
            self.comity("bill", *arguments)

    def test_a_rehearsal_says_what_the_run_then_gives_and_writes_nothing(self) -> None:
        rehearsed = self.run_json("--dry-run")
        self.assertEqual(Run.objects.count(), 0)
        self.assertEqual(rehearsed, self.run_json())
        self.assertEqual(len(rehearsed.pop("input_hash")), 64)
        self.assertEqual(
            rehearsed,
            {
                "period": "2026-10",
                "bills": 2,
                "lines": 3,
                "total": "160.54",
                "usage": {"in": 3, "rated": 3, "excluded": 0, "set_aside": 0},
            },
        )

    def test_two_people_take_a_month_to_the_end(self) -> None:
        self.run_json()
        self.refused("You ran these bills", "approve", "2026-10", "--as", self.finn.email)
        self.refused("Olu Staff may not do this.", "approve", "2026-10", "--as", self.olu.email)
        self.refused("Say who does it", "approve", "2026-10")
        self.refused("now “draft”", "issue", "2026-10", "--as", self.finn.email)
        self.comity("bill", "approve", "2026-10", "--as", self.ira.email)
        self.assertEqual(
            self.comity("bill", "issue", "2026-10", "--as", self.finn.email), "2026-10 is issued."
        )
        self.refused("are issued", "run", "2026-10", "--as", self.finn.email)
        self.assertTrue(Bill.objects.get(partner=self.parks).issued_at)

    def test_months_and_lines_there_are_not_are_said(self) -> None:
        self.refused("“October” is not a month.", "run", "October", "--as", self.finn.email)
        self.refused("Nothing has come in for 2020-01", "show", "PARKS", "2020-01")
        self.refused("PARKS has no bill of 2026-10.", "show", "PARKS", "2026-10")
        self.refused("There are no bills of 2026-10.", "issue", "2026-10", "--as", self.finn.email)
        self.refused("There is no line 7.", "explain", "7")

    def test_a_bill_is_shown_and_a_line_explained(self) -> None:
        self.run_json()
        bill = json.loads(self.comity("bill", "show", "parks", "2026-10", "--json"))
        self.assertEqual(
            (bill["total"], [line["amount"] for line in bill["lines"]]), ("55.54", ["-4.46", "60.00"])
        )
        self.assertIn("Total $55.54.", self.comity("bill", "show", "PARKS", "2026-10"))
        line = json.loads(self.comity("bill", "explain", bill["lines"][1]["line"], "--json"))
        self.assertEqual(line["parts"], [{"units": "3", "price": "20", "cents": "6000"}])
        words = self.comity("bill", "explain", bill["lines"][0]["line"])
        self.assertIn("exactly $-4.464054319782226, rounded once", words)

    def exported(self, kind: str) -> list[dict[str, str]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.csv"
            self.comity("export", kind, "2026-10", path)
            return list(csv.DictReader(StringIO(path.read_text())))

    def test_focus_has_every_line_and_its_amounts_add_up(self) -> None:
        self.run_json()
        rows = self.exported("focus")
        self.assertEqual(sum(Decimal(row["BilledCost"]) for row in rows), Decimal("160.54"))
        roads = next(row for row in rows if row["BillingAccountId"] == "ROADS")
        self.assertEqual((roads["BilledCost"], roads["ListCost"]), ("105.00", "140.00"))
        self.assertEqual(roads["BillingPeriodEnd"], "2026-11-01T00:00:00Z")
        self.assertEqual({row["InvoiceId"] for row in rows}, {"B-2026-10-0001", "B-2026-10-0002"})

    def test_postings_are_balanced_by_fund_and_cost_center(self) -> None:
        self.run_json()
        rows = self.exported("postings")
        debit, credit = (sum(Decimal(row[side]) for row in rows) for side in ("debit", "credit"))
        self.assertEqual((debit, credit), (Decimal("160.54"), Decimal("160.54")))
        self.assertEqual(
            {(row["fund"], row["cost_center"], row["object_code"]) for row in rows}, {("6120", "SEC", "2600")}
        )
        self.assertEqual({row["account"] for row in rows}, {"1310", "4200"})

    def test_without_a_cost_center_nothing_is_posted(self) -> None:
        type(self.scans.service).objects.update(cost_center=None)
        self.run_json()
        with self.assertRaisesMessage(CommandError, "“Security” has no cost center"):
            self.exported("postings")
        run = Run.objects.get()
        url = reverse("billing:export", args=[run.pk, "postings"])
        self.client.force_login(self.finn)
        self.assertRedirects(self.client.get(url), run.get_absolute_url())
        answer: Any = self.client.get(reverse("billing:export", args=[run.pk, "focus"]))
        self.assertIn(b"BilledCost", b"".join(answer.streaming_content))
        self.assertEqual(self.client.get(reverse("billing:export", args=[run.pk, "other"])).status_code, 404)

    def test_a_month_without_usage_can_be_run_and_a_rehearsal_makes_no_month(self) -> None:
        self.refused(
            "Nothing has come in for 2026-09", "run", "2026-09", "--dry-run", "--as", self.finn.email
        )
        self.assertEqual(Period.objects.count(), 1)
        self.comity("bill", "run", "2026-09", "--as", self.finn.email)
        self.assertEqual(Line.objects.count(), 0)
