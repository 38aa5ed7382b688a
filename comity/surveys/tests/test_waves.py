"""Waves are prepared, opened once, given more time; what cannot be is refused in a sentence and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.partners.models import Person
from comity.surveys.models import Mode, Participant, Rules, Wave
from comity.surveys.services import waves
from comity.surveys.services.audience import set_rules
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class WavesTestCase(CastTestCase):
    def prepared(self, **fields: Any) -> Wave:
        given = {
            "name": "Autumn 2027",
            "version": fields.pop("version", None) or world.version(frozen=False),
            "closes_on": self.today + timedelta(days=14),
            **fields,
        }
        return waves.create_wave(by=self.cora, **given)

    def refused(self, sentence: str, act: Any, *args: Any, **kwargs: Any) -> None:
        before = list(Wave.objects.order_by("pk").values()), Entry.objects.count(), Work.objects.count()
        with self.assertRaisesMessage(DomainError, sentence):
            act(*args, **kwargs)
        self.assertEqual(
            (list(Wave.objects.order_by("pk").values()), Entry.objects.count(), Work.objects.count()), before
        )


class Preparing(WavesTestCase):
    def test_a_key_is_made_from_the_name_and_never_taken_twice(self) -> None:
        version = world.version()
        keys = [self.prepared(version=version, name=name).key for name in ("Año 2027!", "Año 2027", "¿¡?")]
        self.assertEqual(keys, ["ano-2027", "ano-2027-2", "wave"])

    def test_it_takes_the_smallest_group_from_the_rules(self) -> None:
        set_rules({"smallest_group": 8}, by=self.cora)
        self.assertEqual(self.prepared().smallest_group, 8)
        self.assertEqual(Rules.objects.get().most_a_year, 4)

    def test_changes_are_in_the_trail_with_before_and_after(self) -> None:
        wave = self.prepared()
        waves.change_wave(wave.pk, {"mode": "anonymous", "remind_after_days": [14, 7, 7]}, by=self.cora)
        entry = Entry.objects.get(action=waves.CHANGE)
        self.assertEqual(entry.before, {"mode": "named", "remind_after_days": []})
        self.assertEqual(entry.after, {"mode": "anonymous", "remind_after_days": [7, 14]})

    def test_what_cannot_be_is_refused(self) -> None:
        wave = self.prepared()
        wrong: list[tuple[str, dict[str, Any]]] = [
            ("Enter a name for the wave.", {"name": "  "}),
            ("The last day to answer has passed.", {"closes_on": self.today - timedelta(days=1)}),
            ("Choose up to 4 reminders.", {"remind_after_days": [1, 2, 3, 4, 5]}),
            ("Choose days from 1 to 365", {"remind_after_days": [0]}),
            ("Enter 2 or more", {"smallest_group": 1}),
            ("A wave cannot be compared with itself.", {"against": wave}),
        ]
        for sentence, fields in wrong:
            self.refused(sentence, waves.change_wave, wave.pk, fields, by=self.cora)

    def test_the_mode_stays_once_an_answer_has_arrived(self) -> None:
        wave = self.prepared()
        Wave.objects.update(has_answers=True)
        self.refused("Answers have arrived", waves.change_wave, wave.pk, {"mode": "anonymous"}, by=self.cora)

    def test_one_that_was_never_opened_can_be_thrown_away(self) -> None:
        wave = self.prepared()
        waves.delete_wave(wave.pk, by=self.cora)
        self.assertFalse(Wave.objects.exists())
        self.assertLessEqual(
            {"key": "autumn-2027"}.items(), (Entry.objects.get(action=waves.DELETE).before or {}).items()
        )


class Opening(WavesTestCase):
    def test_it_freezes_the_questions_and_begins_to_invite(self) -> None:
        wave = self.prepared()
        work = waves.open_wave(wave.pk, by=self.cora)
        wave.refresh_from_db()
        self.assertEqual(wave.state, Wave.State.OPENING)
        self.assertTrue(wave.version.frozen_at)
        self.assertEqual((work.task, work.owner), ("surveys.open", f"people.User:{self.cora.pk}"))
        self.assertEqual(Entry.objects.get(action=waves.OPEN).actor_label, str(self.cora))

    def test_twice_is_refused(self) -> None:
        wave = self.prepared()
        waves.open_wave(wave.pk, by=self.cora)
        self.refused("This wave has already been opened.", waves.open_wave, wave.pk, by=self.cora)
        self.refused(
            "This wave has been opened", waves.change_wave, wave.pk, {"mode": "anonymous"}, by=self.cora
        )
        self.refused("This wave has been opened", waves.delete_wave, wave.pk, by=self.cora)

    def test_a_survey_without_questions_is_refused(self) -> None:
        wave = self.prepared()
        wave.version.questions.all().delete()
        self.refused("has no questions yet", waves.open_wave, wave.pk, by=self.cora)

    def test_a_last_day_that_is_missing_or_past_is_refused(self) -> None:
        wave = self.prepared(closes_on=None)
        self.refused("Choose the last day to answer.", waves.open_wave, wave.pk, by=self.cora)
        Wave.objects.update(closes_on=self.today - timedelta(days=1))
        self.refused("The last day to answer has passed.", waves.open_wave, wave.pk, by=self.cora)

    def test_an_empty_audience_is_refused(self) -> None:
        wave = self.prepared(audience={"kinds": ["tribe"]})
        self.refused("Nobody is in the audience.", waves.open_wave, wave.pk, by=self.cora)

    def test_an_audience_of_which_nobody_can_be_asked_is_refused(self) -> None:
        wave = self.prepared()
        Person.objects.update(email="")
        self.refused("Nobody in the audience can be asked now", waves.open_wave, wave.pk, by=self.cora)


class WhileItIsOpen(WavesTestCase):
    def test_those_who_were_asked_can_have_more_time(self) -> None:
        wave = world.wave()
        waves.extend_wave(wave.pk, closes_on=self.today + timedelta(days=40), by=self.cora)
        wave.refresh_from_db()
        self.assertEqual(wave.closes_on, self.today + timedelta(days=40))
        yesterday = self.today - timedelta(days=1)
        self.refused("has passed", waves.extend_wave, wave.pk, closes_on=yesterday, by=self.cora)

    def test_a_wave_in_preparation_or_closed_has_no_day_to_move_and_nobody_to_remind(self) -> None:
        for state in ("draft", "closed"):
            wave = world.wave(state=state, key=state)
            self.refused(
                "only while a wave is open", waves.extend_wave, wave.pk, closes_on=self.today, by="x"
            )
            self.refused("only while a wave is open", waves.remind, wave.pk, by=self.cora)

    def test_reminding_is_once_a_day_and_never_after_the_last_day(self) -> None:
        wave = world.wave(mode=Mode.ANONYMOUS)
        waves.remind(wave.pk, by=self.cora)
        self.refused("already been reminded today", waves.remind, wave.pk, by=self.cora)
        Wave.objects.update(reminded_on=None, closes_on=self.today - timedelta(days=1))
        self.refused("The last day to answer has passed", waves.remind, wave.pk, by=self.cora)
        self.assertFalse(Participant.objects.exists())
