"""The pages of a live session: the wall, the facilitator's screen, joining, and the phone; all of it without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comity.councils.capabilities import RUN
from comity.councils.models import CouncilMeeting, LiveSession, Phone, Topic
from comity.councils.services import joining, live, topics
from comity.councils.tests.live import LiveTestCase

DESK, WALL, PHONE, WRITE, WRITE_AGAIN, POLL = 8, 7, 5, 11, 5, 3  # queries
SCRIPT = {"X-Requested-With": "fetch"}


class LivePages(LiveTestCase):
    def url(self, name: str, *more: object) -> str:
        return reverse(f"councils:{name}", args=[self.session.pk, *more])

    def do(self, do: str, by: Any = None, **sent: object) -> Any:
        to = self.session.get_absolute_url()
        return self.post(self.url("live_act"), {"do": do, **sent}, by=by or self.ana, expect=to)

    def as_phone(self, token: str) -> None:
        self.client.cookies.clear()
        self.client.cookies[joining.COOKIE] = token


class OfTheOffice(LivePages):
    def test_the_wall_shows_address_code_and_topics(self) -> None:
        self.written("Printers")
        self.page(self.url("wall"), by=self.ana)
        with self.assertQueries(WALL):
            page = self.page(self.url("wall"))
        for words in (self.session.code, "Printers", "No topic is taken up yet", "/council"):
            self.assertIn(words, page.text)
        self.assertNotIn("Ben Okafor", page.text)

    def test_the_facilitators_screen_shows_who_wrote_what_and_what_seems_alike(self) -> None:
        for number in range(3):
            self.written(f"The printer of floor {number} is broken", self.guest if number else None)
        self.written("Nobody answers the phone")
        self.page(self.session.get_absolute_url(), by=self.ana)
        with self.assertQueries(DESK):
            page = self.page(self.session.get_absolute_url())
        for words in ("Ben Okafor", "Gail (guest)", "seem to say the same", "Topics (4)", self.session.code):
            self.assertIn(words, page.text)

    def test_a_session_is_run_by_pressing_buttons(self) -> None:
        printers, printing = self.written("Printers"), self.written("Printing")
        self.do("take", topic=printers.pk)
        self.do("start", minutes="5")
        self.do("minute")
        session = LiveSession.objects.get()
        assert session.timer_until
        self.assertEqual(session.at_hand, printers)
        self.assertGreater(session.timer_until, timezone.now() + timedelta(minutes=5))
        self.do("stop")
        self.do("lock")
        self.assertEqual(LiveSession.objects.values_list("timer_until", "locked").get(), (None, True))
        self.do("unlock")
        self.do("merge", topic=[printers.pk, printing.pk])
        printing.refresh_from_db()
        self.assertEqual(printing.merged_into, printers)
        self.assertIn("Also “Printing”", self.page(self.session.get_absolute_url()).text)
        self.post(self.url("put_back", printing.pk), expect=self.session.get_absolute_url())
        self.do("merge", topic=[printers.pk, printing.pk], into=printing.pk)
        printers.refresh_from_db()
        self.assertEqual(printers.merged_into, printing)
        self.do("remove", topic=printing.pk, reason="A joke.")
        self.assertIn("A joke.", self.page(self.session.get_absolute_url()).text)
        self.do("done")
        self.do("end")
        self.assertIn("The session has ended", self.page(self.url("wall")).text)
        self.assertIn("The session has ended", self.page(self.session.get_absolute_url()).text)

    def test_hands_are_lowered_and_seats_released(self) -> None:
        Phone.objects.update(hand_at=timezone.now())
        self.do("lower", phone=self.guest.pk)
        self.do("release", phone=self.ben_phone.pk)
        self.assertFalse(Phone.objects.raised().exists())
        self.assertEqual(list(Phone.objects.standing()), [self.guest])

    def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(self) -> None:
        topic = self.written("Printers")
        for do, sent, words in (
            ("merge", {"topic": topic.pk}, "into itself"),
            ("merge", {"topic": [topic.pk, 999_999]}, "not all topics"),
            ("merge", {"topic": "x", "into": "²"}, "into itself"),
            ("remove", {"topic": topic.pk}, "Say why"),
            ("take", {}, "not in the list"),
            ("start", {"minutes": "999"}, "between 1 and 120"),
            ("release", {"phone": "999999"}, "free already"),
            ("take_over", {}, ""),
        ):
            self.do(do, **sent)
            self.assertIn(words, self.page(self.session.get_absolute_url()).text, do)
        self.assertEqual(list(Topic.objects.standing()), [topic])
        self.assertEqual(self.client.post(self.url("live_act"), {"do": "fly"}).status_code, 400)

    def test_a_facilitator_who_vanished_is_told_of_and_replaced(self) -> None:
        self.assertEqual(self.client_of(self.ana).post(self.url("live_act"), {"do": "stay"}).status_code, 204)
        self.assertEqual(
            self.client_of(self.cora).post(self.url("live_act"), {"do": "stay"}).status_code, 409
        )
        self.do("take_over", by=self.cora)
        self.assertIn("is still here", self.page(self.session.get_absolute_url()).text)
        LiveSession.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
        page = self.page(self.url("wall"), by=self.cora)
        self.assertIn("Take over", page.text)
        gone = self.client.get(self.url("live_events")).json()["gone"]
        self.assertNotEqual(gone, "")
        self.do("take_over", by=self.cora)
        self.assertEqual(LiveSession.objects.get().facilitator, self.cora)
        self.assertIn(
            "Cora Customer runs this session", self.page(self.session.get_absolute_url(), by=self.ana).text
        )

    def client_of(self, user: Any) -> Client:
        self.client.force_login(user)
        return self.client

    def test_a_session_is_opened_from_its_meeting(self) -> None:
        live.end(self.session.pk, by=self.ana)
        opened = reverse("councils:open_live", args=[self.meeting.pk])
        self.post(opened, by=self.cora)
        session = LiveSession.objects.going_on().get()
        self.assertEqual(session.facilitator, self.cora)
        self.assertEqual(self.client.get(opened).status_code, 405)

    def test_the_page_of_the_meeting_has_what_was_brought_up(self) -> None:
        printers, printing = self.written("Printers"), self.written("Printing")
        topics.merge(self.session.pk, [printing.pk], into=printers.pk, by=self.ana)
        meeting = CouncilMeeting.objects.get()
        found = topics.of_meeting(meeting, self.ana)
        self.assertEqual(
            (found.session, found.topics, found.may_run), (self.session, [(printers, [printing])], True)
        )
        self.assertFalse(self.olu.can(RUN))
        with self.assertQueries(1):
            read = topics.of_meeting(meeting, self.olu)
        self.assertEqual((read.session, read.may_run), (None, False))


class Joining(LivePages):
    def setUp(self) -> None:
        self.join = reverse("councils:join")

    def test_by_code_and_seat_without_an_account(self) -> None:
        self.page(self.join + f"?code={self.session.code}")
        answer = self.client.post(self.join, {"code": self.session.code.lower()})
        self.assertContains(answer, "Cy Young")
        self.assertContains(answer, "(taken)")
        sent = {"code": self.session.code, "who": "1", "seat": self.seat_of("Cy Young").pk}
        joined = self.post(self.join, sent, expect=reverse("councils:phone"))
        cookie = joined.cookies[joining.COOKIE]
        self.assertTrue(cookie["httponly"])
        self.assertFalse(Phone.objects.filter(token_hash=cookie.value).exists())  # only its hash is kept
        self.assertIn("You are Cy Young", self.page(reverse("councils:phone")).text)
        self.post(self.join, {"code": self.session.code}, expect=reverse("councils:phone"))
        self.assertEqual(Phone.objects.count(), 3)

    def test_as_a_guest_by_name(self) -> None:
        self.post(self.join, {"code": self.session.code, "who": "1", "guest": " Gus "})
        self.assertEqual(Phone.objects.latest("pk").guest, "Gus")

    def test_a_taken_seat_and_a_wrong_code_are_refused_in_a_sentence(self) -> None:
        taken = {"code": self.session.code, "who": "1", "seat": self.seat_of("Ben Okafor").pk}
        self.post_refused(self.join, taken, "Another phone has joined for this seat")
        self.post_refused(self.join, {**taken, "seat": "999999"}, "")
        self.post_refused(self.join, {"code": self.session.code, "who": "1"}, "Choose your seat")
        self.post_refused(self.join, {"code": "ZZZZZZ"}, "No session has this code")
        self.assertEqual(Phone.objects.count(), 2)


class OnAPhone(LivePages):
    def test_everything_is_there_in_spanish(self) -> None:
        spanish = {"Accept-Language": "es"}
        join = self.client.get(reverse("councils:join"), headers=spanish)
        self.assertContains(join, "El código está en la pantalla")
        who = self.client.post(reverse("councils:join"), {"code": self.session.code}, headers=spanish)
        for words in ("Su puesto", "(ocupado)", "Los invitados escriben temas, pero no votan", "Entrar"):
            self.assertContains(who, words)
        self.as_phone(self.guest_token)
        live.lock(self.session.pk, locked=True, by=self.ana)
        page = self.client.get(reverse("councils:phone"), headers=spanish)
        for words in (
            "Usted es Gail (invitado)",
            "Estamos hablando de",
            "Levantar la mano",
            "Por ahora no se puede",
        ):
            self.assertContains(page, words)

    def test_a_topic_is_written_and_seen_without_scripts(self) -> None:
        self.as_phone(self.ben_token)
        page = self.page(reverse("councils:phone"))
        self.assertIn("You are Ben Okafor, Department of Parks.", page.text)
        key = page.context["typed"]["key"]
        self.post(
            reverse("councils:write"), {"title": "Printers", "key": key}, expect=reverse("councils:phone")
        )
        self.assertIn("Printers", self.page(reverse("councils:phone")).text)
        with self.assertQueries(PHONE):
            self.page(reverse("councils:phone"))

    def test_what_is_refused_stands_in_the_form_again(self) -> None:
        self.as_phone(self.ben_token)
        live.lock(self.session.pk, locked=True, by=self.ana)
        sent = {"title": "Printers", "said": "All of them.", "key": "k" * 20}
        answer = self.post_refused(reverse("councils:write"), sent, "Writing is closed")
        self.assertContains(answer, "All of them.", status_code=422)

    def test_a_script_is_told_what_is_kept_and_what_never_will_be(self) -> None:
        self.as_phone(self.guest_token)
        url, sent = reverse("councils:write"), {"title": "Printers", "key": "k" * 20}
        locked = connection.vendor == "postgresql"  # numbers of events wait for one another there
        for again in range(2):
            with self.assertQueries(WRITE_AGAIN if again else WRITE + locked):
                self.assertEqual(self.client.post(url, sent, headers=SCRIPT).json(), {})
        self.assertEqual(Topic.objects.get().guest, "Gail")
        refused = self.client.post(url, {"title": " ", "key": "other-key"}, headers=SCRIPT)
        self.assertEqual((refused.status_code, "few words" in refused.json()["said"]), (422, True))
        live.release(self.session.pk, self.guest.pk, by=self.ana)
        gone = self.client.post(url, {"title": "Wi-Fi", "key": "third-key"}, headers=SCRIPT)
        self.assertEqual((gone.status_code, "what you wrote is kept" in gone.json()["said"]), (403, True))

    def test_a_hand_goes_up_and_down(self) -> None:
        self.as_phone(self.ben_token)
        for up in ("1", "1", "0"):
            self.post(reverse("councils:hand"), {"up": up}, expect=reverse("councils:phone"))
            self.assertEqual(Phone.objects.raised().exists(), up == "1")

    def test_what_happens_is_asked_for_with_the_number_of_the_stream(self) -> None:
        self.as_phone(self.ben_token)
        topic, url = self.written("Printers"), reverse("councils:phone_events")
        with self.assertQueries(POLL):
            first = self.client.get(url).json()
        self.assertEqual(first["said"][-1], {"topic": topic.shown()})
        self.assertEqual(self.client.get(url, {"after": first["after"]}).json(), {**first, "said": []})

    def test_whoever_has_not_joined_is_led_to_the_code(self) -> None:
        for name in ("phone", "write", "hand"):
            ask = self.client.get if name == "phone" else self.client.post
            self.assertRedirects(ask(reverse(f"councils:{name}")), reverse("councils:join"))
        self.assertEqual(self.client.get(reverse("councils:phone_events"), headers=SCRIPT).status_code, 403)

    def test_when_it_has_ended_the_topics_can_still_be_read(self) -> None:
        self.written("Printers")
        live.end(self.session.pk, by=self.ana)
        self.as_phone(self.ben_token)
        page = self.page(reverse("councils:phone"))
        self.assertIn("The session has ended", page.text)
        self.assertIn("Printers", page.text)
        self.assertNotIn("Write a topic", page.text)
