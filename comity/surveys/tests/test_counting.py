"""From answers to tallies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comity.surveys.models import Mode, Participant, Question, Response, Tally, Wave
from comity.surveys.services import counting
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

KIND = Question.Kind


class CountingTestCase(CastTestCase):
    """People of Parks, Roads and Trails answer."""

    asked: Wave

    def setUp(self) -> None:
        super().setUp()
        self.asked = world.wave()

    def answers(self, partner: Any, *ratings: Any, **more: Any) -> list[Response]:
        """One more person of a partner for each rating."""
        found = []
        for rating in ratings:
            name = f"Person {Participant.objects.count()}"
            person = world.person_at(self, partner, name)
            participant, _raw = world.invited(self.asked, person, partner)
            found.append(world.answered(participant, overall=rating, **more))
        return found

    def row(self, question: str = "overall", table: str = "all", group: str = "") -> Tally:
        return Tally.objects.get(wave=self.asked, table=table, group=group, question=question)


class CountANamedWave(CountingTestCase):
    def test_each_answer_is_counted_in_every_table(self) -> None:
        self.answers(self.parks, 5, 4, 4)
        self.answers(self.roads, 2)
        counting.refresh(self.asked)
        row = self.row()
        self.assertEqual((row.n, row.na, row.skipped), (4, 0, 0))
        self.assertEqual(row.counts, {"1": 0, "2": 1, "3": 0, "4": 2, "5": 1})
        self.assertEqual(self.row(table="partner", group=str(self.parks.pk)).n, 3)
        self.assertEqual(self.row(table="kind", group="agency").n, 4)
        self.assertEqual(self.row(table="tier", group="Tier 1").n, 4)

    def test_dont_know_and_what_was_left_are_counted_apart(self) -> None:
        self.answers(self.parks, "na", 3)
        counting.refresh(self.asked)
        self.assertEqual((self.row().n, self.row().na), (1, 1))
        self.assertEqual((self.row("ease").n, self.row("ease").skipped), (0, 2))

    def test_a_group_says_how_many_it_asked_reached_and_heard_from(self) -> None:
        self.answers(self.parks, 5, 4)
        silent, _raw = world.invited(self.asked, self.ben_person, self.parks)
        bounced, _raw = world.invited(self.asked, self.cy_person, self.roads)
        rested, _raw = world.invited(self.asked, self.flo_person, self.roads)
        Participant.objects.filter(pk=bounced.pk).update(state=Participant.State.BOUNCED)
        Participant.objects.filter(pk=rested.pk).update(state=Participant.State.RESTING)
        counting.refresh(self.asked)
        whole = self.row("")
        self.assertEqual((whole.invited, whole.reached, whole.n), (4, 3, 2))
        roads = self.row("", "partner", str(self.roads.pk))
        self.assertEqual((roads.invited, roads.reached, roads.n), (1, 0, 0))
        self.assertFalse(silent.answered)

    def test_what_was_only_begun_is_not_counted(self) -> None:
        begun = self.answers(self.parks, 1, 5)[0]
        Response.objects.filter(pk=begun.pk).update(is_complete=False)
        counting.refresh(self.asked)
        self.assertEqual(self.row().counts["1"], 0)

    def test_a_question_that_did_not_come_up_was_not_left(self) -> None:
        Question.objects.filter(version=self.asked.version, key="ease").update(
            show_if_question="overall", show_if_values=[1, 2]
        )
        self.answers(self.parks, 5, 5, 2)
        counting.refresh(self.asked)
        self.assertEqual((self.row("ease").n, self.row("ease").skipped), (0, 1))

    def test_choices_are_counted_by_key_and_yes_by_number(self) -> None:
        facts = {"version": self.asked.version, "ask_en": "?"}
        choices = [{"key": key, "en": key, "es": key} for key in ("mail", "phone", "visit")]
        Question.objects.create(key="ways", kind=KIND.MANY, choices=choices, order=8, **facts)
        Question.objects.create(key="again", kind=KIND.YES_NO, order=9, **facts)
        self.answers(self.parks, 4, ways=["mail", "visit"], again=True)
        self.answers(self.parks, 4, ways=["mail"], again=False)
        counting.refresh(self.asked)
        self.assertEqual(self.row("ways").counts, {"mail": 2, "phone": 0, "visit": 1})
        self.assertEqual(self.row("ways").n, 2)
        self.assertEqual(self.row("again").counts, {"0": 1, "1": 1})

    def test_counting_again_changes_only_what_changed(self) -> None:
        self.answers(self.parks, 5, 4)
        self.answers(self.roads, 3)
        self.assertGreater(counting.refresh(self.asked), 0)
        self.assertEqual(counting.refresh(self.asked), 0)
        before = self.row(table="partner", group=str(self.roads.pk)).pk
        self.answers(self.parks, 1)
        counting.refresh(self.asked)
        self.assertEqual(self.row(table="partner", group=str(self.roads.pk)).pk, before)
        self.assertEqual(self.row().n, 4)


class FiguresBesideTheTables(CountingTestCase):
    def figures(self) -> dict[str, Any]:
        counting.refresh(self.asked)
        self.asked.refresh_from_db()
        figures: dict[str, Any] = self.asked.figures
        return figures

    def test_drivers_are_ranked_from_fifty_answers_on(self) -> None:
        for overall, ease in [(5, 5)] * 20 + [(4, 4)] * 10 + [(4, 5)] * 5 + [(3, 4)] * 5 + [(2, 3)] * 9:
            self.answers(self.parks, overall, ease=ease)
        self.assertFalse(self.figures()["drivers"]["enough"])
        self.answers(self.parks, 2, ease=3)
        drivers = self.figures()["drivers"]
        self.assertEqual(drivers["outcome"], "overall")
        self.assertAlmostEqual(drivers["drivers"][0]["rho"], 0.9109, places=4)

    def test_every_partner_has_one_vote_beside_the_plain_mean(self) -> None:
        self.answers(self.parks, 5, 5, 5)
        self.answers(self.roads, 1)
        weights = self.figures()["weights"]["overall"]
        self.assertEqual(weights["one_vote"]["mean"], 3)
        self.assertEqual(weights["head_count"]["partners"], 0)
        type(self.parks).objects.filter(pk=self.roads.pk).update(headcount=30)
        self.answers(self.roads, 3)
        self.assertEqual(self.figures()["weights"]["overall"]["head_count"]["mean"], 2)

    def test_the_same_people_are_paired_with_the_wave_before(self) -> None:
        before = world.wave(key="spring", version=self.asked.version, state=Wave.State.CLOSED)
        for rating, response in enumerate(self.answers(self.parks, 4, 5, 5), start=3):
            then, _raw = world.invited(before, response.person, self.parks)
            world.answered(then, overall=rating)
        self.asked.against = before
        self.asked.save()
        self.assertEqual(
            self.figures()["pairs"], {str(before.pk): {"overall": {"3>4": 1, "4>5": 1, "5>5": 1}}}
        )

    def test_days_of_answers_are_kept_for_named_waves_only(self) -> None:
        first = self.answers(self.parks, 5)[0]
        Response.objects.filter(pk=first.pk).update(day=timezone.localdate() - timedelta(days=3))
        self.answers(self.parks, 2)
        self.assertEqual(len(self.figures()["early_late"]["days"]), 2)


class WhenToCount(CountingTestCase):
    def test_only_open_named_waves_in_which_something_arrived(self) -> None:
        self.answers(self.parks, 4)
        self.assertTrue(counting.something_to_count())
        self.assertEqual(counting.refresh_open(), 1)
        self.assertEqual(counting.refresh_open(), 0)
        self.answers(self.parks, 2)
        self.assertEqual(counting.refresh_open(), 1)

    def test_a_changed_answer_is_something_that_arrived(self) -> None:
        response = self.answers(self.parks, 4)[0]
        counting.refresh_open()
        response.answers, response.revision = {"overall": 1}, 2
        response.save()
        self.assertEqual(counting.refresh_open(), 1)
        self.assertEqual(self.row().counts["1"], 1)

    def test_waves_that_keep_names_back_are_not_counted_while_open(self) -> None:
        for mode in (Mode.CONFIDENTIAL, Mode.ANONYMOUS):
            Wave.objects.filter(pk=self.asked.pk).update(mode=mode)
            self.answers(self.parks, 4, 4, 5, 5, 3)
            self.assertFalse(counting.something_to_count())
            self.assertEqual(counting.refresh_open(), 0)
        self.assertFalse(Tally.objects.exists())

    def test_a_closed_wave_stays_as_it_was_frozen(self) -> None:
        self.answers(self.parks, 4)
        counting.refresh(self.asked)
        Wave.objects.filter(pk=self.asked.pk).update(state=Wave.State.CLOSED, closed_at=timezone.now())
        self.answers(self.parks, 1)
        self.assertEqual(counting.refresh_open(), 0)
        self.assertEqual(self.row().n, 1)
