"""`comity wave results` and `comity wave close`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command

from comity.surveys.models import Mode, Wave
from comity.surveys.services import counting
from comity.surveys.tests import world
from comity.surveys.tests.test_counting import CountingTestCase


class WaveResults(CountingTestCase):
    def wave(self, *arguments: str) -> str:
        out = StringIO()
        call_command("wave", *arguments, stdout=out)
        return out.getvalue()

    def results(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.wave("results", self.asked.key, "--json", *arguments))
        return found

    def test_the_object_is_what_scripts_were_promised_and_unrounded(self) -> None:
        self.answers(self.parks, 5, 4, 4, 2, "na")
        found = self.results()
        self.assertEqual(
            list(found),
            ["wave", "mode", "invited", "reached", "answered", "questions", "alpha", "drivers"],
        )
        self.assertEqual([one["key"] for one in found["questions"]], ["overall", "ease", "recommend"])
        overall = found["questions"][0]
        self.assertEqual(
            list(overall),
            ["key", "n", "na", "mean", "mean_ci", "sd", "top2", "top2_n", "top2_ci", "change"],
        )
        self.assertEqual((overall["n"], overall["na"], overall["mean"], overall["top2_n"]), (4, 1, 3.75, 3))
        self.assertEqual(overall["sd"], 1.2583057392117916)
        self.assertEqual((overall["mean_ci"], overall["change"]), (None, None), "everyone answered")
        self.assertEqual(found["alpha"], {"value": None, "n": 0})
        self.assertEqual(
            found["drivers"],
            [{"key": "ease", "rho": None, "importance": None, "importance_ci": None, "n": 0}],
        )

    def test_a_change_has_its_p_alone_and_in_its_family(self) -> None:
        before = world.wave(key="spring", version=self.asked.version)
        for number in range(30):
            person = world.person_at(self, self.parks, f"Earlier {number}")
            world.answered(
                world.invited(before, person, self.parks)[0], overall=2 + 2 * (number % 3 == 0), ease=3
            )
        self.answers(self.parks, *[4] * 22, *[2] * 8, ease=3)
        overall, ease = self.results("--against", "spring", "--questions", "overall,ease")["questions"]
        self.assertEqual(list(overall["change"]), ["top2", "z", "p", "holm_p", "verdict"])
        self.assertEqual(overall["change"]["verdict"], "better")
        self.assertEqual(overall["change"]["holm_p"], 2 * overall["change"]["p"])
        self.assertEqual(ease["change"]["verdict"], "no clear change")

    def test_the_same_people_are_found_also_in_a_wave_it_was_not_set_against(self) -> None:
        before = world.wave(key="spring", version=self.asked.version)
        for response in self.answers(self.parks, *[5] * 8):
            then, _raw = world.invited(before, response.person, self.parks)
            world.answered(then, overall=2)
        change = self.results("--against", "spring")["questions"][0]["change"]
        self.assertEqual((change["z"], change["p"]), (None, 2 / 2**8), "McNemar, exact")

    def test_what_is_hidden_is_null_and_said_to_be(self) -> None:
        Wave.objects.update(mode=Mode.CONFIDENTIAL)
        self.answers(self.parks, *[4, 3, 5, 2])
        for _time in range(2):
            overall = self.results()["questions"][0]
            self.assertEqual(overall.pop("key"), "overall")
            self.assertIs(overall.pop("suppressed"), True)
            self.assertEqual(set(overall.values()), {None})
            if _time == 0:
                self.assertIn("4 answers", self.wave("close", self.asked.key))

    def test_an_open_named_wave_is_counted_when_it_is_asked_for(self) -> None:
        self.answers(self.parks, 5)
        self.assertEqual(self.results()["answered"], 1)
        self.answers(self.parks, 4)
        self.assertEqual(self.results()["answered"], 2)
        self.assertFalse(counting.is_stale(Wave.objects.get(pk=self.asked.pk)))

    def test_people_read_it_rounded(self) -> None:
        self.answers(self.parks, 5, 4, 4, 2)
        said = self.wave("results", self.asked.key)
        self.assertIn("overall  4 answered, mean 3.8, 75% good", said)
        self.assertIn("4 invited, 4 reached, 4 answered.", said)

    def test_a_wave_or_a_question_there_is_not_is_refused(self) -> None:
        for arguments, words in (
            (("nowhere",), "no wave"),
            ((self.asked.key, "--against", "nowhere"), "no wave"),
            ((self.asked.key, "--against", self.asked.key), "cannot be compared with itself"),
            ((self.asked.key, "--questions", "speed"), "does not ask 'speed'"),
            ((self.asked.key, "--questions", ","), "at least one"),
        ):
            with self.assertRaisesMessage(CommandError, words):
                self.wave("results", *arguments)

    def test_closing_is_done_at_once_and_twice_is_refused(self) -> None:
        self.answers(self.parks, 5)
        self.assertEqual(self.wave("close", self.asked.key).strip(), "Closed, with 1 answer.")
        with self.assertRaisesMessage(CommandError, "This wave is already closed."):
            self.wave("close", self.asked.key)
