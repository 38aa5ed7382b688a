"""The pages of usage: a file from the upload to the store, and what was set aside from there to a bill."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from comity.audit.models import Entry
from comity.jobs.models import Work
from comity.usage.models import Account, Batch, Meter, Period, SetAside, Source
from comity.usage.services import counts
from comity.usage.services.loading import incoming
from comity.usage.store import Store
from comity.usage.tests.loaded import HEAD, UsageTestCase

TEXT = f"{HEAD}\nPARKS,VOICE,2026-07-01,2\n402-555-0100,VOICE,2026-07-01,3\nROADS,Fax,2026-07-02,1\nROADS,VOICE,2026-07-02,x\n"


class Uploading(UsageTestCase):
    """Finn brings a file of the telephone company."""

    def upload(self, text: str = TEXT, **post: Any) -> Batch:
        file = SimpleUploadedFile("july.csv", text.encode())
        self.post(reverse("usage:add"), {"source": self.source.pk, "file": file, **post}, by=self.finn)
        self.run_jobs()
        return Batch.objects.latest("pk")

    def press(self, act: str, batch: Batch) -> Any:
        with self.captureOnCommitCallbacks(execute=True):
            return self.post(reverse(f"usage:{act}", args=[batch.pk]), {}, by=self.finn)

    def test_a_file_is_shown_before_it_is_loaded(self) -> None:
        batch = self.upload()
        said = self.reads(self.page(batch.get_absolute_url(), by=self.finn))
        self.assertIn("4 rows in", said)
        self.assertIn("1 added", said)
        self.assertIn("3 set aside", said)
        self.assertIn("No partner has the code, the name or the account “402-555-0100”.", said)
        self.assertIn("Department of Parks: Line", said)
        self.assertEqual(counts().rows_in, 0)
        self.press("load", batch)
        self.run_jobs()
        said = self.reads(self.page(batch.get_absolute_url(), by=self.olu))
        self.assertIn("Loaded", said)
        self.assertEqual((counts().rated, counts().set_aside), (1, 3))
        self.assertEqual(list(incoming().iterdir()), [])

    def test_a_file_previewed_twice_is_loaded_once(self) -> None:
        first, second = self.upload(), self.upload()
        for batch in (first, second):
            self.press("load", batch)
            self.run_jobs()
        self.assertEqual(counts().rows_in, 4)
        self.assertIn("4 known already", self.reads(self.page(second.get_absolute_url(), by=self.finn)))
        self.press("load", second)
        self.assertEqual(counts().rows_in, 4)

    def test_columns_that_were_not_found_are_told_and_remembered(self) -> None:
        batch = self.upload("Who,Meter,When,Quantity\nPARKS,VOICE,2026-07-01,2\n")
        said = self.reads(self.page(batch.get_absolute_url(), by=self.finn))
        self.assertIn("We do not know which column holds: Account, Day.", said)
        mapping = {"account": "Who", "meter": "Meter", "day": "When", "quantity": "Quantity"}
        self.post(reverse("usage:columns", args=[batch.pk]), mapping, by=self.finn)
        self.run_jobs()
        self.assertIn("1 added", self.reads(self.page(batch.get_absolute_url(), by=self.finn)))
        self.assertEqual(Source.objects.get().mapping, mapping)
        again = self.upload("Who,Meter,When,Quantity\nROADS,VOICE,2026-07-01,2\n")
        self.assertEqual(again.preview["counts"]["added"], 1)

    def test_a_column_that_a_source_had_and_this_file_lacks_is_asked_about(self) -> None:
        self.load("Row id,Who,Meter,Day,Quantity\nr1,PARKS,VOICE,2026-07-01,2\n", mapping={"account": "Who"})
        batch = self.upload("Number,Who,Meter,Day,Quantity\nr2,PARKS,VOICE,2026-07-01,2\n")
        said = self.reads(self.page(batch.get_absolute_url(), by=self.finn))
        self.assertIn("The file has no column “Row id”.", said)
        mapping = {"account": "Who", "meter": "Meter", "day": "Day", "quantity": "Quantity"}
        self.post(reverse("usage:columns", args=[batch.pk]), {**mapping, "id": "Number"}, by=self.finn)
        self.run_jobs()
        self.assertIn("1 added", self.reads(self.page(batch.get_absolute_url(), by=self.finn)))

    def test_a_file_that_is_discarded_leaves_nothing(self) -> None:
        self.press("discard", self.upload())
        self.assertEqual((Batch.objects.count(), list(incoming().iterdir())), (0, []))

    def test_a_loaded_file_is_taken_back_whole_until_a_bill_of_its_months_is_issued(self) -> None:
        kept, batch = self.load(f"{HEAD}\nPARKS,VOICE,2026-06-01,9\n"), self.load(TEXT)
        self.assertIn("Take it back", self.reads(self.page(batch.get_absolute_url(), by=self.finn)))
        self.source.work = Work.objects.create(task="usage.mend", label="x", owner="x")
        self.source.save()
        self.press("discard", batch)
        self.assertEqual(counts().rows_in, 5)  # rows of its source are being written
        Work.objects.update(state=Work.State.DONE)
        self.press("discard", batch)
        self.assertEqual((counts().rows_in, list(Batch.objects.all())), (1, [kept]))
        self.assertEqual((Store.here().of_batch(batch.pk), self.rows(date(2026, 7, 1))), ([], []))
        entry = Entry.objects.get(action="usage.discard")
        self.assertEqual((entry.before or {})["in"], 4)
        self.assertEqual(self.counts(self.load(TEXT)), (4, 1, 0, 0, 3))
        Period.objects.filter(first_on=date(2026, 6, 1)).update(closed_at=timezone.now())
        self.assertNotIn("Take it back", self.reads(self.page(kept.get_absolute_url(), by=self.finn)))
        self.press("discard", kept)
        self.assertEqual(counts().rows_in, 5)

    def test_what_is_no_table_is_refused_at_once(self) -> None:
        file = SimpleUploadedFile("x.csv", b"\x89PNG....")
        answer = self.post_refused(
            reverse("usage:add"), {"source": self.source.pk, "file": file}, by=self.finn
        )
        self.assertIn("This is a PNG file", self.reads(answer))
        self.assertEqual((Batch.objects.count(), list(incoming().iterdir())), (0, []))

    def test_the_office_reads_and_those_who_know_the_money_load(self) -> None:
        batch = self.upload()
        for person, status in ((self.olu, 200), (self.ben, 403)):
            for name in ("list", "months", "sources", "set_aside", "accounts", "meters"):
                self.page(reverse(f"usage:{name}"), by=person, status=status)
        for name in ("add", "add_source"):
            self.page(reverse(f"usage:{name}"), by=self.olu, status=403)
        self.page(reverse("usage:columns", args=[batch.pk]), by=self.sol, status=403)


class Mending(UsageTestCase):
    """Of four rows one is rated; an account and a meter are unknown, and one quantity is none."""

    def setUp(self) -> None:
        super().setUp()
        self.batch = self.load(TEXT)
        self.client.force_login(self.finn)

    def test_accounts_and_meters_are_told_on_one_page_and_tried_again(self) -> None:
        url = reverse("usage:mend", args=[self.source.pk])
        page = self.page(url)
        form = page.context["form"]
        self.assertEqual(list(form.said.values()), ["402-555-0100", "Fax"])
        (account, meter) = form.said
        sent = form.fields[account].as_sent(account, self.roads) | form.fields[meter].as_sent(
            meter, self.minutes
        )
        self.post(url, sent)
        self.run_jobs()
        self.batch.refresh_from_db()
        self.assertEqual(self.counts(self.batch), (4, 3, 0, 0, 1))
        self.assertEqual(self.batch.turn, 2)
        self.assertEqual(self.asides(), [("quantity", "x", 1)])
        self.assertEqual([row["line"] for row in self.rows(date(2026, 7, 1))], [2, 3, 4])
        self.assertEqual(Account.objects.get().partner, self.roads)
        self.assertEqual(Meter.objects.get().offering, self.minutes)
        self.assertEqual(self.counts(self.load(TEXT)), (4, 0, 4, 0, 0))
        self.assertTrue(Entry.objects.filter(action="usage.add_account").exists())

    def test_nothing_said_is_nothing_done(self) -> None:
        self.post_refused(reverse("usage:mend", args=[self.source.pk]), {})
        self.assertEqual(Account.objects.count(), 0)

    def test_rows_are_left_out_in_bulk_with_a_reason(self) -> None:
        chosen = SetAside.objects.filter(reason="quantity").values_list("pk", flat=True)
        url = reverse("usage:leave_out")
        self.post(url, {"ids": list(chosen), "step": "act", "why": "A test of the telephone company."})
        self.run_jobs()
        self.assertEqual(counts().as_json, {"in": 4, "rated": 1, "excluded": 1, "set_aside": 2})
        self.assertEqual(self.counts(self.load(TEXT)), (4, 0, 4, 0, 0))

    def test_trying_again_in_vain_changes_nothing(self) -> None:
        before = counts()
        for _time in range(2):
            self.post(reverse("usage:try_again", args=[self.source.pk]), {})
            self.run_jobs()
        self.assertEqual(counts(), before)
        self.assertEqual(len(self.asides()), 3)

    def test_rows_set_aside_are_downloaded_as_they_stood_in_the_file(self) -> None:
        self.load(f"{HEAD}\n=1+1,VOICE,2026-07-03,1\n")
        batch = Batch.objects.latest("pk")
        answer: Any = self.client.get(reverse("usage:set_aside_csv", args=[batch.pk]))
        head, row = csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines())
        self.assertEqual(head, ["line", "reason", *HEAD.split(",")])
        self.assertEqual(row[0], "2")
        self.assertEqual(row[2:], ["'=1+1", "VOICE", "2026-07-03", "1"])

    def test_a_source_says_what_it_leaves_out(self) -> None:
        url = reverse("usage:edit_source", args=[self.source.pk])
        self.page(url)
        self.post_refused(url, {"layout": "table", "excluded": "Kind is Tax"})
        rule = "Kind = Tax: Taxes: not passed on."
        self.post(url, {"layout": "table", "label": "Telco", "excluded": rule, **self.seen(url)})
        self.source.refresh_from_db()
        self.assertEqual(
            self.source.excluded, [{"column": "Kind", "is": "Tax", "why": "Taxes: not passed on."}]
        )
        self.assertIn(rule, self.reads(self.page(self.source.get_absolute_url())))

    def test_what_a_name_means_can_be_changed(self) -> None:
        account = Account.objects.create(source=self.source, name="X1", partner=self.parks)
        url = reverse("usage:account", args=[account.pk])
        form = self.page(url).context["form"]
        self.post(url, form.fields["partner"].as_sent("partner", self.roads) | self.seen(url))
        account.refresh_from_db()
        self.assertEqual(account.partner, self.roads)

    def test_lists_ask_the_database_a_few_times_and_come_as_csv(self) -> None:
        for name, queries in (("list", 7), ("months", 5), ("sources", 5), ("set_aside", 7)):
            with self.subTest(name), self.assertQueries(queries):
                self.page(reverse(f"usage:{name}"))
            answer: Any = self.client.get(reverse(f"usage:{name}"), {"format": "csv"})
            self.assertIn(b",", b"".join(answer.streaming_content))
        said = self.reads(self.page(reverse("usage:list")))
        self.assertIn("4 rows in = 1 rated + 0 left out by rule + 3 set aside.", said)
        self.assertIn("July 2026 Open 4 1 0 3", self.reads(self.page(reverse("usage:months"))))
