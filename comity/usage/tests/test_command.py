"""`comity usage load` and `comity usage status`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command

from comity.usage.models import Batch, Source
from comity.usage.tests.loaded import HEAD, UsageTestCase


class Commands(UsageTestCase):
    def run_it(self, *words: str) -> Any:
        out = StringIO()
        call_command("usage", *words, stdout=out)
        return json.loads(out.getvalue()) if "--json" in words else out.getvalue()

    def test_a_file_is_loaded_and_counted(self) -> None:
        path = self.file(
            "Phone,Meter,Day,Minutes\nPARKS,VOICE,2026-07-01,2\nPARKS,VOICE,2026-06-01,2\nNOBODY,VOICE,2026-07-02,1\n"
        )
        mapped = ["--map", "account=phone", "--map", "quantity=Minutes"]
        said = self.run_it("load", str(path), "--source", "calls", *mapped, "--json")
        self.assertEqual(
            said,
            {
                "file": "usage.csv",
                "source": "calls",
                "batch": Batch.objects.get().pk,
                "in": 3,
                "added": 2,
                "known": 0,
                "excluded": 0,
                "set_aside": 1,
                "periods": {"2026-06": 1, "2026-07": 1},
                "reasons": {"account": 1},
            },
        )
        again = self.run_it("load", str(path), "--source", "calls", "--json")  # the mapping is remembered
        self.assertEqual((again["in"], again["known"], again["added"]), (3, 3, 0))
        self.assertEqual(
            self.run_it("status", "2026-07", "--json"),
            {"period": "2026-07", "in": 2, "rated": 1, "excluded": 0, "set_aside": 1},
        )
        every = self.run_it("status", "--json")
        self.assertEqual((every["in"], every["rated"], every["set_aside"]), (3, 2, 1))
        self.assertEqual([each["period"] for each in every["periods"]], ["2026-06", "2026-07"])
        self.assertIn(
            "2026-07: 2 rows in = 1 rated + 0 left out by rule + 1 set aside", self.run_it("status")
        )

    def test_what_became_of_a_file_is_said_in_sentences(self) -> None:
        path = str(self.file(f"{HEAD}\nPARKS,VOICE,2026-07-01,1\nNOBODY,VOICE,2026-07-01,1\n"))
        said = self.run_it("load", path, "--source", "telco")
        self.assertIn("2 rows in = 1 added + 0 known already + 0 left out by rule + 1 set aside.", said)
        self.assertIn("1: No partner has the code, the name or the account “NOBODY”.", said)
        again = self.run_it("load", path, "--source", "telco")
        self.assertIn("Every row of this file is known already", again)
        self.assertIn("Rows of earlier files that are still set aside: 1.", again)

    def test_what_cannot_be_done_is_refused_with_nothing_kept(self) -> None:
        path = str(self.file("Account,Meter\nPARKS,VOICE\n"))
        for words, sentence in (
            (("load", path, "--source", "new"), "We do not know which column holds"),
            (("load", path + "x", "--source", "telco"), "cannot be read"),
            (("load", path, "--source", "telco", "--map", "day=When"), "The file has no column “When”"),
            (("load", path, "--source", "not a name"), "letters, numbers"),
            (("load", path, "--source", "telco", "--map", "days=When"), "is not FIELD=HEADER"),
            (("status", "2026-13"), "“2026-13” is not a month."),
        ):
            with self.subTest(words), self.assertRaisesMessage(CommandError, sentence):
                self.run_it(*words)
        self.assertEqual((Batch.objects.count(), Source.objects.filter(name="not a name").count()), (0, 0))

    def test_status_of_nothing(self) -> None:
        nothing = {"in": 0, "rated": 0, "excluded": 0, "set_aside": 0}
        self.assertEqual(self.run_it("status", "--json"), {**nothing, "periods": []})
        self.assertEqual(self.run_it("status", "2026-07", "--json"), {"period": "2026-07", **nothing})
