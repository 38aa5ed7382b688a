"""Two people of a wave who were one: what comes back from the one that went counts for the one that stands."""

from __future__ import annotations

from comity.followups.models import FollowUp
from comity.outbox import services as outbox
from comity.outbox.bounces import take_in
from comity.outbox.models import Suppression
from comity.partners.duplicates.services import PEOPLE, merge
from comity.partners.models import Person
from comity.surveys.models import Participant, Response
from comity.surveys.services import sending
from comity.surveys.tests.test_sending import SendingTestCase


class Merged(SendingTestCase):
    def setUp(self) -> None:
        self.double = Person.objects.create(name="Benjamin Okafor", email="bokafor@parks.example.gov")
        self.double.positions.create(partner=self.parks, title="IT")
        self.wave = self.opened()
        merge(PEOPLE, survivor_id=self.ben_person.pk, tombstone_id=self.double.pk, theirs={}, by=self.ada)

    def test_an_answer_to_the_old_address_is_the_survivors(self) -> None:
        (mail,) = self.mail_to(self.double.email)
        answers = {"q-overall": "1", "q-change": "Answer the phone.", "act": "send"}
        self.client.post(f"/answer/{self.token_in(mail)}/", answers, follow=True)
        self.assertEqual(Response.objects.get().person, self.ben_person)
        self.assertEqual(FollowUp.objects.get().raised_by_person, self.ben_person)

    def test_nobody_is_reminded_at_two_addresses(self) -> None:
        found = sending.to_remind(self.wave, 1).values_list("email", flat=True)
        self.assertEqual(sorted(found), [self.ben.email, self.eve.email])

    def test_who_says_stop_at_one_address_means_both(self) -> None:
        outbox.stop(self.double.email, sending.INVITATION, by="link")
        self.assertEqual(self.stopped(), {self.double.email, self.ben.email})
        outbox.resume(self.double.email, sending.INVITATION, by="link")
        self.assertEqual(self.stopped(), set())

    def test_who_said_stop_before_is_not_written_to_at_the_other_address_after(self) -> None:
        third = Person.objects.create(name="B. Okafor", email="b@parks.example.gov")
        outbox.stop(third.email, sending.INVITATION, by="link")
        merge(PEOPLE, survivor_id=self.ben_person.pk, tombstone_id=third.pk, theirs={}, by=self.ada)
        self.assertEqual(self.stopped(), {third.email, self.ben.email})

    def stopped(self) -> set[str]:
        return set(Suppression.objects.values_list("address", flat=True))

    def test_a_bounce_of_the_old_address_leaves_the_survivor_reached(self) -> None:
        (mail,) = self.mail_to(self.double.email)
        report = (
            'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n--x\n'
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.gov\n\n"
            f"Final-Recipient: rfc822; {mail.to}\nAction: failed\nStatus: 5.1.1\n\n"
            f"--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: {mail.message_id}\n\n--x--\n"
        )
        take_in(report.encode())
        self.assertEqual([one.address for one in Suppression.objects.all()], [self.double.email])
        own = Participant.objects.get(person=self.ben_person)
        self.assertEqual(own.state, Participant.State.SENT)
