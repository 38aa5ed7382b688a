"""What becomes of the rows of a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from comity.core.billing.usage_rows import ROWS
from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.partners.models import Alias, Partner
from comity.usage import judging
from comity.usage.models import Account, Batch, Meter, Part, Period, Source
from comity.usage.services import counts, loading
from comity.usage.store import Store
from comity.usage.tests.loaded import HEAD, UsageTestCase

JULY, JUNE = date(2026, 7, 1), date(2026, 6, 1)


class Loading(UsageTestCase):
    def test_a_row_is_kept_as_it_will_be_billed(self) -> None:
        batch = self.load(f'{HEAD},Description\nPARKS,VOICE,2026-07-31 23:59,"1,200.50",Lobby\n')
        (row,) = self.rows(JULY)
        self.assertEqual(row["partner"], self.parks.pk)
        self.assertEqual(row["offering"], self.voice.pk)
        self.assertEqual((row["belongs_to"], row["on_day"]), (JULY, date(2026, 7, 31)))
        self.assertEqual((row["used"], row["cost"], row["days"]), (Decimal("1200.5000"), None, None))
        self.assertEqual((row["account"], row["meter"], row["description"]), ("PARKS", "VOICE", "Lobby"))
        self.assertEqual((row["source"], row["batch"], row["line"]), ("telco", batch.pk, 2))
        (file,) = Store.here().month(JULY)
        self.assertEqual(pq.read_schema(file), ROWS)

    def test_partners_are_found_by_code_name_other_name_and_those_made_one_with_them(self) -> None:
        Alias.objects.create(partner=self.parks, name="Parks & Rec", name_key="parks rec")
        Partner.objects.create(name="Old Roads", name_key="old roads", code="OLDR", merged_into=self.roads)
        said = ["parks", "Department of Parks", "Parks & Rec", "OLDR"]
        self.load(HEAD + "".join(f"\n{name},VOICE,2026-07-01,1" for name in said))
        self.assertEqual(
            [row["partner"] for row in self.rows(JULY)],
            [self.parks.pk, self.parks.pk, self.parks.pk, self.roads.pk],
        )

    def test_accounts_and_meters_mean_what_people_said_first_and_a_star_is_every_other(self) -> None:
        Account.objects.create(source=self.source, name="402-555-0100", partner=self.roads)
        Account.objects.create(source=self.source, name="PARKS", partner=self.roads)
        Meter.objects.create(source=self.source, name="*", offering=self.minutes)
        self.load(f"{HEAD}\n402-555-0100,Long distance,2026-07-01,3\nPARKS,VOICE,2026-07-01,1\n")
        self.assertEqual(
            [(row["partner"], row["offering"]) for row in self.rows(JULY)],
            [(self.roads.pk, self.minutes.pk), (self.roads.pk, self.voice.pk)],
        )

    def test_a_column_of_its_own_may_say_whose_an_account_is(self) -> None:
        self.load(
            "Customer,Account,Meter,Day,Quantity\nPARKS,lobby,VOICE,2026-07-01,1\n,ROADS,VOICE,2026-07-01,1\n"
        )
        found = [(row["partner"], row["account"]) for row in self.rows(JULY)]
        self.assertEqual(found, [(self.parks.pk, "lobby"), (self.roads.pk, "ROADS")])
        self.load("Customer,Meter,Day,Quantity\nNOBODY,VOICE,2026-07-02,1\nPARKS,VOICE,2026-07-02,1\n")
        self.assertEqual(self.asides(), [("account", "NOBODY", 1)])

    def test_what_cannot_be_taken_is_set_aside_with_the_reason(self) -> None:
        batch = self.load(
            f"{HEAD},Currency\n"
            "NOBODY,VOICE,2026-07-01,1,\n"
            "PARKS,FAX,2026-07-01,1,\n"
            "PARKS,VOICE,2026-07-01,-1,\n"
            "PARKS,VOICE,2026-07-01,some,\n"
            "PARKS,VOICE,2026-07-01,1234567890123456789012345678901234567890,\n"
            "PARKS,VOICE,2026-07-01,0.00001,\n"
            "PARKS,VOICE,2026-07-01,,\n"
            "PARKS,VOICE,2026-02-29,1,\n"
            "PARKS,VOICE,2036-07-01,1,\n"
            "PARKS,VOICE,2016-07-01,1,\n"
            "PARKS,VOICE,2026-07-01,1,EUR\n"
            "PARKS,VOICE,2026-07-01,1,usd\n"
        )
        self.assertEqual(self.counts(batch), (12, 1, 0, 0, 11))
        self.assertEqual(
            self.asides(),
            [
                ("account", "NOBODY", 1),
                ("currency", "EUR", 1),
                ("day", "2016-07-01", 1),
                ("day", "2026-02-29", 1),
                ("day", "2036-07-01", 1),
                ("meter", "FAX", 1),
                ("negative", "-1", 1),
                ("quantity", "", 1),
                ("quantity", "0.00001", 1),
                ("quantity", "1234567890123456789012345678901234567890", 1),
                ("quantity", "some", 1),
            ],
        )
        self.assertEqual(counts().as_json, {"in": 12, "rated": 1, "excluded": 0, "set_aside": 11})

    def test_a_correction_may_be_below_zero(self) -> None:
        batch = self.load(f"{HEAD},Correction\nPARKS,VOICE,2026-07-01,-1,yes\nPARKS,VOICE,2026-07-01,-1,no\n")
        self.assertEqual(self.counts(batch), (2, 1, 0, 0, 1))

    def test_quantities_are_read_as_ledgers_and_machines_write_them(self) -> None:
        said = {"(1,200.50)": "-1200.5", "3-": "-3", "$7": "7", "8e-2": "0.08", "+5": "5"}
        lines = "".join(f'PARKS,VOICE,2026-07-01,"{cell}",yes\n' for cell in (*said, "(-4)", "4-5", "(5"))
        batch = self.load(f"{HEAD},Correction\n{lines}")
        self.assertEqual(self.counts(batch), (8, 5, 0, 0, 3))
        self.assertEqual({row["used"] for row in self.rows(JULY)}, set(map(Decimal, said.values())))

    def test_null_written_out_is_nothing_and_cells_are_tidied(self) -> None:
        self.load(f"{HEAD},Cost,Description\n PARKS ,VOICE,2026-07-01,2.000000000,NULL,null\n")
        (row,) = self.rows(JULY)
        self.assertEqual((row["used"], row["cost"], row["description"]), (Decimal("2.0000"), None, None))

    def test_a_part_of_a_month_has_its_days(self) -> None:
        stretches = {
            "2026-07-20,2026-07-31": 12,
            "2026-07-01,2026-07-31": None,
            "2026-07-10,2026-07-10": 1,
            "2026-07-10 00:00:00,2026-08-01 00:00:00": 22,
            "2026-07-10,": None,
        }
        batch = self.load(
            "Account,Meter,Quantity,Day,Last day"
            + "".join(f"\nPARKS,VOICE,1,{each}" for each in stretches)
            + "\nPARKS,VOICE,1,2026-07-20,2026-08-02\nPARKS,VOICE,1,2026-07-20,2026-07-19"
        )
        self.assertEqual([row["days"] for row in self.rows(JULY)], list(stretches.values()))
        self.assertEqual(batch.set_aside, 2)

    def test_rules_of_the_source_leave_rows_out(self) -> None:
        self.source.excluded = [{"column": "Kind", "is": "tax", "why": "Taxes are not passed on."}]
        self.source.save()
        batch = self.load(
            f"{HEAD},Kind\nPARKS,VOICE,2026-07-01,1,Tax\nNOBODY,VOICE,2026-07-01,1,Tax\nPARKS,VOICE,2026-07-01,1,Line\n"
        )
        self.assertEqual(self.counts(batch), (3, 1, 0, 2, 0))

    def test_usage_of_a_closed_month_comes_late_into_the_open_one(self) -> None:
        Period.objects.create(first_on=JUNE, closed_at=timezone.now())
        self.load(f"{HEAD}\nPARKS,VOICE,2026-06-30,1\nPARKS,VOICE,2026-07-01,1\nPARKS,VOICE,2026-01-15,1\n")
        self.assertEqual([row["belongs_to"] for row in self.rows(JULY)], [JUNE, JULY, date(2026, 1, 1)])
        self.assertEqual(list(Part.objects.values_list("period__first_on", "rows")), [(JULY, 3)])

    def test_a_period_closed_while_a_file_is_loaded_takes_nothing(self) -> None:
        path = self.file(f"{HEAD}\nPARKS,VOICE,2026-07-01,1\n")
        batch = loading.receive(path, source=self.source, name="a", by=self.finn)

        def close(month: date) -> date:
            Period.objects.get_or_create(first_on=JULY, defaults={"closed_at": timezone.now()})
            return month

        with (
            patch.object(judging, "months_now", lambda: close),
            self.assertRaisesMessage(DomainError, "was closed meanwhile"),
        ):
            loading.load(batch.pk, by=self.finn, here=True)
        self.assertEqual(counts().rows_in, 0)
        self.assertEqual(Store.here().of_batch(batch.pk), [])

    def test_a_column_of_words_may_be_lacking_later_but_none_that_a_bill_rests_on(self) -> None:
        self.load(f"Id,{HEAD},Description\nr1,PARKS,VOICE,2026-07-01,1,Lobby\n")
        self.source.refresh_from_db()
        self.assertEqual(self.load(f"Id,{HEAD}\nr2,PARKS,VOICE,2026-07-01,1\n").added, 1)
        with self.assertRaisesMessage(DomainError, "The file has no column “Id”."):
            self.load(f"{HEAD}\nPARKS,VOICE,2026-07-01,1\n")


@pytest.mark.dated
class Days(UsageTestCase):
    def test_days_are_read_as_they_are_written(self) -> None:
        said = {
            "2024-02-29": date(2024, 2, 29),
            "2026-03-08 02:30:00": date(2026, 3, 8),
            "2025-11-02T01:30:00-05:00": date(2025, 11, 2),
            "2026-07-01T00:00:00Z": date(2026, 7, 1),
            "7/4/2026": date(2026, 7, 4),
            "July 5, 2026": date(2026, 7, 5),
        }
        self.load(HEAD + "".join(f'\nPARKS,VOICE,"{text}",1' for text in said))
        months = {day.replace(day=1) for day in said.values()}
        self.assertEqual(self.asides(), [])
        self.assertEqual([row["on_day"] for row in self.rows(*months)], list(said.values()))


class Again(UsageTestCase):
    """Files that come twice, or overlap."""

    def test_the_same_file_twice_changes_nothing_and_alike_rows_in_one_file_are_two(self) -> None:
        text = f"{HEAD}\nPARKS,VOICE,2026-07-01,1\nPARKS,VOICE,2026-07-01,1\nNOBODY,VOICE,2026-07-01,1\n"
        self.assertEqual(self.counts(self.load(text)), (3, 2, 0, 0, 1))
        before = counts()
        self.assertEqual(self.counts(self.load(text)), (3, 0, 3, 0, 0))
        self.assertEqual(counts(), before)
        self.assertEqual(len(self.rows(JULY)), 2)

    def test_an_overlapping_file_adds_only_what_is_new(self) -> None:
        self.load(f"{HEAD}\nPARKS,VOICE,2026-07-01,1\nPARKS,VOICE,2026-07-02,1\n")
        more = self.load(
            "Day,Quantity,Account,Meter\n2026-07-02,1,PARKS,VOICE\n2026-07-03,1,PARKS,VOICE\n2026-07-02,1,PARKS,VOICE\n"
        )
        self.assertEqual(self.counts(more), (3, 2, 1, 0, 0))

    def test_rows_with_ids_are_known_by_them(self) -> None:
        self.load(
            f"Id,{HEAD}\nr1,PARKS,VOICE,2026-07-01,1\nr2,PARKS,VOICE,2026-07-01,1\nr1,PARKS,VOICE,2026-07-01,1\n"
        )
        again = self.load(
            f"Id,{HEAD},Printed\nr1,PARKS,VOICE,2026-07-01,1,today\nr2,PARKS,VOICE,2026-07-01,5,today\nr3,PARKS,VOICE,2026-07-01,1,x\n"
        )
        self.assertEqual(self.counts(again), (3, 1, 1, 0, 1))
        self.assertEqual(self.asides(), [("other-content", "r2", 1)])
        self.assertEqual(sorted(row["row_id"] for row in self.rows(JULY)), ["r1", "r2", "r3"])

    def test_a_row_put_right_in_the_file_is_taken_though_it_was_set_aside_before(self) -> None:
        self.load(f"Id,{HEAD}\nr1,PARKS,VOICE,2026-07-01,one\n")
        self.assertEqual(self.counts(self.load(f"Id,{HEAD}\nr1,PARKS,VOICE,2026-07-01,1\n")), (1, 1, 0, 0, 0))

    def test_two_sources_do_not_know_each_other(self) -> None:
        text = f"{HEAD}\nPARKS,VOICE,2026-07-01,1\n"
        self.load(text)
        self.assertEqual(self.load(text, Source.objects.create(name="other")).added, 1)


class Refused(UsageTestCase):
    """Bad input is answered with a sentence, and changes nothing."""

    def refused(self, text: str | bytes, sentence: str) -> None:
        with self.assertRaisesMessage(DomainError, sentence):
            self.load(text)
        self.assertEqual((counts().rows_in, Part.objects.count()), (0, 0))
        self.assertEqual(list(Store.here().folder.rglob("*-1.parquet")), [])

    def parquet(self) -> bytes:
        table = pa.table(
            {
                "Account": ["PARKS", "ROADS"],
                "Meter": ["VOICE", "VOICE"],
                "Day": pa.array(["2026-07-01T03:00:00", "2026-07-02T00:00:00"]).cast(pa.timestamp("us")),
                "Quantity": [0.1, 2e-3],
                "Tags": [[("a", "b")], None],
            }
        )
        pq.write_table(table, self.folder / "made", row_group_size=1)
        return (self.folder / "made").read_bytes()

    def test_parquet_is_read(self) -> None:
        self.load(self.parquet())
        self.assertEqual([row["used"] for row in self.rows(JULY)], [Decimal("0.1000"), Decimal("0.0020")])

    def test_parquet_with_one_name_twice_and_what_no_database_keeps(self) -> None:
        columns = [["PARKS"], ["VOICE"], ["2026-07-01"], ["1"], ["a\x00b"], ["again"]]
        names = ["Account", "Meter", "Day", "Quantity", "Description", "Description"]
        pq.write_table(pa.table(columns, names), self.folder / "twice.parquet")
        self.load(self.folder / "twice.parquet")
        self.assertEqual(self.rows(JULY)[0]["description"], "a b")

    def test_parquet_that_was_cut_off_or_damaged(self) -> None:
        whole = self.parquet()
        self.refused(whole[: len(whole) // 2], "This Parquet file is damaged or was cut off")
        self.refused(whole[:4] + b"\xff" * 150 + whole[154:], "This Parquet file is damaged or was cut off")

    def test_a_picture_an_empty_file_and_a_file_that_is_not_there(self) -> None:
        self.refused(b"\x89PNG....", "This is a PNG file")
        self.refused(b"", "The file is empty")
        with self.assertRaisesMessage(DomainError, "cannot be read"):
            self.load(self.folder / "nowhere.csv")

    def test_columns_that_are_lacking_are_named(self) -> None:
        self.refused(
            "Account,Meter,When\nPARKS,VOICE,2026-07-01\n",
            "We do not know which column holds: Day, Quantity or cost.",
        )
        with self.assertRaisesMessage(DomainError, "The file has no column “Amount”"):
            self.load(f"{HEAD}\nPARKS,VOICE,2026-07-01,1\n", mapping={"cost": "Amount"})

    def test_a_full_disk(self) -> None:
        with patch("pathlib.Path.replace", side_effect=OSError(28, "No space left on device")):
            self.refused(f"{HEAD}\nPARKS,VOICE,2026-07-01,1\n", "The disk is full")
        batch = Batch.objects.get()
        self.assertEqual(batch.state, Batch.State.FAILED)
        self.assertEqual(loading.load(batch.pk, by=self.finn, here=True).added, 1)

    def test_two_loads_at_once(self) -> None:
        self.source.work = Work.objects.create(task=loading.LOAD_WORK, label="x", owner="x")
        self.source.save()
        self.refused(
            f"{HEAD}\nPARKS,VOICE,2026-07-01,1\n", "Another file of “Telephone company” is being loaded."
        )

    def test_formulas_control_characters_and_huge_cells_do_no_harm(self) -> None:
        huge = "x" * 30_000
        batch = self.load(
            f'{HEAD},Description\n=1+1,VOICE,2026-07-01,1,\n"a\x01b",VOICE,2026-07-01,1,\n{huge},VOICE,2026-07-01,1,\n'
            f"PARKS,VOICE,2026-07-01,1,{huge}\n"
        )
        self.assertEqual(self.counts(batch), (4, 1, 0, 0, 3))
        self.assertEqual([said for _reason, said, _rows in self.asides()], ["=1+1", "a b", huge[:200]])
        self.assertEqual(self.rows(JULY)[0]["description"], huge[:300])
