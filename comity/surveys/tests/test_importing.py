"""Responses from elsewhere, imported by the command `comity import responses`; test_importing_pages has the pages."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.files import File
from django.core.management import CommandError, call_command, load_command_class
from django.urls import reverse

from comity import jobs
from comity.audit.models import Entry
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.imports import applying, services
from comity.imports.models import Import, ImportRow
from comity.jobs.progress import Unwatched
from comity.notifications.models import Notice
from comity.surveys.importing import responses
from comity.surveys.models import Mode, Question, Response, Survey, Tally, Wave
from comity.surveys.services import closing, response_status
from comity.surveys.services.results import breakdown, results_of
from comity.surveys.tests import world
from comity.surveys.tests.test_join_attack import copy_of_everything
from comity.testing.cast import CastTestCase

HEAD = "Agency,Overall,How easy,Comment"
MAPPED = ("--map", "Overall=overall", "--map", "How easy=ease")


class ResponsesTestCase(CastTestCase):
    PROMISED: tuple[str, ...] = ("--mode", "named")

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
        command = load_command_class("comity.imports", "import_file")
        vars(command)["_called_from_command_line"] = True
        try:
            with contextlib.redirect_stderr(err):
                options = vars(
                    command.create_parser("comity", "import").parse_args(["responses", *map(str, arguments)])
                )
            options.pop("args", ())
            command.execute(**{**options, "stdout": out, "stderr": err, "no_color": True})
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue(), err.getvalue()
        except CommandError as refused:
            return refused.returncode, out.getvalue(), str(refused)
        return 0, out.getvalue(), err.getvalue()

    def imported(self, path: Path, *more: object, wave: str = "y2024") -> dict[str, Any]:
        promised = () if "--mode" in more else self.PROMISED
        code, out, err = self.comity(path, "--wave", wave, *promised, *(more or MAPPED), "--json")
        self.assertEqual((code, err), (0, ""))
        found: dict[str, Any] = json.loads(out)
        self.assertEqual(found["rows"], sum(found[key] for key in ("new", "changed", "same", "set_aside")))
        return found

    def wave(self, key: str = "y2024") -> Wave:
        return Wave.objects.get(key=key)


class ImportResponses(ResponsesTestCase):
    def test_the_wave_and_its_questions_are_made_and_counted(self) -> None:
        found = self.imported(
            self.file("Parks,5,4,Good", "Roads,4,,", "Parks,2,1,Slow"), *MAPPED, "--name", "Year 2024"
        )
        self.assertEqual((found["new"], found["set_aside"]), (3, 0))
        wave = self.wave()
        self.assertEqual(
            (wave.name, wave.state, wave.imported, wave.mode),
            ("Year 2024", "closed", True, Mode.NAMED),
        )
        questions = wave.version.questions.values_list("key", "kind", "ask_en", "core")
        self.assertEqual(
            list(questions), [("overall", "rating", "Overall", True), ("ease", "rating", "How easy", True)]
        )
        results = results_of(wave)
        self.assertEqual((results.invited, results.reached, results.response_rate), (None, None, None))
        ease = results.by_key["ease"]
        self.assertEqual((ease.n, ease.skipped, results.by_key["overall"].n), (2, 1, 3))
        assert ease.summary is not None
        self.assertIsNone(ease.summary.audience, "nobody knows how many could have answered")

    def test_codes_for_dont_know_are_counted_apart(self) -> None:
        self.imported(self.file("Parks,9,4,", "Parks,9.0,N/A,", "Parks,5,3,"), *MAPPED, "--na", "9,n/a")
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
        found = self.imported(self.file(*rows))
        self.assertEqual((found["new"], found["set_aside"]), (1, 5))
        problems = [(one["line"], one["column"]) for one in found["problems"]]
        self.assertEqual(problems, [(2, "Overall"), (3, "Overall"), (4, "Overall"), (5, ""), (7, "")])
        self.assertEqual(found["problems"][1]["reason"], "“6” is not on the scale from 1 to 5.")

    def test_a_quotation_mark_that_nothing_closes_loses_no_response(self) -> None:
        rows = ("Parks,5,4,fine", 'Roads,2,1,"They said ""soon', "Roads,4,4,ok", "Parks,1,1,ok")
        found = self.imported(self.file(*rows))
        self.assertEqual((found["new"], found["set_aside"], found["problems"][0]["line"]), (3, 1, 3))

    def test_labels_of_a_survey_tool_are_told_what_they_mean(self) -> None:
        """Its second row of headers is none of the responses."""
        head = "Respondent ID,Agency,How satisfied are you?"
        rows = (",,Response", "1001,PARKS,5 - Very satisfied", "1002,PARKS,4", "1003,ROADS,3 – Neutral")
        path, mapped = self.file(*rows, head=head), ("--map", "How satisfied are you?=sat")
        found = self.imported(path, *mapped, "--dry-run")
        self.assertEqual((found["rows"], found["new"], found["set_aside"]), (3, 1, 2))
        values = ("--value", "sat:5 - Very satisfied=5", "--value", "sat:3 – Neutral=3")
        self.assertEqual(self.imported(path, *mapped, *values)["new"], 3)
        self.assertEqual(results_of(self.wave()).by_key["sat"].n, 3)

    def test_a_file_of_which_nothing_can_be_taken_makes_no_wave(self) -> None:
        found = self.imported(self.file("Parks,,,x", "Parks,,,y"), "--map", "Overall=overall")
        self.assertEqual(found["set_aside"], 2)
        self.assertFalse(Wave.objects.exists() or Survey.objects.exists())

    def test_the_same_file_again_changes_nothing_and_a_longer_one_brings_what_is_new(self) -> None:
        rows = ("Parks,5,4,", "Parks,5,4,", "Roads,3,2,")
        self.imported(self.file(*rows))
        before = list(Response.objects.order_by("pk").values())
        acts = Entry.objects.filter(target_kind="surveys.Wave").count()
        found = self.imported(self.file(*rows))
        self.assertEqual((found["new"], found["same"]), (0, 3))
        self.assertEqual(list(Response.objects.order_by("pk").values()), before)
        self.assertEqual(Entry.objects.filter(target_kind="surveys.Wave").count(), acts)
        found = self.imported(self.file("Roads,1,1,", *reversed(rows)))
        self.assertEqual((found["new"], found["same"]), (1, 3))
        self.assertEqual(results_of(self.wave()).by_key["overall"].n, 4)

    def test_a_row_that_is_understood_otherwise_is_changed(self) -> None:
        path = self.file("Parks,5,4,", "Parks,4,3,")
        self.imported(path)
        self.imported(path, *MAPPED, "--map", "Agency=partner")
        self.assertEqual(Response.objects.filter(partner=self.parks).count(), 2)
        found = self.imported(path, "--map", "Overall=overall")
        self.assertEqual((found["same"], Response.objects.filter(partner=self.parks).count()), (2, 2))

    def test_mended_rows_are_taken_once(self) -> None:
        aside = self.folder / "aside.csv"
        path = self.file("Parks,5,4,", "Parks,6,3,")
        self.imported(path, *MAPPED, "--set-aside", aside)
        self.assertEqual(
            aside.read_text("utf-8-sig").splitlines()[0], "line,column,reason,Agency,Overall,How easy,Comment"
        )
        aside.write_text(aside.read_text().replace("Parks,6,3", "Parks,2,3"))
        self.assertEqual(self.imported(aside)["new"], 1)
        path.write_text(path.read_text().replace("Parks,6,3", "Parks,2,3"))
        self.assertEqual(self.imported(path)["same"], 2)

    def test_a_column_names_the_body_by_code_or_name(self) -> None:
        rows = ("PARKS,5,4,", "department of roads,3,3,", "Nowhere,2,2,", ",4,4,")
        found = self.imported(self.file(*rows), *MAPPED, "--map", "Agency=partner")
        self.assertEqual(
            found["problems"], [{"line": 4, "column": "Agency", "reason": "We cannot find “Nowhere”."}]
        )
        wave = self.wave()
        question = wave.version.questions.get(key="overall")
        groups = {one.group: one.n for one in breakdown(wave, question, Tally.Table.PARTNER)}
        self.assertEqual(groups, {str(self.parks.pk): 1, str(self.roads.pk): 1})
        kinds = {one.group: one.n for one in breakdown(wave, question, Tally.Table.KIND)}
        self.assertEqual(kinds, {"agency": 2, "": 1})

    def test_a_rehearsal_leaves_no_trace(self) -> None:
        found = self.imported(self.file("Parks,5,4,", "Parks,6,4,"), *MAPPED, "--dry-run")
        self.assertEqual((found["new"], found["set_aside"]), (1, 1))
        self.assertFalse(Wave.objects.exists() or Response.objects.exists() or Entry.objects.exists())

    def test_where_the_audience_is_known_intervals_narrow(self) -> None:
        self.imported(self.file(*["Parks,5,4,", "Parks,4,2,", "Parks,1,2,"]), *MAPPED, "--population", "4")
        results = results_of(self.wave())
        summary = results.by_key["overall"].summary
        assert summary is not None
        self.assertEqual((results.invited, summary.audience), (4, 4))
        code, _out, err = self.comity(self.file("Parks,1,1,", "Parks,2,2,"), "--wave", "y2024", *MAPPED)
        self.assertEqual((code, err.strip()), (1, "5 people answered, so there cannot be only 4."))

    def test_drivers_are_those_named_and_explain_the_first_that_is_none(self) -> None:
        more = ("--map", "Overall=overall", "--driver", "How easy=ease")
        self.imported(self.file("Parks,5,4,", "Parks,4,2,"), *more)
        facts = Question.objects.order_by("order").values_list("key", "driver", "outcome")
        self.assertEqual(list(facts), [("overall", "", True), ("ease", "ease", False)])

    def test_another_scale(self) -> None:
        self.imported(self.file("Parks,10,0,", "Parks,11,3,"), *MAPPED, "--scale", "0-10")
        self.assertEqual(set(Question.objects.values_list("kind", flat=True)), {"recommend"})
        self.assertEqual(Response.objects.get().answers, {"overall": 10, "ease": 0})

    def test_a_wave_in_preparation_takes_answers_to_its_own_questions(self) -> None:
        world.wave(key="paper", state=Wave.State.DRAFT, version=world.version(frozen=False))
        rows = self.file("Parks,5,7,More light", "Parks,2,9,")
        found = self.imported(
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

    def test_a_new_wave_can_ask_a_survey_there_is_on_its_day(self) -> None:
        version = world.version(key="annual")
        more = ("--survey", "annual", "--day", "2024-05-06", "--name", "Year 2024", "--mode", "confidential")
        found = self.imported(
            self.file("Parks,5,4,Good", head="Agency,How satisfied are you?,ease,What should change?"), *more
        )
        self.assertEqual((found["new"], found["wave"]), (1, "y2024"))
        wave = self.wave()
        self.assertEqual((wave.version, wave.mode, wave.closes_on), (version, Mode.CONFIDENTIAL, None))
        assert wave.opened_at is not None
        self.assertEqual(str(wave.opened_at.date()), "2024-05-06")
        answers = {"overall": 5, "ease": 4, "change": "Good"}
        self.assertEqual(Response.objects.get().answers, answers)

    def test_without_a_key_a_wave_gets_one_of_its_name(self) -> None:
        world.wave(key="year-2024")
        code, out, err = self.comity(self.file("Parks,5,4,"), "--name", "Year 2024", *MAPPED, "--json")
        self.assertEqual((code, err, json.loads(out)["wave"]), (0, "", "year-2024-2"))

    def test_a_word_can_be_said_to_mean_an_answer_and_a_minus_stays_one(self) -> None:
        path = self.file("Parks,5 - Very satisfied,1,", "Parks,4,-1,", "Parks,-1,3,", "Parks,Response,1,")
        more = (
            "--value",
            "overall:5 - Very satisfied=5",
            "--value",
            "overall:-1=na",
            "--value",
            "overall:Response=-",
        )
        found = self.imported(path, *MAPPED, *more)
        self.assertEqual(
            [(one["line"], one["column"]) for one in found["problems"]], [(3, "How easy"), (5, "Overall")]
        )
        answers = list(Response.objects.order_by("answers__ease").values_list("answers", flat=True))
        self.assertEqual(answers, [{"overall": 5, "ease": 1}, {"overall": "na", "ease": 3}])

    def test_an_empty_cell_is_never_assumed_to_be_an_answer(self) -> None:
        code, _out, err = self.comity(self.file("Parks,,4,"), "--wave", "a", *MAPPED, "--value", "overall:=5")
        self.assertEqual(code, 2)
        self.assertIn("cannot count as an answer", err)
        self.assertFalse(Response.objects.exists())


class KnowThemAgain(ResponsesTestCase):
    """A file whose rows look otherwise: saved by a spreadsheet, with one more column, corrected."""

    HEAD = "Id,Submitted,Agency,Overall"
    MAPPED = ("--map", "Overall=overall", "--map", "Id=")
    FIRST = (
        "1,2026-07-01 08:30:00,PARKS,5",
        "2,2026-07-01 09:00:00,ROADS,2",
        "3,2026-07-02 10:15:00,ROADS,4",
    )
    AGAIN = ("1,7/1/2026 8:30,PARKS,5", "2,7/1/2026 9:00,ROADS,2", "3,7/2/2026 10:15,ROADS,4")

    def test_by_the_respondents_id_they_are_the_same_and_corrected_ones_are_changed(self) -> None:
        more = ("--map", "Overall=overall")  # a column called Id is the respondent's
        self.imported(self.file(*self.FIRST, head=self.HEAD), *more)
        self.assertEqual(self.imported(self.file(*self.AGAIN, head=self.HEAD), *more)["same"], 3)
        wider = [f"{row},complete" for row in self.FIRST]
        self.assertEqual(self.imported(self.file(*wider, head=f"{self.HEAD},Status"), *more)["same"], 3)
        found = self.imported(self.file("2,7/1/2026 9:00,ROADS,3", head=self.HEAD), *more)
        self.assertEqual((found["changed"], found["new"]), (1, 0))
        self.assertEqual(results_of(self.wave()).by_key["overall"].n, 3)

    def test_a_few_confidential_answers_of_which_nothing_is_shown_can_be_corrected(self) -> None:
        self.PROMISED = ()
        self.imported(self.file(*self.FIRST, head=self.HEAD), "--map", "Overall=overall")
        self.assertEqual(self.wave().mode, Mode.CONFIDENTIAL)
        again = self.file(*self.AGAIN[:2], "3,7/2/2026 10:15,ROADS,1", head=self.HEAD)
        found = self.imported(again, "--map", "Overall=overall")
        self.assertEqual((found["same"], found["changed"]), (2, 1))

    def test_one_respondent_answers_once_in_a_file(self) -> None:
        found = self.imported(
            self.file("1,,PARKS,5", "1,,PARKS,4", head="Number,Submitted,Agency,Overall"),
            *("--map", "Overall=overall", "--map", "Number=respondent"),
        )
        self.assertEqual((found["new"], found["set_aside"]), (1, 1))
        self.assertEqual(found["problems"][0]["reason"], "Line 2 is of the same respondent.")

    def test_without_one_a_file_that_repeats_the_wave_is_asked_about(self) -> None:
        self.imported(self.file(*self.FIRST, head=self.HEAD), *self.MAPPED)
        path = self.file(*self.AGAIN, head=self.HEAD)
        code, _out, err = self.comity(path, "--wave", "y2024", *self.MAPPED)
        self.assertEqual(code, 1)
        self.assertIn("3 of 3 new rows have exactly the answers of responses already in “y2024”", err)
        self.assertEqual(Response.objects.count(), 3)
        self.assertEqual(self.imported(path, *self.MAPPED, "--others")["new"], 3)


class GatheredElsewhere(ResponsesTestCase):
    """What is not known of them is not said, and all of it can be taken back."""

    PROMISED = ()

    def said(self, act: str, *more: str) -> str:
        out = io.StringIO()
        call_command("wave", act, *more, stdout=out)
        return out.getvalue()

    def test_small_groups_are_hidden_unless_names_were_promised_to_be_seen(self) -> None:
        self.imported(self.file("PARKS,5,4,", "PARKS,4,4,"), *MAPPED, "--map", "Agency=partner")
        self.assertTrue(results_of(self.wave()).too_few)
        self.imported(self.file("PARKS,5,4,"), *MAPPED, "--mode", "named", wave="open")
        self.assertEqual(self.wave("open").mode, Mode.NAMED)

    def test_nobody_is_said_to_have_been_asked(self) -> None:
        rows = [f"PARKS,{1 + n % 5},4,{n}" for n in range(8)]
        self.imported(self.file(*rows), *MAPPED, "--map", "Agency=partner")
        wave = self.wave()
        self.assertIn("8 answered  ", self.said("list"))
        self.assertIn("how many were asked is not known, 8 answered", self.said("results", wave.key))
        for url in (
            wave.get_absolute_url(),
            reverse("surveys:results", args=[wave.pk]),
            reverse("surveys:waves"),
        ):
            words = self.reads(self.page(url, by=self.cora))
            for claim in (
                "reached",
                "100%",
                "8 of 8",
                "every place we asked",
                "Invited",
                "goes to the contact",
            ):
                self.assertNotIn(claim, words.replace("Reached", ""), url)
        self.assertEqual(
            self._asked(self.cora).get(reverse("surveys:silent_partners", args=[wave.pk])).status_code, 404
        )
        table = self.page(reverse("surveys:breakdown", args=[wave.pk, "kind"]), by=self.cora)
        self.assertNotContains(table, "Invited")

    def test_how_many_could_have_answered_is_known_where_it_is_said(self) -> None:
        rows = [f"PARKS,{1 + n % 5},4,{n}" for n in range(8)]
        self.imported(self.file(*rows), *MAPPED, "--population", "40")
        results = results_of(self.wave())
        self.assertEqual((results.invited, results.response_rate), (40, 0.2))
        self.assertIn("8 of 40 answered", self.said("list"))

    def test_a_wave_is_taken_back_by_a_command(self) -> None:
        self.imported(self.file("PARKS,5,4,"), *MAPPED, "--mode", "named")
        self.imported(self.file("PARKS,5,4,", "PARKS,2,1,"), *MAPPED)
        self.imported(self.file("PARKS,5,4,", "PARKS,2,1,"), *MAPPED)  # changes nothing
        self.assertEqual(self.said("undo", "y2024"), "“y2024” is taken back: 2 imports are undone.\n")
        self.assertFalse(Wave.objects.exists() or Response.objects.exists() or Survey.objects.exists())
        world.wave(key="own")
        with self.assertRaisesRegex(CommandError, "Nothing was imported into “Autumn”"):
            self.said("undo", "own")

    def test_a_wave_is_taken_back_on_its_page_by_who_may_see_it(self) -> None:
        self.imported(self.file("PARKS,5,4,"), *MAPPED, "--mode", "named")
        page = self.wave().get_absolute_url()
        self.assertContains(self.page(page, by=self.cora), "Take the answers back")
        self.assertNotContains(self.page(page, by=self.ana), "Take the answers back")

    def test_words_of_a_whole_column_are_asked_about(self) -> None:
        path = self.file("Parks,5 - Very satisfied,4,", "Parks,3 – Neutral,4,")
        code, _out, err = self.comity(path, "--wave", "y2024", *MAPPED)
        self.assertEqual(code, 1)
        self.assertIn("Nothing in the column “Overall” could be read", err)
        batch = Import.objects.latest("pk")
        self.assertEqual(batch.state, Import.State.COLUMNS)
        self.assertEqual(batch.unmatched["overall"], {"5 - Very satisfied": 1, "3 – Neutral": 1})
        labels = ("--value", "overall:5 - Very satisfied=5", "--value", "overall:3 – Neutral=3")
        self.assertEqual(self.imported(path, *MAPPED, *labels)["new"], 2)


class WhoWasAsked(ResponsesTestCase):
    """Rows of those who did not answer are read as who was asked; without them nobody knows, and no rate is said."""

    HEAD = "Respondent ID,Agency,Overall,How easy,Status"

    def asked(self, *rows: str, head: str = HEAD, **more: Any) -> dict[str, Any]:
        return self.imported(self.file(*rows, head=head), *MAPPED, **more)

    def rate(self) -> tuple[int | None, int | None, float | None]:
        found = results_of(self.wave())
        return found.invited, found.answered, found.response_rate

    def test_a_status_says_who_did_not_answer(self) -> None:
        found = self.asked(
            "1,Parks,5,4,Complete",
            "2,Roads,4,3,Completed",
            "3,Roads,,,Invited / not started",
            "4,,,,No response",
        )
        self.assertEqual((found["new"], found["same"], found["set_aside"]), (2, 2, 0))
        self.assertEqual(self.rate(), (4, 2, 0.5))
        self.assertEqual(Response.objects.count(), 2)

    def test_so_does_an_id_without_answers(self) -> None:
        self.asked(
            "1,Parks,5,4", "2,Roads,,", "3,Roads,,", "4,,,", head="Respondent ID,Agency,Overall,How easy"
        )
        self.assertEqual(self.rate(), (4, 1, 0.25))

    def test_a_status_alone_is_enough_where_no_one_has_an_id(self) -> None:
        head = "Agency,Overall,How easy,Responded"
        self.asked("Parks,5,4,yes", "Roads,,,no", "Roads,,,no", head=head)
        self.assertEqual(self.rate(), (3, 1, 1 / 3))

    def test_where_the_file_names_only_who_answered_nobody_knows_who_was_asked(self) -> None:
        self.asked("1,Parks,5,4,Complete", "2,Roads,4,3,Complete")
        self.assertEqual(self.rate(), (None, 2, None))
        page = self.reads(self.page(reverse("surveys:wave", args=[self.wave().pk]), by=self.cora))
        self.assertNotIn("2 of 2", page)
        self.assertNotIn("100%", page)

    def test_a_row_that_says_nothing_at_all_is_set_aside(self) -> None:
        found = self.asked("1,Parks,5,4,Complete", ",Roads,,,", ",Roads,,,Complete")
        self.assertEqual((found["new"], found["same"], found["set_aside"]), (1, 0, 2))
        self.assertEqual(self.rate()[0], None)

    def test_whoever_answers_later_is_counted_once(self) -> None:
        self.asked("1,Parks,5,4,Complete", "2,Roads,,,Invited", "3,Roads,,,Invited")
        found = self.asked("1,Parks,5,4,Complete", "2,Roads,3,3,Complete", "3,Roads,,,Invited")
        self.assertEqual((found["new"], found["same"]), (1, 2))
        self.assertEqual(self.rate(), (3, 2, 2 / 3))

    def test_what_is_said_counts_and_cannot_be_fewer_than_the_file_names(self) -> None:
        path = self.file("1,Parks,5,4,Complete", "2,Roads,,,Invited", "3,Roads,,,Invited", head=self.HEAD)
        code, _out, err = self.comity(path, "--wave", "a", "--mode", "named", *MAPPED, "--population", "2")
        self.assertEqual(code, 1)
        self.assertIn("The file names 3 people who were asked, so there cannot be only 2.", err)
        self.imported(path, *MAPPED, "--population", "10")
        self.assertEqual(self.rate(), (10, 1, 0.1))

    def test_undone_nobody_is_said_to_have_been_asked(self) -> None:
        self.asked("1,Parks,5,4,Complete", "2,Roads,4,3,Complete")
        self.asked("3,Parks,5,4,Complete", "4,Roads,,,Invited")
        self.assertEqual(self.rate(), (4, 3, 0.75))
        services.undo(Import.objects.order_by("-pk")[0].pk, by=self.cora)
        jobs.run_waiting()
        self.assertEqual(self.rate(), (None, 2, None))


class KeepNamesBack(ResponsesTestCase):
    """A confidential wave in preparation takes responses once, and raises nothing of a single one."""

    def setUp(self) -> None:
        super().setUp()
        world.wave(
            Mode.CONFIDENTIAL, key="paper", state=Wave.State.DRAFT, version=world.version(frozen=False)
        )

    def test_once_it_is_counted_nothing_is_added(self) -> None:
        rows = [f"Parks,{1 + n % 5},4,{n}" for n in range(8)]
        self.imported(self.file(*rows), *MAPPED, wave="paper")
        self.assertEqual(self.imported(self.file(*rows), *MAPPED, wave="paper")["same"], 8)
        code, _out, err = self.comity(self.file(*rows, "Parks,1,1,new"), "--wave", "paper", *MAPPED)
        self.assertEqual(code, 1)
        self.assertIn("is confidential and already counted", err)
        self.assertEqual(Response.objects.count(), 8)

    def test_low_ratings_of_single_people_are_not_raised(self) -> None:
        code, _out, err = self.comity(self.file("Parks,1,1,"), "--wave", "paper", *MAPPED, "--raise")
        self.assertEqual(code, 1)
        self.assertIn("no follow-up is raised for a single response", err)

    def test_the_trail_says_how_many_and_not_what(self) -> None:
        self.imported(self.file("Parks,1,2,a secret"), *MAPPED, wave="paper")
        said = json.dumps(list(Entry.objects.values_list("before", "after")))
        self.assertNotIn("secret", said)
        self.assertNotIn('"overall": 1', said)
        self.assertFalse(Entry.objects.filter(target_kind="surveys.Response").exists())


class KeepNobodys(ResponsesTestCase):
    """Answers gathered elsewhere as anonymous: counted, and then gone with the file they came in."""

    HEAD = "ID,Agency,Overall,How easy,Comment"
    TOLD = (*MAPPED, "--map", "ID=respondent", "--map", "Agency=partner", "--mode", "anonymous")

    def rows(self) -> list[str]:
        return [f"id-{n}-x,{('Parks', 'Roads')[n % 2]},{1 + n % 5},{1 + n % 3},said {n}" for n in range(14)]

    def anonymous(self, *more: str) -> dict[str, Any]:
        return self.imported(self.file(*self.rows(), *more, head=self.HEAD), *self.TOLD)

    def test_tables_are_kept_and_no_row_no_file_and_no_id(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            found = self.anonymous("id-99-x,Parks,high,,", "id-1-x,Parks,1,1,")
        self.assertEqual((found["new"], found["set_aside"]), (14, 2))
        self.assertEqual([one["line"] for one in found["problems"]], [16, 17])
        wave = self.wave()
        self.assertEqual((wave.mode, wave.state, results_of(wave).answered), ("anonymous", "closed", 14))
        self.assertEqual(results_of(wave).by_key["overall"].n, 14)
        overall = wave.version.questions.get(key="overall")
        self.assertEqual([one.n for one in breakdown(wave, overall, Tally.Table.PARTNER)], [7, 7])
        self.assertFalse(Response.objects.exists() or ImportRow.objects.exists())
        batch = Import.objects.get()
        self.assertFalse(Path(batch.file.path).exists())
        everything = str(copy_of_everything())
        for number in range(14):
            self.assertNotIn(f"id-{number}-x", everything)
        self.assertNotIn("said 3", everything)
        counted = response_status.with_counts(Wave.objects.filter(pk=wave.pk)).get()
        self.assertEqual((counted.asked, counted.given), (None, 14))

    def test_comments_are_kept_apart_where_the_survey_asks_for_them(self) -> None:
        world.wave(Mode.ANONYMOUS, key="y2024", state=Wave.State.DRAFT, version=world.version(frozen=False))
        self.imported(self.file(*self.rows(), head=self.HEAD), *MAPPED, "--map", "Comment=change")
        wave = self.wave()
        self.assertEqual((wave.state, results_of(wave).answered, wave.remarks.count()), ("closed", 14, 14))
        self.assertFalse(Response.objects.exists() or ImportRow.objects.exists())

    def test_nothing_is_added_to_it(self) -> None:
        self.anonymous()
        path = self.file("id-77-x,Parks,1,1,new", head=self.HEAD)
        code, _out, err = self.comity(path, "--wave", "y2024", *self.TOLD)
        self.assertEqual(code, 1)
        self.assertIn("is anonymous and already counted", err)
        self.assertEqual(results_of(self.wave()).answered, 14)

    def test_it_is_taken_back_whole(self) -> None:
        self.anonymous()
        batch = Import.objects.get()
        for raised in FollowUp.objects.filter(kind="low_in_survey"):
            ring.withdraw(raised.pk, reason="Taken back", by=self.cora)
        self.assertTrue(services.can_undo(batch))
        services.undo(batch.pk, by=self.cora)
        jobs.run_waiting()
        batch.refresh_from_db()
        self.assertEqual(batch.state, Import.State.UNDONE)
        self.assertFalse(Wave.objects.exists() or Tally.objects.exists() or Survey.objects.exists())

    def test_a_file_that_is_not_applied_after_all_is_destroyed_at_once(self) -> None:
        about: dict[str, Any] = {
            "wave": "y2024",
            "name": "x",
            "survey": "-",
            "mode": "anonymous",
            "scale": "1-5",
            "na": "",
            "drivers": "",
        }
        about |= {"day": None, "population": None, "raise_low": False, "others": False}
        with self.file(*self.rows(), head=self.HEAD).open("rb") as opened:
            batch = services.receive(
                File(opened, "answers.csv"),
                profile="responses",
                by=self.cora,
                mapping={"Overall": "overall"},
                about=about,
            )
        jobs.run_waiting()
        self.assertEqual(ImportRow.objects.count(), 14)
        services.discard(batch.pk, by=self.cora)
        self.assertFalse(ImportRow.objects.exists())

    def test_too_few_leave_their_number_alone(self) -> None:
        self.imported(self.file(*self.rows()[:4], head=self.HEAD), *self.TOLD)
        self.assertEqual(self.wave().figures, {"answered": 4})
        self.assertEqual(list(Tally.objects.values_list("n", "counts")), [(None, None)])

    def test_a_closing_that_was_killed_is_taken_up_from_the_rows_of_the_import(self) -> None:
        path = self.file(*self.rows(), head=self.HEAD)
        killed = mock.patch.object(responses, "finish", side_effect=KeyboardInterrupt)
        with killed, self.assertRaises(KeyboardInterrupt):
            self.comity(path, "--wave", "y2024", *self.TOLD)
        self.assertEqual((self.wave().state, ImportRow.objects.count()), (Wave.State.CLOSING, 14))
        closing.go_on()
        jobs.run_waiting()
        self.assertEqual((self.wave().state, results_of(self.wave()).answered), ("closed", 14))
        self.assertFalse(ImportRow.objects.exists())
        applying.apply(Unwatched(), import_id=Import.objects.get().pk)
        self.assertEqual((Import.objects.get().state, results_of(self.wave()).answered), ("applied", 14))


class RaiseWhatIsLow(ResponsesTestCase):
    def test_low_ratings_are_raised_only_when_asked_for_and_once(self) -> None:
        path = self.file("PARKS,2,1,", "ROADS,5,5,", ",3,4,")
        more = (*MAPPED, "--map", "Agency=partner")
        self.imported(path, *more)
        self.assertFalse(FollowUp.objects.exists())
        self.assertEqual(self.imported(path, *more, "--raise")["raised"], 2)
        self.assertEqual(self.imported(path, *more, "--raise")["raised"], 0)
        parks = FollowUp.objects.get(partner=self.parks)
        self.assertEqual((parks.owner, parks.title), (self.ana, "1 of 5: How easy"))
        self.assertEqual(FollowUp.objects.filter(partner=None).count(), 1)

    def test_who_owns_many_of_them_is_told_once(self) -> None:
        path = self.file("PARKS,2,1,", "PARKS,1,5,", "PARKS,3,3,")
        more = (*MAPPED, "--map", "Agency=partner", "--raise")
        self.assertEqual(self.imported(path, *more)["raised"], 3)
        notices = Notice.objects.filter(user=self.ana)
        self.assertEqual([one.text for one in notices], ["You own 3 new follow-ups."])


class RefuseWithASentence(ResponsesTestCase):
    def refused(self, *arguments: object, code: int = 1) -> str:
        found, _out, err = self.comity(*arguments)
        self.assertEqual(found, code, err)
        self.assertFalse(Response.objects.exists())
        return err.strip()

    def test_an_unknown_wave_without_mapped_columns(self) -> None:
        said = self.refused(self.file("Parks,5,4,"), "--wave", "nowhere")
        self.assertIn("Choose which column answers which question", said)
        self.assertFalse(Wave.objects.exists())

    def test_a_column_of_words_mapped_to_a_rating_is_refused_as_a_whole(self) -> None:
        """Also where the rows that leave it empty could be taken."""
        said = self.refused(self.file("Parks,good,4,", "Parks,,5,", "Parks,bad,4,"), "--wave", "a", *MAPPED)
        self.assertIn(
            "Nothing in the column “Overall” could be read. Line 2: “good” is not on the scale from 1 to 5. "
            "Line 4: “bad”",
            said,
        )
        self.assertFalse(Wave.objects.exists() or Survey.objects.exists())

    def test_a_column_or_a_question_there_is_not(self) -> None:
        self.assertIn(
            "The file has no column “Speed”",
            self.refused(self.file("Parks,5,4,"), "--wave", "a", "--map", "Speed=x"),
        )
        world.wave(key="paper", state=Wave.State.DRAFT)
        said = self.refused(self.file("Parks,5,4,"), "--wave", "paper", "--map", "Overall=speed", code=2)
        self.assertIn("There is no field 'speed'.", said)
        self.assertIn("overall, ease, recommend, change.", said)

    def test_a_wave_that_asks_people_itself(self) -> None:
        world.wave(key="own")
        self.assertIn("asks people itself", self.refused(self.file("Parks,5,4,"), "--wave", "own", *MAPPED))

    def test_a_code_that_is_an_answer(self) -> None:
        said = self.refused(self.file("Parks,5,4,"), "--wave", "a", *MAPPED, "--na", "5")
        self.assertIn("5 is an answer", said)

    def test_two_columns_for_one_question_and_a_key_that_is_none(self) -> None:
        more = ("--map", "Overall=same", "--map", "How easy=same")
        self.assertIn(
            "2 columns are mapped to “Overall”", self.refused(self.file("P,5,4,"), "--wave", "a", *more)
        )
        self.assertIn(
            "cannot be a question", self.refused(self.file("P,5,4,"), "--wave", "a", "--map", "Overall=A B")
        )
        said = self.refused(self.file("P,5,4,"), "--wave", "A b", *MAPPED, code=2)
        self.assertIn("--wave: This cannot be a wave", said)

    def test_what_is_no_table_and_what_is_no_file(self) -> None:
        path = self.folder / "picture.csv"
        path.write_bytes(b"\x89PNG....")
        self.assertIn("not a table", self.refused(path, "--wave", "a", *MAPPED))
        self.assertIn(
            "cannot be read: No such file", self.refused(self.folder / "absent.csv", "--wave", "a", *MAPPED)
        )

    def test_wrong_usage_is_2(self) -> None:
        self.refused(self.file("P,5,4,"), code=2)
        self.refused(self.file("P,5,4,"), "--wave", "a", "--map", "Overall", code=2)
        self.refused(self.file("P,5,4,"), "--wave", "a", "--population", "many", code=2)
