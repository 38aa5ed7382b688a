"""Inviting and reminding: whom, with which words and links, and whom not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.db.models import F

from comity.audit.models import Entry
from comity.outbox import services as outbox
from comity.outbox.models import Message
from comity.partners.models import Person
from comity.people import tokens
from comity.surveys.models import Held, Mode, Participant, Wave
from comity.surveys.services import daily, response_status, waves
from comity.surveys.services.sealing import held_key
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

LINK = re.compile(r"/answer/([\w-]+)/")
INVITATION = "surveys.invitation"


class SendingTestCase(CastTestCase):
    def opened(self, **fields: Any) -> Wave:
        given = {
            "version": world.version(frozen=False),
            "closes_on": self.today + timedelta(days=14),
            "audience": {"partners": [self.parks.pk]},
            **fields,
        }
        wave = waves.create_wave(name="Autumn", by=self.cora, **given)
        waves.open_wave(wave.pk, by=self.cora)
        self.run_jobs()
        wave.refresh_from_db()
        return wave

    def mail_to(self, address: str) -> list[Message]:
        return [one for one in self.sent_mail(address) if one.kind == INVITATION]

    def token_in(self, message: Message) -> str:
        found = LINK.search(message.text)
        assert found is not None
        return found[1]


class Invitations(SendingTestCase):
    def test_everybody_in_the_audience_is_invited_once_with_a_link_of_their_own(self) -> None:
        wave = self.opened()
        self.assertEqual(wave.state, Wave.State.OPEN)
        people = list(wave.participants.order_by("email"))
        self.assertEqual([one.email.split("@")[0] for one in people], ["ben", "eve"])
        for one in people:
            (mail,) = self.mail_to(one.email)
            self.assertEqual((one.state, one.sent_on), ("sent", self.today))
            self.assertEqual(tokens.hash_token(self.token_in(mail)), one.token_hash)
            self.assertEqual((mail.about_kind, mail.about_id), ("surveys.Participant", str(one.pk)))
            self.assertTrue(mail.wipe_after_sending)
        self.assertEqual(Entry.objects.get(action="surveys.invite").after, {"state": "open", "sent": 2})

    def test_the_token_lies_nowhere_but_in_the_mail(self) -> None:
        wave = self.opened()
        raw = self.token_in(self.mail_to("ben@parks.example.gov")[0])
        rows = str(list(wave.participants.values())) + str(list(Entry.objects.values())) + str(wave.__dict__)
        self.assertNotIn(raw, rows)

    def test_who_cannot_be_asked_is_written_down_with_the_reason_and_gets_no_mail(self) -> None:
        Person.objects.filter(pk=self.eve_person.pk).update(email="")
        world.invited(world.wave(key="before"), self.ben_person, self.parks)
        wave = self.opened(audience={})
        states = dict(wave.participants.values_list("person__name", "state"))
        self.assertEqual(
            states,
            {"Ben Okafor": "resting", "Eve Head": "no_address", "Cy Young": "sent", "Flo Money": "sent"},
        )
        self.assertEqual(self.mail_to("ben@parks.example.gov"), [])

    def test_the_mail_says_who_asks_how_long_it_takes_until_when_and_ends_with_a_way_to_stop(self) -> None:
        self.opened()
        (mail,) = self.mail_to("ben@parks.example.gov")
        self.assertEqual(mail.subject, "How did we do?")
        for words in (
            "Dear Ben Okafor,",
            "Office of IT would like to know",
            "about 2 minutes",
            "Stop these emails",
        ):
            self.assertIn(words, mail.text)
        self.assertEqual(mail.text.count("/answer/"), 1)

    def test_each_mode_says_what_happens_with_the_answers(self) -> None:
        for mode, words in (
            (Mode.NAMED, "Office of IT sees who said what"),
            (Mode.CONFIDENTIAL, "only the people who run this survey see who said what"),
            (Mode.ANONYMOUS, "no figure is shown for fewer than 5 people"),
        ):
            with self.subTest(mode):
                Message.objects.all().delete()
                Participant.objects.all().delete()
                Wave.objects.all().delete()
                self.opened(mode=mode)
                (mail,) = self.mail_to("ben@parks.example.gov")
                self.assertIn(words, mail.text)
                self.assertIn(words, mail.html)

    def test_a_first_question_that_is_a_rating_can_be_answered_with_one_click(self) -> None:
        self.opened()
        (mail,) = self.mail_to("ben@parks.example.gov")
        token = self.token_in(mail)
        for choice in range(1, 6):
            self.assertIn(f'/answer/{token}/?overall={choice}"', mail.html)
        self.assertNotIn("?overall=6", mail.html)

    def test_whoever_reads_spanish_is_written_to_in_spanish(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(language="es")
        self.opened()
        (mail,) = self.mail_to("ben@parks.example.gov")
        self.assertEqual(mail.subject, "¿Cómo lo hicimos?")
        for words in ("Estimado/a Ben Okafor:", "le gustaría saber", "minutos"):
            self.assertIn(words, mail.text)
        self.assertIn("Dear Eve Head", self.mail_to("eve@parks.example.gov")[0].text)

    def test_work_that_was_given_up_is_taken_up_again_and_nobody_is_asked_twice(self) -> None:
        wave = self.opened()
        Wave.objects.update(state=Wave.State.OPENING)
        one = wave.participants.first()
        assert one is not None
        daily.go_on()
        self.run_jobs()
        wave.refresh_from_db()
        self.assertEqual(wave.state, Wave.State.OPEN)
        self.assertEqual(Message.objects.filter(kind=INVITATION).count(), 2)


class Reached(SendingTestCase):
    def states(self, wave: Wave) -> dict[str, str]:
        response_status.recount()
        return dict(wave.participants.values_list("person__name", "state"))

    def test_mail_that_came_back_and_people_who_say_stop_are_not_reached(self) -> None:
        wave = self.opened(audience={})
        outbox.stop("BEN@parks.example.gov", reason="bounced", by="mail server")
        outbox.stop("eve@parks.example.gov", INVITATION, by="x")
        Message.objects.filter(to="cy@roads.example.gov").update(state="dead")
        self.assertEqual(
            self.states(wave),
            {"Ben Okafor": "bounced", "Eve Head": "opted_out", "Cy Young": "bounced", "Flo Money": "sent"},
        )

    def test_stopping_other_mail_changes_nothing(self) -> None:
        wave = self.opened()
        outbox.stop("ben@parks.example.gov", "briefing.digest", by="x")
        self.assertEqual(set(self.states(wave).values()), {"sent"})

    def test_who_is_let_through_again_counts_again(self) -> None:
        wave = self.opened()
        Message.objects.update(state="sent")
        stopped = outbox.stop("ben@parks.example.gov", INVITATION, by="x")
        self.assertEqual(self.states(wave)["Ben Okafor"], "opted_out")
        outbox.lift(stopped, by="x")
        self.assertEqual(self.states(wave)["Ben Okafor"], "sent")

    def test_who_answered_counts_as_reached_whatever_became_of_the_mail(self) -> None:
        wave = self.opened()
        wave.participants.update(state=Participant.State.OPTED_OUT, answered=True)
        self.assertEqual(wave.participants.reached().count(), 2)


class Reminders(SendingTestCase):
    def reminded(self, wave: Wave) -> list[str]:
        Message.objects.all().delete()
        Wave.objects.update(reminded_on=None)
        waves.remind(wave.pk, by=self.cora)
        self.run_jobs()
        return [one.to.split("@")[0] for one in self.sent_mail() if one.kind == INVITATION]

    def test_they_go_to_those_who_have_not_sent_an_answer_off(self) -> None:
        for mode in (Mode.NAMED, Mode.CONFIDENTIAL):
            with self.subTest(mode):
                Participant.objects.all().delete()
                Wave.objects.all().delete()
                wave = self.opened(mode=mode, audience={})
                world.answered(wave.participants.get(person=self.ben_person), overall=4)
                unfinished = world.answered(wave.participants.get(person=self.eve_person), overall=4)
                wave.participants.filter(person=self.eve_person).update(answered=False)
                unfinished.is_complete = False
                unfinished.save()
                self.assertEqual(sorted(self.reminded(wave)), ["cy", "eve", "flo"])
                wave.participants.update(answered=False)

    def test_of_an_anonymous_wave_to_those_of_whom_nothing_is_held_and_no_mark_tells_who(self) -> None:
        wave = self.opened(mode=Mode.ANONYMOUS, audience={})
        ben = wave.participants.get(person=self.ben_person)
        Held.objects.create(wave=wave, key=held_key(ben.token_hash or ""), answers={"overall": 2})
        self.assertEqual(sorted(self.reminded(wave)), ["cy", "eve", "flo"])
        self.assertEqual(set(wave.participants.values_list("reminders", "answered")), {(1, False)})
        ben.refresh_from_db()
        self.assertTrue(Held.objects.filter(key=held_key(ben.token_hash or "")).exists())
        self.assertIn("please start again", self.sent_mail("eve@parks.example.gov")[-1].text)

    def test_the_new_link_works_and_the_old_one_is_dead(self) -> None:
        wave = self.opened()
        old = self.token_in(self.mail_to("ben@parks.example.gov")[0])
        self.reminded(wave)
        (mail,) = self.mail_to("ben@parks.example.gov")
        hashes = list(wave.participants.values_list("token_hash", flat=True))
        self.assertIn(tokens.hash_token(self.token_in(mail)), hashes)
        self.assertNotIn(tokens.hash_token(old), hashes)
        self.assertNotIn("start again", mail.text)
        self.assertTrue(mail.subject.startswith("Open until "))

    def test_whoever_said_stop_gets_none(self) -> None:
        wave = self.opened()
        outbox.stop("ben@parks.example.gov", INVITATION, by="x")
        self.assertEqual(self.reminded(wave), ["eve"])

    def test_a_reminder_is_no_invitation_to_the_rest_rule(self) -> None:
        wave = self.opened()
        wave.participants.update(sent_on=self.today - timedelta(days=29))
        self.reminded(wave)
        self.assertEqual(
            set(wave.participants.values_list("sent_on", flat=True)), {self.today - timedelta(days=29)}
        )

    def test_days_set_for_reminders_are_kept_and_missed_ones_made_up_for_once(self) -> None:
        wave = self.opened(remind_after_days=[3, 5])

        def day(number: int) -> date:
            return self.today + timedelta(days=number)

        def due(number: int) -> bool:
            return daily.is_due(wave, day(number))

        self.assertEqual([due(number) for number in range(7)], [False, False, False, True, True, True, True])
        wave.reminded_on = day(3)
        self.assertEqual([due(4), due(5), due(9)], [False, True, True])
        wave.reminded_on = day(6)
        self.assertEqual([due(7), due(13)], [False, False])
        self.assertEqual(daily.next_reminder(wave, day(0)), None)
        wave.reminded_on = None
        self.assertEqual(daily.next_reminder(wave, day(0)), day(3))

    def test_each_morning_what_was_deleted_is_forgotten_where_a_backup_kept_it_from_that(self) -> None:
        with mock.patch("comity.surveys.services.closing.forget") as forget:
            daily.each_morning()
        forget.assert_called_once_with()

    def test_each_morning_reminds_where_a_day_has_come(self) -> None:
        self.opened(remind_after_days=[3])
        Message.objects.all().delete()
        Wave.objects.update(opened_at=F("opened_at") - timedelta(days=3))
        daily.each_morning()
        daily.each_morning()
        self.run_jobs()
        self.assertEqual(len(self.sent_mail()), 2)
        Wave.objects.update(closes_on=self.today - timedelta(days=1), reminded_on=None)
        daily.each_morning()
        self.run_jobs()
        self.assertEqual(len(self.sent_mail()), 2)
