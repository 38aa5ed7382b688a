"""A live session: joined with the code, written in by everybody at once, run by one person at a time."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.councils import streaming
from comity.councils.models import LiveEvent, LiveSession, Phone, Topic
from comity.councils.models.live import told
from comity.councils.services import joining, live, topics
from comity.councils.tests.live import LiveTestCase
from comity.people.models import AttemptCount


class Opening(LiveTestCase):
    def test_a_meeting_has_one_session_at_a_time(self) -> None:
        with self.assertRaisesMessage(DomainError, "going on already"):
            live.open_session(self.meeting.pk, by=self.cora)
        live.end(self.session.pk, by=self.ana)
        again = live.open_session(self.meeting.pk, by=self.cora)
        self.assertNotEqual(again.code, "")
        with self.assertRaises(IntegrityError), transaction.atomic():
            LiveSession.objects.create(meeting=self.meeting, facilitator=self.ana, seen_at=timezone.now())

    def test_a_meeting_that_was_called_off_has_none(self) -> None:
        live.end(self.session.pk, by=self.ana)
        self.meeting.called_off_at, self.meeting.called_off_reason = timezone.now(), "Snow."
        self.meeting.save()
        with self.assertRaisesMessage(DomainError, "called off"):
            live.open_session(self.meeting.pk, by=self.ana)

    def test_a_meeting_whose_minutes_stand_has_none_and_offers_none(self) -> None:
        live.end(self.session.pk, by=self.ana)
        self.meeting.minutes, self.meeting.minutes_at = "It was long.", timezone.now()
        self.meeting.save()
        with self.assertRaisesMessage(DomainError, "have been given out"):
            live.open_session(self.meeting.pk, by=self.ana)
        page = self.reads(self.page(self.meeting.get_absolute_url(), by=self.ana))
        self.assertNotIn("Open a live session", page)

    def test_the_code_is_six_easy_letters_and_forgotten_at_the_end(self) -> None:
        code = self.session.code
        self.assertEqual(len(code), 6)
        self.assertLessEqual(set(code), set(live.LETTERS))
        live.end(self.session.pk, by=self.ana)
        self.session.refresh_from_db()
        self.assertEqual(self.session.code, "")
        with self.assertRaisesMessage(DomainError, "No session has this code"):
            joining.session_of(code, "10.0.0.1")


class Joining(LiveTestCase):
    def test_the_code_is_found_however_it_is_typed(self) -> None:
        typed = f" {self.session.code[:3].lower()} {self.session.code[3:]} "
        self.assertEqual(joining.session_of(typed, "10.0.0.1"), self.session)

    def test_guesses_of_an_address_are_counted_and_others_are_let_in(self) -> None:
        for wrong in ("AAAAAA", "", "?" * 30):
            with self.assertRaisesMessage(DomainError, "No session has this code"):
                joining.session_of(wrong, "10.0.0.1")
        AttemptCount.objects.update(count=joining.MISSES.attempts)
        with self.assertRaisesMessage(DomainError, "Wait ten minutes"):
            joining.session_of(self.session.code, "10.0.0.1")
        self.assertEqual(joining.session_of(self.session.code, "10.0.0.2"), self.session)

    def test_a_seat_is_joined_once_until_it_is_released(self) -> None:
        ben = self.seat_of("Ben Okafor")
        with self.assertRaisesMessage(DomainError, "Another phone has joined for this seat"):
            joining.join(self.session, seat=ben)
        live.release(self.session.pk, self.ben_phone.pk, by=self.ana)
        with self.assertRaisesMessage(DomainError, "free already"):
            live.release(self.session.pk, self.ben_phone.pk, by=self.ana)
        second, _raw = joining.join(self.session, seat=ben)
        self.assertEqual(list(Phone.objects.standing().filter(seat=ben)), [second])

    def test_one_is_a_seat_or_a_guest_and_not_both_nor_nobody(self) -> None:
        seat = self.seat_of("Cy Young")
        for seat_or_none, guest in ((seat, "Cy"), (None, " ")):
            with self.assertRaisesMessage(DomainError, "Choose your seat"):
                joining.join(self.session, seat=seat_or_none, guest=guest)

    def test_guests_are_limited_and_whoever_has_a_seat_gets_in(self) -> None:
        with patch.object(joining, "MOST_GUESTS", 1):
            with self.assertRaisesMessage(DomainError, "No more guests can join."):
                joining.join(self.session, guest="Winter")
            joining.join(self.session, seat=self.seat_of("Cy Young"))
        self.assertEqual(Phone.objects.count(), 3)

    def test_only_filled_seats_of_the_meetings_day_are_offered(self) -> None:
        offered = {str(seat.person): vars(seat)["taken"] for seat in joining.seats_of(self.session)}
        self.assertEqual(offered, {"Ben Okafor": True, "Cy Young": False})
        self.seat_of("Cy Young").council.seats.filter(person=self.cy_person).update(ends_on=self.today)
        self.assertEqual(len(joining.seats_of(self.session)), 1)

    def test_a_phone_says_by_its_token_which_seat_it_has_in_which_meeting(self) -> None:
        def seat_with(token: str) -> object:
            request = RequestFactory().get("/")
            request.COOKIES[joining.COOKIE] = token
            return joining.seat_of(request, self.meeting)

        self.assertEqual(seat_with(self.ben_token), self.ben_phone.seat)
        self.assertEqual([seat_with(each) for each in (self.guest_token, "made-up", "")], [None] * 3)
        live.end(self.session.pk, by=self.ana)
        self.assertEqual(seat_with(self.ben_token), self.ben_phone.seat)  # a vote may come after the topics
        Phone.objects.update(joined_at=timezone.now() - joining.LASTS)
        self.assertIsNone(seat_with(self.ben_token))


class Writing(LiveTestCase):
    def test_a_topic_sent_twice_is_kept_and_told_once(self) -> None:
        first = self.written("  Printers   on floor 2 ", key="key-of-ben")
        again = self.written("Printers on floor 2", key="key-of-ben")
        self.assertEqual((first, first.title), (again, "Printers on floor 2"))
        self.assertEqual((first.seat, first.council), (self.ben_phone.seat, self.meeting.council))
        self.assertEqual(sum("topic" in said for _pk, said in told(self.session.pk, 0)), 1)
        self.assertEqual(Entry.objects.filter(action=topics.WRITE).count(), 1)

    def test_the_key_of_somebody_else_gives_nothing_of_theirs(self) -> None:
        self.written("Printers", key="key-of-ben")
        with self.assertRaisesMessage(DomainError, "Reload the page"):
            self.written("Passwords", self.guest, key="key-of-ben")

    def test_what_cannot_be_right_is_refused_in_a_sentence(self) -> None:
        for title, key, words in (
            (" ", "k" * 8, "in a few words"),
            ("x" * 201, "k" * 8, "in a few words"),
            ("x", "k", "Reload"),
        ):
            with self.assertRaisesMessage(DomainError, words):
                self.written(title, key=key)
        live.lock(self.session.pk, locked=True, by=self.ana)
        with self.assertRaisesMessage(DomainError, "Writing is closed"):
            self.written("Printers")
        live.end(self.session.pk, by=self.ana)
        with self.assertRaisesMessage(DomainError, "has ended"):
            self.written("Printers")
        self.assertFalse(Topic.objects.exists())

    def test_a_phone_writes_a_hundred_topics_at_most(self) -> None:
        for number in range(topics.MOST_OF_A_PHONE):
            facts = {"meeting": self.meeting, "guest": "Gail", "title": f"{number}", "key": f"many-{number}"}
            Topic.objects.create(council=self.meeting.council, **facts)
        with self.assertRaisesMessage(DomainError, "hundredth"):
            self.written("One more", self.guest)
        self.written("Printers")

    def test_the_reader_of_a_process_finds_what_is_new_and_gives_its_connection_back(self) -> None:
        first, second = self.written("Printers"), self.written("Wi-Fi")
        with patch.object(connection, "close") as close:  # the test goes on with it
            new = [said["topic"]["id"] for _pk, said in streaming.read(self.session.pk, 0) if "topic" in said]
        self.assertEqual(new, [first.pk, second.pk])
        self.assertEqual(close.called, connection.vendor == "postgresql")

    def test_what_phones_are_told_does_not_say_who_wrote(self) -> None:
        topic = self.written("Printers", self.guest)
        self.assertEqual(
            told(self.session.pk, 0)[-1][1], {"topic": {"id": topic.pk, "title": "Printers", "said": ""}}
        )
        self.assertNotIn("Gail", str(LiveEvent.objects.values_list("said", flat=True)))


class Merging(LiveTestCase):
    def test_one_stands_for_the_others_and_each_can_be_taken_out_again(self) -> None:
        printers, printing, wifi = (self.written(title) for title in ("Printers", "Printing", "Wi-Fi"))
        live.take_up(self.session.pk, printing.pk, by=self.ana)
        self.assertEqual(
            topics.merge(self.session.pk, [printing.pk], into=printers.pk, by=self.ana), printers
        )
        self.assertEqual(list(Topic.objects.standing()), [printers, wifi])
        self.assertEqual(topics.with_merged(list(Topic.objects.all())), [(printers, [printing]), (wifi, [])])
        said = told(self.session.pk, 0)[-1][1]
        self.assertEqual((said["gone"], said["state"]["hand"]["id"]), ([printing.pk], printers.pk))
        topics.put_back(self.session.pk, printing.pk, by=self.ana)
        self.assertEqual(len(Topic.objects.standing()), 3)
        with self.assertRaisesMessage(DomainError, "in the list already"):
            topics.put_back(self.session.pk, printing.pk, by=self.ana)

    def test_what_was_merged_meanwhile_is_followed_to_what_stands_for_it(self) -> None:
        a, b, c, d = (self.written(title) for title in "abcd")
        topics.merge(self.session.pk, [a.pk], into=b.pk, by=self.ana)
        self.assertEqual(topics.merge(self.session.pk, [c.pk], into=a.pk, by=self.ana), b)
        self.assertEqual(topics.merge(self.session.pk, [a.pk], into=d.pk, by=self.ana), d)
        self.assertEqual(
            topics.merge(self.session.pk, [d.pk], into=c.pk, by=self.ana), d
        )  # they are one already
        self.assertEqual(
            [topic.pk for topic, _merged in topics.with_merged(list(Topic.objects.all()))], [d.pk]
        )

    def test_a_topic_is_not_merged_into_itself_nor_into_one_of_elsewhere(self) -> None:
        a, b = self.written("a"), self.written("b")
        for chosen, into, words in (
            ([a.pk], a.pk, "into itself"),
            ([], a.pk, "two or more"),
            ([a.pk], 999_999, "not all topics"),
        ):
            with self.assertRaisesMessage(DomainError, words):
                topics.merge(self.session.pk, chosen, into=into, by=self.ana)
        topics.remove(self.session.pk, [b.pk], reason="A joke.", by=self.ana)
        with self.assertRaisesMessage(DomainError, "removed meanwhile"):
            topics.merge(self.session.pk, [a.pk], into=b.pk, by=self.ana)
        self.assertEqual(list(Topic.objects.standing()), [a])

    def test_a_topic_is_removed_for_a_reason_and_put_back(self) -> None:
        topic = self.written("A joke")
        live.take_up(self.session.pk, topic.pk, by=self.ana)
        with self.assertRaisesMessage(DomainError, "Say why"):
            topics.remove(self.session.pk, [topic.pk], reason=" ", by=self.ana)
        topics.remove(self.session.pk, [topic.pk], reason="Names a colleague.", by=self.ana)
        self.session.refresh_from_db()
        self.assertIsNone(self.session.at_hand)
        with self.assertRaisesMessage(DomainError, "Choose a topic"):
            topics.remove(self.session.pk, [topic.pk], reason="Again.", by=self.ana)
        topics.put_back(self.session.pk, topic.pk, by=self.ana)
        self.assertEqual(Topic.objects.standing().get().removed_reason, "")

    def test_alike_ones_are_offered_together(self) -> None:
        said = (
            "The printers are always broken",
            "Our printer is broken again",
            "Nobody answers the help desk phone",
        )
        written = [self.written(title) for title in said]
        self.assertEqual(topics.alike(written), [written[:2]])
        self.assertEqual(topics.alike([]), [])


class Running(LiveTestCase):
    def test_one_topic_is_at_hand_at_a_time_and_its_timer_begins_when_it_is_started(self) -> None:
        printers, wifi = self.written("Printers"), self.written("Wi-Fi")
        live.take_up(self.session.pk, printers.pk, by=self.ana)
        live.set_timer(self.session.pk, 5, by=self.ana)
        before = live.set_timer(self.session.pk, 1, more=True, by=self.ana).timer_until
        assert before
        self.assertAlmostEqual(before - timezone.now(), timedelta(minutes=6), delta=timedelta(seconds=30))
        session = live.take_up(self.session.pk, wifi.pk, by=self.ana)
        self.assertEqual((session.at_hand, session.timer_until), (wifi, None))
        self.assertIsNone(live.take_up(self.session.pk, None, by=self.ana).at_hand)
        topics.remove(self.session.pk, [wifi.pk], reason="Done.", by=self.ana)
        with self.assertRaisesMessage(DomainError, "not in the list anymore"):
            live.take_up(self.session.pk, wifi.pk, by=self.ana)
        with self.assertRaisesMessage(DomainError, "between 1 and 120"):
            live.set_timer(self.session.pk, 121, by=self.ana)

    def test_hands_are_called_in_the_order_in_which_they_were_raised(self) -> None:
        for phone in (self.guest, self.ben_phone):
            joining.raise_hand(Phone.objects.select_related("session").get(pk=phone.pk), up=True)
        self.assertEqual(list(self.session.phones.raised()), [self.guest, self.ben_phone])
        live.lower(self.session.pk, self.guest.pk, by=self.ana)
        self.assertEqual(list(self.session.phones.raised()), [self.ben_phone])
        self.assertEqual(told(self.session.pk, 0)[-1][1], {"hands": 1})

    def test_somebody_else_runs_it_only_once_its_facilitator_is_gone(self) -> None:
        with self.assertRaisesMessage(DomainError, "Ana Ruiz runs this session"):
            live.lock(self.session.pk, locked=True, by=self.cora)
        with self.assertRaisesMessage(DomainError, "Ana Ruiz is still here"):
            live.take_over(self.session.pk, by=self.cora)
        LiveSession.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
        live.stay(self.session.pk, by=self.ana)
        with self.assertRaisesMessage(DomainError, "is still here"):
            live.take_over(self.session.pk, by=self.cora)
        LiveSession.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
        self.assertEqual(live.take_over(self.session.pk, by=self.cora).facilitator, self.cora)
        live.lock(self.session.pk, locked=True, by=self.cora)
        with self.assertRaisesMessage(DomainError, "Cora Customer runs this session"):
            live.stay(self.session.pk, by=self.ana)

    def test_its_end_is_the_last_that_is_told_and_its_topics_stand(self) -> None:
        topic = self.written("Printers")
        live.end(self.session.pk, by=self.ana)
        self.assertEqual([said["state"]["ended"] for _pk, said in told(self.session.pk, 0)], [True])
        self.assertEqual(list(self.meeting.council.topics.standing()), [topic])
        with self.assertRaisesMessage(DomainError, "has ended"):
            joining.raise_hand(Phone.objects.select_related("session").get(pk=self.guest.pk), up=True)
        with self.assertRaisesMessage(DomainError, "has ended"):
            live.lock(self.session.pk, locked=False, by=self.ana)
        self.assertIsNone(LiveSession.objects.get().gone_since(timezone.now() + timedelta(hours=1)))
