"""Votes on money go out as Pabulib files, count there as here, and come in as votes."""

from __future__ import annotations

import json
from fractions import Fraction
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from comity.councils.models import Topic, Vote
from comity.councils.tests.voting import VotingTestCase

FILE = """META
key;value
description;What first?
vote_type;approval
budget;500
PROJECTS
project_id;cost;name
{scans};100;Scans cost too much
x;250.50;New laptops
VOTES
voter_id;vote
{ben};{scans},x
cy@roads.example.gov;x
"""


class Exchanging(VotingTestCase):
    def tally(self, text: str, completion: str) -> Any:
        with TemporaryDirectory() as folder:
            file, out = Path(folder) / "vote.pb", StringIO()
            file.write_text(text)
            more = ("--method", "equal-shares", "--completion", completion, "--json")
            call_command("council", "tally", str(file), *more, stdout=out, stderr=StringIO())
        return json.loads(out.getvalue())

    def test_the_command_counts_the_file_as_the_page_does(self) -> None:
        for completion in ("raised", "greedy"):
            vote = self.opened("budget", completion=completion)
            self.cast_by(vote, self.bens, self.scans)
            self.cast_by(vote, self.eves, self.parking)
            self.cast_by(vote, self.cys, self.parking, self.scans)
            vote = self.closed(vote)
            self.client.force_login(self.cora)
            answer = self.client.get(reverse("councils:vote_file", args=[vote.pk]))
            found = vote.frozen["found"]["budget"]["rules"]["equal"]
            self.assertEqual(
                self.tally(answer.content.decode(), completion),
                {
                    "projects": [step["item"] for step in found["steps"]],
                    "cost": float(Fraction(found["cost"])),
                    "endowment": float(Fraction(found["endowment"])),
                },
            )

    def brought(self, text: str) -> Any:
        url = reverse("councils:bring_in_vote", args=[self.council.pk])
        self.client.force_login(self.cora)
        return self.client.post(url, {"file": SimpleUploadedFile("vote.pb", text.encode())})

    def test_a_file_becomes_an_open_vote_with_its_ballots(self) -> None:
        self.page(reverse("councils:bring_in_vote", args=[self.council.pk]), by=self.cora)
        self.assertEqual(self.brought(FILE.format(scans=self.scans.pk, ben=self.bens.pk)).status_code, 302)
        vote = Vote.objects.get()
        laptops = Topic.objects.get(title="New laptops")
        self.assertTrue(vote.is_open)
        self.assertEqual(
            dict(vote.items.values_list("topic", "cost_cents")), {self.scans.pk: 100_00, laptops.pk: 250_50}
        )
        said = {ballot.seat: ballot.said["backed"] for ballot in vote.ballots.select_related("seat")}
        self.assertEqual(said, {self.bens: [self.scans.pk, laptops.pk], self.cys: [laptops.pk]})

    def test_who_is_no_seat_is_refused_by_line_and_nothing_is_kept(self) -> None:
        text = FILE.format(scans=self.scans.pk, ben=self.bens.pk)
        for wrong in (
            text.replace("cy@roads", "nobody@roads"),
            text.replace("cy@roads.example.gov", "ben@parks.example.gov"),
        ):
            answer = self.brought(wrong)
            self.assertContains(answer, "Line 13:", status_code=422)
        self.assertContains(self.brought("no such file"), "no .pb file", status_code=422)
        self.assertFalse(Vote.objects.exists())
        self.assertEqual(Topic.objects.count(), 3)
