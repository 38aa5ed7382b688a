"""One meeting: planned and in the members' calendars, announced, held, kept with their partners, minuted, decided, followed up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from comity.core.councils.quorum import Quorum
from comity.core.errors import DomainError
from comity.councils.models import CouncilMeeting, Decision, Topic
from comity.councils.services import meetings, retaining
from comity.councils.services.inviting import INVITATION
from comity.councils.services.meetings import AGENDA, DECISIONS
from comity.councils.tests.world import CouncilTestCase
from comity.files import services as files
from comity.files.models import Attachment
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.meetings.models import Meeting
from comity.outbox.models import Message
from comity.partners.models import Partner, Person

PAGE = 14  # queries


class Planning(CouncilTestCase):
    def mails(self, said: str = "") -> list[Message]:
        rows = Message.objects.filter(kind=INVITATION).order_by("pk")
        return [row for row in rows if said in row.subject]

    def test_a_meeting_is_planned_and_everybody_with_an_address_invited(self) -> None:
        url = self.at("plan", self.council)
        self.page(url, by=self.ana)
        self.post(url, {"on": self.today + timedelta(days=30), "begins_at": "10:00", "place": "Room 4"})
        meeting = CouncilMeeting.objects.get()
        self.assertEqual(
            [mail.to for mail in self.mails()],
            [person.email for person in Person.objects.filter(pk__in=meeting.invited.all())],
        )
        calendar = self.mails()[0].calendar
        self.assertIn("METHOD:REQUEST", calendar)
        self.assertIn(f"UID:council-{meeting.pk}@", calendar)
        self.assertEqual(calendar.count("ATTENDEE"), 1)

    def test_moved_it_is_told_again_and_called_off_it_leaves_the_calendar(self) -> None:
        meeting = self.met(30)
        invited = len(self.mails())
        meetings.move(meeting, {"place": "Room 5"}, by=self.ana, seen=None)
        self.assertEqual(len(self.mails("Changed: ")), invited)
        meetings.move(meeting, {"place": "Room 5"}, by=self.ana, seen=None)
        self.assertEqual(len(self.mails("Changed: ")), invited)
        url = self.at("call_off", meeting)
        self.page(url, by=self.ana)
        self.post_refused(url, {"reason": " "}, "Fill this in.")
        self.post(url, {"reason": "The building is closed."})
        gone = self.mails("Canceled: ")
        self.assertEqual(len(gone), invited)
        self.assertIn("METHOD:CANCEL", gone[0].calendar)
        sequences = [mail.calendar.split("SEQUENCE:")[1].split()[0] for mail in self.mails()]
        self.assertEqual(sequences, sorted(sequences))
        self.assertIn("The building is closed.", self.page(meeting.get_absolute_url()).text)
        self.assertIsNone(self.council.meetings.coming(self.today).first())

    def test_who_sits_there_since_is_invited_by_hand_and_nobody_twice(self) -> None:
        meeting = self.met(30)
        before = len(self.mails())
        Person.objects.filter(pk=self.flo_person.pk).update(email="flo@roads.example.gov")
        self.seated(self.roads, Person.objects.get(pk=self.flo_person.pk))
        self.assertIn("1 member has no invitation.", self.page(meeting.get_absolute_url(), by=self.ana).text)
        self.post(self.at("invite", meeting), {})
        self.post(self.at("invite", meeting), {})
        self.assertEqual(len(self.mails()), before + 1)

    def test_days_on_which_it_cannot_meet_are_refused(self) -> None:
        for days, said in ((800, "within the next two years"), (-400, "had not begun")):
            with self.assertRaisesMessage(DomainError, said):
                self.met(days)

    def test_members_are_written_to_in_their_language(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(language="es")
        self.met(30)
        mail = next(mail for mail in self.mails() if mail.to == self.ben_person.email)
        self.assertIn("Cuándo:", mail.text)


class Agenda(CouncilTestCase):
    def titles(self, meeting: CouncilMeeting) -> list[str]:
        return [item.title for item in meeting.agenda.all()]

    def test_items_are_added_moved_changed_and_removed(self) -> None:
        meeting = self.met(30)
        url = self.at("add_item", meeting)
        self.page(url, by=self.ana)
        for title in ("Old mail", "New maps", "Rates"):
            self.post(url, {"title": title, "minutes_needed": "20"})
        self.assertEqual(self.titles(meeting), ["Old mail", "New maps", "Rates"])
        last = meeting.agenda.last()
        assert last
        item = reverse("councils:item", args=[meeting.pk, last.pk])
        move = reverse("councils:move_item", args=[meeting.pk, last.pk])
        self.post(move, {"way": "up"})
        self.assertEqual(self.titles(meeting), ["Old mail", "Rates", "New maps"])
        self.post(move, {"way": "up"})
        self.post(move, {"way": "up"})
        self.post(move, {"way": "down"})
        self.assertEqual(self.titles(meeting), ["Old mail", "Rates", "New maps"])
        self.post(item, {**self.seen(item), "title": "Next year’s rates"})
        self.post(reverse("councils:remove_item", args=[meeting.pk, meeting.agenda.all()[0].pk]), {})
        self.assertEqual(self.titles(meeting), ["Next year’s rates", "New maps"])

    def test_an_item_of_another_meeting_is_absent(self) -> None:
        one, other = self.met(30), self.met(60)
        item = AGENDA.enter({"meeting": one, "title": "Maps"}, by=self.ana)
        self.client.force_login(self.ana)
        self.assertEqual(self.client.get(reverse("councils:item", args=[other.pk, item.pk])).status_code, 404)


class Notice(CouncilTestCase):
    def test_notice_is_given_once_and_says_its_day(self) -> None:
        meeting = self.met(30)
        text = self.page(meeting.get_absolute_url(), by=self.ana).text
        self.assertIn("5 days of notice are needed. Give notice by", text)
        self.post(self.at("notice", meeting), {})
        given = CouncilMeeting.objects.get(pk=meeting.pk).notice_at
        self.post(self.at("notice", meeting), {})
        self.assertEqual(CouncilMeeting.objects.get(pk=meeting.pk).notice_at, given)
        text = self.page(meeting.get_absolute_url()).text
        self.assertIn("Notice was given on", text)
        self.assertNotIn("too late", text)

    def test_too_short_a_notice_is_warned_of(self) -> None:
        meeting = self.met(4)
        url = meeting.get_absolute_url()
        self.assertIn("Notice should have been given by", self.page(url, by=self.ana).text)
        meetings.give_notice(meeting, by=self.ana)
        self.assertIn("It came too late.", self.page(url).text)
        in_time = self.met(5)
        meetings.give_notice(in_time, by=self.ana)
        self.assertNotIn("too late", self.page(in_time.get_absolute_url()).text)

    def test_there_is_none_where_the_law_does_not_apply(self) -> None:
        self.council.open_meetings = False
        self.council.save()
        meeting = self.met(30)
        with self.assertRaisesMessage(DomainError, "does not apply"):
            meetings.give_notice(meeting, by=self.ana)
        self.assertNotIn("Notice", self.page(meeting.get_absolute_url(), by=self.ana).text)


class Holding(CouncilTestCase):
    def test_who_was_there_makes_the_quorum_and_is_kept_with_their_partners(self) -> None:
        meeting = self.met(-2)
        url = self.at("attendance", meeting)
        self.page(url, by=self.ana)
        said = {f"how_{self.ben_seat.pk}": "there", f"how_{self.eve_seat.pk}": "excused"}
        said |= {f"how_{self.cy_seat.pk}": "there", f"stood_in_{self.cy_seat.pk}": "Dee Holt"}
        self.post(url, said)
        page = self.page(meeting.get_absolute_url())
        self.assertIn("2 of 3 filled seats; 2 needed: there is a quorum.", page.text)
        self.assertIn("Dee Holt stood in", page.text)
        kept = Meeting.objects.get(council_meetings=meeting)
        self.assertEqual((kept.how, kept.held_on, kept.office_only), ("group", meeting.on, False))
        self.assertEqual({*kept.partners.all()}, {self.parks, self.roads})
        self.assertEqual(([*kept.theirs.all()], kept.others), ([self.ben_person], "Dee Holt"))
        self.assertEqual([*kept.ours.all()], [self.ana])
        self.assertEqual(Partner.objects.get(pk=self.roads.pk).last_met_on, meeting.on)

    def test_whoever_only_called_in_was_not_seen_face_to_face(self) -> None:
        meeting = self.met(-2)
        self.there(meeting, ben="there", eve="remote", cy="remote")
        kept = {one.how: {*one.partners.all()} for one in meeting.kept_as.standing()}
        self.assertEqual(kept, {"group": {self.parks}, "video": {self.roads}})
        self.assertIsNone(Partner.objects.get(pk=self.roads.pk).last_met_on)
        self.there(meeting, ben="there", eve="there", cy="missed")
        self.assertEqual([one.how for one in meeting.kept_as.standing()], ["group"])
        self.assertEqual(Meeting.objects.standing().count(), 1)

    def test_what_is_still_to_come_is_not_held_and_what_nobody_came_to_is_not_either(self) -> None:
        later, today = self.met(1), self.met()
        for meeting, how, said in ((later, "there", "still to come"), (today, "missed", "Nobody was there?")):
            self.post_refused(
                self.at("attendance", meeting),
                {f"how_{seat.pk}": how for seat in (self.ben_seat, self.eve_seat, self.cy_seat)},
                said,
                by=self.ana,
            )
        self.assertFalse(Meeting.objects.exists())
        with self.assertRaisesMessage(DomainError, "still to come"):
            DECISIONS.enter({"meeting": later, "text": "Yes."}, by=self.ana)
        with self.assertRaisesMessage(DomainError, "still to come"):
            meetings.write_minutes(later, {"minutes": "M."}, by=self.ana, seen=None)

    def test_what_was_held_is_neither_moved_nor_called_off(self) -> None:
        meeting = self.met(-2)
        self.there(meeting, ben="there")
        with self.assertRaisesMessage(DomainError, "This meeting was held."):
            meetings.move(meeting, {"on": self.today}, by=self.ana, seen=None)
        with self.assertRaisesMessage(DomainError, "This meeting was held."):
            meetings.call_off(meeting, reason="Snow.", by=self.ana)

    def test_a_quorum_is_rounded_up_and_nobody_is_none(self) -> None:
        for there, filled, percent, needed, reached in (
            *((7, 12, 50, 6, True), (5, 12, 50, 6, False), (3, 5, 50, 3, True), (1, 3, 34, 2, False)),
            *((0, 0, 50, 1, False), (3, 3, 100, 3, True)),
        ):
            found = Quorum(there, filled, percent)
            self.assertEqual((found.needed, found.reached), (needed, reached))


class Minuting(CouncilTestCase):
    def test_a_draft_is_kept_and_given_out_and_stands_from_then_on(self) -> None:
        meeting = self.met(-2)
        url = self.at("minutes", meeting)
        self.post(url, {**self.seen(url, by=self.ana), "minutes": "Mail is slow."})
        self.assertIn("draft", self.page(meeting.get_absolute_url()).text)
        with self.assertRaisesMessage(DomainError, "Say first who was there."):
            meetings.give_out(meeting, by=self.ana)
        self.there(meeting, ben="there", cy="remote")
        self.post(self.at("give_out", meeting), {})
        meeting.refresh_from_db()
        self.assertIsNotNone(meeting.minutes_at)
        self.assertEqual({one.said for one in meeting.kept_as.all()}, {"Mail is slow."})
        for act in (
            lambda: meetings.write_minutes(meeting, {"minutes": "No."}, by=self.ana, seen=None),
            lambda: meetings.give_out(meeting, by=self.ana),
            lambda: self.there(meeting, ben="there"),
            lambda: AGENDA.enter({"meeting": meeting, "title": "More"}, by=self.ana),
        ):
            with self.assertRaisesMessage(DomainError, "The minutes stand."):
                act()

    def test_there_is_nothing_to_give_out_before_it_is_written(self) -> None:
        meeting = self.met(-2)
        self.there(meeting, ben="there")
        with self.assertRaisesMessage(DomainError, "Write the minutes first."):
            meetings.give_out(meeting, by=self.ana)


class Deciding(CouncilTestCase):
    def decided(self, meeting: CouncilMeeting) -> Decision:
        self.page(self.at("decide", meeting), by=self.ana)
        self.post(self.at("decide", meeting), {"text": "Mail for everybody by spring."})
        return meeting.decisions.get()

    def test_a_decision_becomes_a_follow_up_with_its_evidence(self) -> None:
        meeting = self.met(-2)
        decision = self.decided(meeting)
        url = reverse("councils:follow_up", args=[meeting.pk, decision.pk])
        self.page(url, by=self.ana)
        due = self.today + timedelta(days=20)
        said: dict[str, Any] = {"title": "Move the mail", "owner": "Sol Marsh", "due_on": due}
        said["owner"] = str(self.sol)
        self.post(url, said)
        made = FollowUp.objects.get()
        self.assertEqual((made.kind, made.owner, made.due_on), ("council_decision", self.sol, due))
        self.assertIn(meeting.get_absolute_url(), self.page(made.get_absolute_url()).text)
        self.post_refused(url, said, "already has a follow-up")
        with self.assertRaisesMessage(DomainError, "so it stays"):
            DECISIONS.drop(Decision.objects.get(), by=self.ana)

    def test_the_page_takes_few_queries(self) -> None:
        meeting = self.met(-2)
        self.there(meeting, ben="there", cy="remote")
        self.decided(meeting)
        with self.assertQueries(PAGE):
            self.page(meeting.get_absolute_url())


class Retention(CouncilTestCase):
    def test_old_meetings_go_with_their_papers_but_for_what_is_still_open(self) -> None:
        old, open_, new = self.met(-200), self.met(-190), self.met(-5)
        DECISIONS.enter({"meeting": old, "text": "Thanks."}, by=self.ana)
        decision = DECISIONS.enter({"meeting": open_, "text": "Mail for all."}, by=self.ana)
        for meeting in (old, open_):
            files.attach(meeting, SimpleUploadedFile("map.txt", b"A map."), by=self.ana)
        due = self.today + timedelta(days=9)
        made = meetings.follow_up(decision, title="Mail", said="", owner=self.ana, due_on=due, by=self.ana)
        topic = Topic.objects.create(council=self.council, meeting=old, title="Slow mail", key="k")
        before = timezone.now() - timedelta(days=100)
        self.assertEqual(retaining.destroy_past(before), 1)
        self.assertEqual({*CouncilMeeting.objects.all()}, {open_, new})
        self.assertEqual([file.owner_id for file in Attachment.objects.all()], [open_.pk])
        topic.refresh_from_db()
        self.assertIsNone(topic.meeting)
        ring.withdraw(made.pk, reason="Somebody else does it.", by=self.ana)
        self.assertEqual(retaining.destroy_past(before), 1)
