"""`comity import responses`: answers gathered elsewhere."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import CommandError, load_command_class

from comity.audit.models import Entry
from comity.followups.models import FollowUp
from comity.surveys.models import Mode, Question, Response, Survey, Tally, Wave
from comity.surveys.services.results import breakdown, results_of
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

HEAD = "Agency,Overall,How easy,Comment"
MAPPED = ("--map", "Overall=overall", "--map", "How easy=ease")


class GatheredTestCase(CastTestCase):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, *rows: str, head: str = HEAD) -> Path:
        path = self.folder / "answers.csv"
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        return path

    def comity(self, *arguments: object) -> tuple[int, str, str]:
        """As the command line runs it: exit code, what it prints, and what it says of what went wrong."""
        out, err = io.StringIO(), io.StringIO()
        command = load_command_class("comity.surveys", "import_responses")
        vars(command)["_called_from_command_line"] = True
        try:
            with contextlib.redirect_stderr(err):
                options = vars(
                    command.create_parser("comity", "import responses").parse_args(list(map(str, arguments)))
                )
            options.pop("args", ())
            command.execute(**{**options, "stdout": out, "stderr": err, "no_color": True})
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue(), err.getvalue()
        except CommandError as refused:
            return refused.returncode, out.getvalue(), str(refused)
        return 0, out.getvalue(), err.getvalue()

    def bring(self, path: Path, *more: object, wave: str = "y2024") -> dict[str, Any]:
        code, out, err = self.comity(path, "--wave", wave, *(more or MAPPED), "--json")
        self.assertEqual((code, err), (0, ""))
        found: dict[str, Any] = json.loads(out)
        self.assertEqual(found["rows"], sum(found[key] for key in ("new", "changed", "same", "set_aside")))
        return found

    def wave(self, key: str = "y2024") -> Wave:
        return Wave.objects.get(key=key)


class BringAnswersIn(GatheredTestCase):
    def test_the_wave_and_its_questions_are_made_and_counted(self) -> None:
        found = self.bring(
            self.file("Parks,5,4,Good", "Roads,4,,", "Parks,2,1,Slow"), *MAPPED, "--name", "Year 2024"
        )
        self.assertEqual((found["new"], found["set_aside"]), (3, 0))
        wave = self.wave()
        self.assertEqual(
            (wave.name, wave.state, wave.imported, wave.mode), ("Year 2024", "closed", True, Mode.NAMED)
        )
        questions = wave.version.questions.values_list("key", "kind", "ask_en", "core")
        self.assertEqual(
            list(questions), [("overall", "rating", "Overall", True), ("ease", "rating", "How easy", True)]
        )
        results = results_of(wave)
        self.assertEqual((results.invited, results.reached, results.answered), (3, 3, 3))
        ease = results.by_key["ease"]
        self.assertEqual((ease.n, ease.skipped, results.by_key["overall"].n), (2, 1, 3))
        assert ease.summary is not None
        self.assertIsNone(ease.summary.audience, "nobody knows how many could have answered")

    def test_codes_for_dont_know_are_counted_apart(self) -> None:
        self.bring(self.file("Parks,9,4,", "Parks,9.0,N/A,", "Parks,5,3,"), *MAPPED, "--na", "9,n/a")
        by_key = results_of(self.wave()).by_key
        self.assertEqual([(by_key[key].n, by_key[key].na) for key in ("overall", "ease")], [(1, 2), (2, 1)])

    def test_every_row_that_cannot_be_taken_is_set_aside_with_line_and_reason(self) -> None:
        rows = (
            "Parks,0,4,",
            "Parks,6,4,",
            "Parks,fine,4,",
            ",,,only words",
            "Parks,5,4,",
            "Parks,5,4,x,more",
        )
        found = self.bring(self.file(*rows))
        self.assertEqual((found["new"], found["set_aside"]), (1, 5))
        problems = [(one["line"], one["column"]) for one in found["problems"]]
        self.assertEqual(problems, [(2, "Overall"), (3, "Overall"), (4, "Overall"), (5, ""), (7, "")])
        self.assertEqual(found["problems"][1]["reason"], "“6” is not on the scale from 1 to 5.")

    def test_a_file_of_which_nothing_can_be_taken_makes_no_wave(self) -> None:
        found = self.bring(self.file("Parks,,,x", "Parks,,,y"), "--map", "Overall=overall")
        self.assertEqual(found["set_aside"], 2)
        self.assertFalse(Wave.objects.exists() or Survey.objects.exists())

    def test_the_same_file_again_changes_nothing_and_a_longer_one_brings_what_is_new(self) -> None:
        rows = ("Parks,5,4,", "Parks,5,4,", "Roads,3,2,")
        self.bring(self.file(*rows))
        before = list(Response.objects.order_by("pk").values())
        acts = Entry.objects.count()
        found = self.bring(self.file(*rows))
        self.assertEqual((found["new"], found["same"]), (0, 3))
        self.assertEqual(
            (list(Response.objects.order_by("pk").values()), Entry.objects.count()), (before, acts)
        )
        found = self.bring(self.file("Roads,1,1,", *reversed(rows)))
        self.assertEqual((found["new"], found["same"]), (1, 3))
        self.assertEqual(results_of(self.wave()).by_key["overall"].n, 4)

    def test_a_row_that_is_understood_otherwise_is_changed(self) -> None:
        path = self.file("Parks,5,4,", "Parks,4,3,")
        self.bring(path)
        self.bring(path, *MAPPED, "--map", "Agency=partner")
        self.assertEqual(Response.objects.filter(partner=self.parks).count(), 2)
        found = self.bring(path, "--map", "Overall=overall")
        self.assertEqual((found["same"], Response.objects.filter(partner=self.parks).count()), (2, 2))

    def test_mended_rows_are_taken_once(self) -> None:
        aside = self.folder / "aside.csv"
        path = self.file("Parks,5,4,", "Parks,6,3,")
        self.bring(path, *MAPPED, "--set-aside", aside)
        self.assertEqual(
            aside.read_text("utf-8-sig").splitlines()[0], "line,column,reason,Agency,Overall,How easy,Comment"
        )
        aside.write_text(aside.read_text().replace("Parks,6,3", "Parks,2,3"))
        self.assertEqual(self.bring(aside)["new"], 1)
        path.write_text(path.read_text().replace("Parks,6,3", "Parks,2,3"))
        self.assertEqual(self.bring(path)["same"], 2)

    def test_a_column_names_the_body_by_code_or_name(self) -> None:
        rows = ("PARKS,5,4,", "department of roads,3,3,", "Nowhere,2,2,", ",4,4,")
        found = self.bring(self.file(*rows), *MAPPED, "--map", "Agency=partner")
        self.assertEqual(
            found["problems"], [{"line": 4, "column": "Agency", "reason": "Nobody here goes by “Nowhere”."}]
        )
        wave = self.wave()
        question = wave.version.questions.get(key="overall")
        groups = {one.group: one.n for one in breakdown(wave, question, Tally.Table.PARTNER)}
        self.assertEqual(groups, {str(self.parks.pk): 1, str(self.roads.pk): 1})
        kinds = {one.group: one.n for one in breakdown(wave, question, Tally.Table.KIND)}
        self.assertEqual(kinds, {"agency": 2, "": 1})

    def test_a_rehearsal_leaves_no_trace(self) -> None:
        found = self.bring(self.file("Parks,5,4,", "Parks,6,4,"), *MAPPED, "--dry-run")
        self.assertEqual((found["new"], found["set_aside"]), (1, 1))
        self.assertFalse(Wave.objects.exists() or Response.objects.exists() or Entry.objects.exists())

    def test_where_the_audience_is_known_intervals_narrow(self) -> None:
        self.bring(self.file(*["Parks,5,4,", "Parks,4,2,", "Parks,1,2,"]), *MAPPED, "--population", "4")
        results = results_of(self.wave())
        summary = results.by_key["overall"].summary
        assert summary is not None
        self.assertEqual((results.invited, summary.audience), (4, 4))
        code, _out, err = self.comity(self.file("Parks,1,1,", "Parks,2,2,"), "--wave", "y2024", *MAPPED)
        self.assertEqual((code, err.strip()), (1, "5 people answered, so there cannot be only 4."))

    def test_drivers_are_those_named_and_explain_the_first_that_is_none(self) -> None:
        more = ("--map", "Overall=overall", "--driver", "How easy=ease")
        self.bring(self.file("Parks,5,4,", "Parks,4,2,"), *more)
        facts = Question.objects.order_by("order").values_list("key", "driver", "outcome")
        self.assertEqual(list(facts), [("overall", "", True), ("ease", "ease", False)])

    def test_another_scale(self) -> None:
        self.bring(self.file("Parks,10,0,", "Parks,11,3,"), *MAPPED, "--scale", "0-10")
        self.assertEqual(set(Question.objects.values_list("kind", flat=True)), {"recommend"})
        self.assertEqual(Response.objects.get().answers, {"overall": 10, "ease": 0})

    def test_a_wave_in_preparation_takes_answers_to_its_own_questions(self) -> None:
        world.wave(key="paper", state=Wave.State.DRAFT, version=world.version(frozen=False))
        rows = self.file("Parks,5,7,More light", "Parks,2,9,")
        found = self.bring(
            rows,
            "--map",
            "Overall=overall",
            "--map",
            "How easy=recommend",
            "--map",
            "Comment=change",
            wave="paper",
        )
        self.assertEqual(found["new"], 2)
        wave = self.wave("paper")
        self.assertEqual((wave.state, wave.version.frozen_at is not None), (Wave.State.CLOSED, True))
        self.assertEqual(results_of(wave).by_key["change"].n, 1)


class RaiseWhatIsLow(GatheredTestCase):
    def test_low_ratings_are_raised_only_when_asked_for_and_once(self) -> None:
        path = self.file("PARKS,2,1,", "ROADS,5,5,", ",3,4,")
        more = (*MAPPED, "--map", "Agency=partner")
        self.bring(path, *more)
        self.assertFalse(FollowUp.objects.exists())
        self.assertEqual(self.bring(path, *more, "--raise")["raised"], 2)
        self.assertEqual(self.bring(path, *more, "--raise")["raised"], 0)
        parks = FollowUp.objects.get(partner=self.parks)
        self.assertEqual((parks.owner, parks.title), (self.ana, "Rated 1 of 5: How easy"))
        self.assertEqual(FollowUp.objects.filter(partner=None).count(), 1)


class RefuseWithASentence(GatheredTestCase):
    def refused(self, *arguments: object, code: int = 1) -> str:
        found, _out, err = self.comity(*arguments)
        self.assertEqual(found, code, err)
        self.assertFalse(Response.objects.exists())
        return err.strip()

    def test_an_unknown_wave_without_mapped_columns(self) -> None:
        said = self.refused(self.file("Parks,5,4,"), "--wave", "nowhere")
        self.assertIn("Say which column answers which question", said)
        self.assertFalse(Wave.objects.exists())

    def test_a_column_of_words_mapped_to_a_rating_is_refused_as_a_whole(self) -> None:
        """Also where the rows that leave it empty could be taken."""
        said = self.refused(self.file("Parks,good,4,", "Parks,,5,", "Parks,bad,4,"), "--wave", "a", *MAPPED)
        self.assertIn(
            "Nothing in the column “Overall” answers its question. Line 2: “good” is not on the scale from 1 to 5. "
            "Line 4: “bad”",
            said,
        )
        self.assertFalse(Wave.objects.exists() or Survey.objects.exists())

    def test_a_column_or_a_question_there_is_not(self) -> None:
        self.assertIn(
            "There is no column “Speed”",
            self.refused(self.file("Parks,5,4,"), "--wave", "a", "--map", "Speed=x"),
        )
        world.wave(key="paper", state=Wave.State.DRAFT)
        said = self.refused(self.file("Parks,5,4,"), "--wave", "paper", "--map", "Overall=speed")
        self.assertIn("does not ask “speed”. It asks: overall, ease, recommend, change.", said)

    def test_a_wave_that_asks_people_itself(self) -> None:
        world.wave(key="own")
        self.assertIn("asks people itself", self.refused(self.file("Parks,5,4,"), "--wave", "own", *MAPPED))

    def test_a_code_that_is_an_answer(self) -> None:
        said = self.refused(self.file("Parks,5,4,"), "--wave", "a", *MAPPED, "--na", "5")
        self.assertIn("5 is an answer", said)

    def test_two_columns_for_one_question_and_a_key_that_is_none(self) -> None:
        more = ("--map", "Overall=same", "--map", "How easy=same")
        self.assertIn(
            "2 columns are mapped to “same”", self.refused(self.file("P,5,4,"), "--wave", "a", *more)
        )
        self.assertIn(
            "cannot be a question", self.refused(self.file("P,5,4,"), "--wave", "a", "--map", "Overall=A B")
        )
        self.assertIn("cannot be a wave", self.refused(self.file("P,5,4,"), "--wave", "A b", *MAPPED))

    def test_what_is_no_table_and_what_is_no_file(self) -> None:
        path = self.folder / "picture.csv"
        path.write_bytes(b"\x89PNG....")
        self.assertIn("not a table", self.refused(path, "--wave", "a", *MAPPED))
        self.assertIn(
            "cannot be opened: No such file", self.refused(self.folder / "absent.csv", "--wave", "a", *MAPPED)
        )

    def test_wrong_usage_is_2(self) -> None:
        self.refused(self.file("P,5,4,"), code=2)
        self.refused(self.file("P,5,4,"), "--wave", "a", "--map", "Overall", code=2)
        self.refused(self.file("P,5,4,"), "--wave", "a", "--population", "many", code=2)
