"""`comity council tally FILE.pb`."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase

from comity.core.councils.tests.test_pabulib import EXAMPLE


class Tally(SimpleTestCase):
    """Django lets a test of this kind ask no database."""

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "vote.pb"
        self.file.write_text(EXAMPLE)

    def tally(self, method: str, *more: str) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        call_command("council", "tally", str(self.file), "--method", method, *more, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    def test_each_method_as_json(self) -> None:
        for method, more, projects, cost, endowment in (
            ("equal-shares", (), ["4", "1"], 2000, 339),
            ("equal-shares", ("--completion", "greedy"), ["4", "5"], 2400, 250),
            ("equal-shares", ("--completion", "none"), ["4"], 1400, 250),
            ("phragmen", (), ["1", "5", "2"], 2400, 375),
            ("greedy", (), ["4", "5"], 2400, None),
        ):
            out, err = self.tally(method, "--json", *more)
            self.assertEqual(
                json.loads(out), {"projects": projects, "cost": cost, "endowment": endowment}, method
            )
            self.assertEqual(err, "")

    def test_in_sentences(self) -> None:
        self.assertEqual(
            self.tally("phragmen")[0].splitlines(),
            [
                "1. 1: costs 600, 4 votes",
                "2. 5: costs 1,000, 5 votes",
                "3. 2: costs 800, 4 votes",
                "The next would be 4, which costs more than is left.",
                "3 of 5 projects, 2,400 of 2,500.",
                "The share of each voter in the end: 375.",
            ],
        )

    def test_what_cannot_win_or_is_not_used_is_said_beside_the_result(self) -> None:
        ranked = EXAMPLE.replace("approval", "ordinal").replace("7; 1200", "7; 2501")
        self.file.write_text(ranked)
        out, err = self.tally("greedy", "--json")
        self.assertEqual(json.loads(out)["projects"], ["4", "5"])
        self.assertEqual(
            err.splitlines(),
            [
                "The ballots are ranked. Every project on a ballot counts as backed; its rank is not used.",
                "Project 7 costs more than the whole budget, so it cannot win.",
            ],
        )

    def test_what_cannot_be_counted_is_refused_with_a_sentence(self) -> None:
        for text, sentence in (
            ("nonsense", "This is no .pb file: it has no section META."),
            (EXAMPLE.replace("2500", "0"), "The budget in META has to be more than zero."),
            (EXAMPLE[: EXAMPLE.index("1; 34")], "There are no ballots to count."),
        ):
            self.file.write_text(text)
            with self.assertRaises(CommandError) as refused:
                self.tally("greedy")
            self.assertEqual(str(refused.exception), sentence)
        with self.assertRaisesMessage(CommandError, "Only equal-shares has a completion."):
            self.tally("greedy", "--completion", "none")
        self.file.unlink()
        with self.assertRaisesMessage(CommandError, "cannot be read: No such file or directory."):
            self.tally("greedy")
