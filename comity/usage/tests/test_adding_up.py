"""Rows in = rated + left out by rule + set aside, whatever comes, however often, in whatever pieces."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comity.usage.models import Batch, SetAside
from comity.usage.services import counts, mending
from comity.usage.tests.loaded import UsageTestCase

ACCOUNTS = ("PARKS", "ROADS", "NOBODY", "", "=1+1")
METERS = ("VOICE", "MINUTE", "FAX", "NULL")
DAYS = ("2026-07-01", "2026-06-30", "7/4/2026", "2026-02-29", "2036-01-01", "soon", "")
NUMBERS = ("1", "0", "2.5", "1,200.50", "-1", "1e3", "1e-9", "0.12345", "9" * 40, "many", "", "$3")
ROWS = st.tuples(
    st.sampled_from(ACCOUNTS),
    st.sampled_from(METERS),
    st.sampled_from(DAYS),
    st.sampled_from(NUMBERS),
    st.sampled_from(("", "yes", "no")),
    st.sampled_from(("", "Tax")),
)
FILES = st.lists(st.lists(ROWS, min_size=1, max_size=12), min_size=1, max_size=3)


class AddingUp(TestCase, UsageTestCase):
    @pytest.mark.slow
    @settings(max_examples=12, deadline=None)
    @given(files=FILES, with_ids=st.booleans())
    def test_every_row_came_to_one_thing(
        self, files: Sequence[Sequence[Sequence[str]]], with_ids: bool
    ) -> None:
        self.source.excluded = [{"column": "Kind", "is": "Tax", "why": "No taxes."}]
        self.source.save()
        batch = Batch()
        for rows in [*files, files[0]]:
            head = "Account,Meter,Day,Quantity,Correction,Kind"
            lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
            if with_ids:
                head, lines = f"Id,{head}", [f"r{n % 4},{line}" for n, line in enumerate(lines)]
            batch = self.load("\n".join([head, *lines]))
            self.assertEqual(batch.rows_in, len(rows))
        self.adds_up()
        self.assertEqual((batch.added, batch.excluded, batch.set_aside), (0, 0, 0))  # it came before
        before = counts()
        mending.mend(self.source, [("NOBODY", self.parks), ("FAX", self.voice)], by=self.finn)
        self.run_jobs()
        self.adds_up()
        self.assertEqual(counts().rows_in, before.rows_in)
        self.assertFalse(SetAside.objects.filter(said__in=("NOBODY", "FAX")).exists())

    def adds_up(self) -> None:
        """On every file, in every month, and in the store itself."""
        for batch in Batch.objects.all():
            self.assertEqual(batch.rows_in, batch.added + batch.known + batch.excluded + batch.set_aside)
            self.assertEqual(batch.set_aside, sum(each.rows for each in batch.set_asides.all()))
        periods = {part.period for batch in Batch.objects.all() for part in batch.parts.all()}
        rows = self.rows(*(period.first_on for period in periods)) if periods else []
        self.assertEqual(len(rows), counts().rated)
        self.assertEqual(len({(row["source"], row["row_id"]) for row in rows}), counts().rated)
        every = {each.period for each in SetAside.objects.all()} | periods
        self.assertEqual(counts().rows_in, sum(counts(period).rows_in for period in every))
        self.assertEqual(counts().rows_in, sum(batch.rows_in - batch.known for batch in Batch.objects.all()))
