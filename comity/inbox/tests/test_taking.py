"""What becomes of a message to a partner's own address, the odd and the forged among them."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from comity.core.errors import DomainError
from comity.files.models import Attachment
from comity.followups.models import FollowUp
from comity.inbox import services
from comity.inbox.addresses import address_of
from comity.inbox.models import Received
from comity.inbox.reading import read
from comity.inbox.retaining import destroy_past
from comity.testing.cast import CastTestCase

SERVER = "mx.franklin.example"
VOUCHED = f"{SERVER}; dkim=pass header.d=example.gov; dmarc=pass (p=reject) header.from=example.gov"
LIST, PAGE = 5, 6  # queries


def domain_of(address: str) -> str:
    return address.partition("@")[2]


@override_settings(MAIL_IN="log@franklin.example", MAIL_IN_SERVER=SERVER)
class TakingTestCase(CastTestCase):
    def message(self, sender: str = "", *, to: str = "", results: str = "", **headers: str) -> EmailMessage:
        """A message from Ben about Parks, for which our server vouches, unless it is said otherwise."""
        sender = sender or self.ben_person.email
        said = results or f"{SERVER}; dmarc=pass header.from={domain_of(sender)}"
        made = EmailMessage()
        made["Authentication-Results"] = said
        made["From"], made["To"] = f"Somebody <{sender}>", to or address_of(self.parks)
        made["Subject"], made["Message-ID"] = "The towers", "<1@example.gov>"
        made["Date"] = "Wed, 12 Aug 2026 09:00:00 -0400"
        for name, value in headers.items():
            del made[name.replace("_", "-")]
            made[name.replace("_", "-")] = value
        made.set_content("They are down again.\n")
        return made

    def take(self, message: EmailMessage) -> str:
        return services.take(message.as_bytes())


class Taking(TakingTestCase):
    def test_it_stands_on_the_line_of_time_of_its_partner(self) -> None:
        self.assertIn("Filed with", self.take(self.message()))
        kept = Received.objects.get()
        self.assertEqual((kept.partner, kept.person, kept.state), (self.parks, self.ben_person, "filed"))
        self.assertEqual((kept.subject, kept.text), ("The towers", "They are down again."))
        page = self.page(reverse("partner", args=[self.parks.pk]), by=self.ana)
        self.assertContains(page, "The towers")
        self.assertNotContains(self.page(reverse("partner", args=[self.roads.pk]), by=self.ana), "The towers")

    def test_the_same_message_is_taken_once(self) -> None:
        self.take(self.message())
        self.assertIn("Taken before", self.take(self.message(Subject="Follow-up: again")))
        self.assertEqual((Received.objects.count(), FollowUp.objects.count()), (1, 0))

    def test_two_without_a_message_id_are_two_unless_they_are_the_same(self) -> None:
        bare, other = self.message(), self.message(Subject="Another")
        for each in (bare, other):
            del each["Message-ID"]
        for each in (bare, other, bare):
            self.take(each)
        self.assertEqual(Received.objects.count(), 2)

    def test_a_subject_that_asks_for_it_becomes_a_follow_up_of_its_kind(self) -> None:
        for number, (subject, kind, title) in enumerate(
            (
                ("Follow-up: call the towers", "mail", "call the towers"),
                ("Re: Fwd: COMPLAINT: too slow", "complaint", "too slow"),
                ("Pregunta: ¿cuándo?", "question", "¿cuándo?"),
            )
        ):
            self.take(self.message(Subject=subject, Message_ID=f"<{number}@x>"))
            made = FollowUp.objects.latest("pk")
            self.assertEqual((made.kind, made.title, made.raised_by), (kind, title, self.ben_person))
        self.take(self.message(Subject="Our idea: none", Message_ID="<9@x>"))
        self.assertEqual(FollowUp.objects.count(), 3)

    def test_ours_file_mail_too(self) -> None:
        self.take(self.message(self.ana.email, Subject="Follow-up: they called"))
        self.assertEqual(FollowUp.objects.get().raised_by_user, self.ana)

    def test_files_are_kept_as_all_others_are_and_what_is_refused_is_named(self) -> None:
        made = self.message()
        made.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="list.csv")
        made.add_attachment(b"<script>1</script>", maintype="text", subtype="html", filename="../x.html")
        self.take(made)
        kept = Received.objects.get()
        self.assertEqual([each.name for each in Attachment.objects.of(kept)], ["list.csv"])
        self.assertIn("x.html", kept.not_kept)
        self.assertContains(self.page(kept.get_absolute_url(), by=self.ana), "by mail")

    def test_html_is_read_as_words_and_its_scripts_are_not(self) -> None:
        made = self.message()
        made.set_content("<style>p{}</style><p>Down &amp; out</p><script>alert(1)</script>", subtype="html")
        self.take(made)
        self.assertEqual(Received.objects.get().text, "Down & out")

    def test_what_a_machine_wrote_is_left_out(self) -> None:
        for header, value in (
            ("Auto-Submitted", "auto-replied"),
            ("Precedence", "bulk"),
            ("List-Id", "<all.example.gov>"),
            ("X-Autoreply", "yes"),
            ("Return-Path", "<>"),
        ):
            self.assertIn("Left out", self.take(self.message(**{header.replace("-", "_"): value})))
        looping = self.message()
        for _each in range(40):
            looping["Received"] = "from a by b; Wed, 12 Aug 2026 09:00:00 -0400"
        self.assertIn("a mail loop", self.take(looping))
        self.assertFalse(Received.objects.exists())

    def test_a_person_and_not_a_machine_may_say_so(self) -> None:
        self.assertIn("Filed", self.take(self.message(Auto_Submitted="no")))

    def test_what_is_too_large_or_to_nobody_is_refused(self) -> None:
        with mock.patch.object(services, "MOST_BYTES", 10), self.assertRaisesMessage(DomainError, "larger"):
            self.take(self.message())
        wrong = address_of(self.parks).replace(f"+{self.parks.pk}-", f"+{self.roads.pk}-")
        for to in (
            "log@franklin.example",
            wrong,
            "log+1@franklin.example",
            address_of(self.parks)[:-25] + "@x",
        ):
            with self.assertRaisesMessage(DomainError, "no address"):
                self.take(self.message(to=to))
        self.assertFalse(Received.objects.exists())

    def test_nonsense_is_refused_in_a_sentence(self) -> None:
        for raw in (b"", b"\0\xff\xfe", b"From: =?x?\n\n", b"To: <<<>>>\nFrom: a, b\n\n", b"x" * 5000):
            with self.assertRaises(DomainError):
                services.take(raw)

    def test_without_an_address_none_is_taken(self) -> None:
        raw = self.message().as_bytes()
        with override_settings(MAIL_IN=""), self.assertRaisesMessage(DomainError, "COMITY_MAIL_IN"):
            services.take(raw)

    def test_the_command_says_what_became_of_it(self) -> None:
        for raw, words in ((self.message().as_bytes(), "Filed with"), (b"", "no address")):
            out = io.StringIO()
            with mock.patch("sys.stdin", mock.Mock(buffer=io.BytesIO(raw))):
                try:
                    call_command("mail", "take", stdout=out)
                except CommandError as refusal:
                    out.write(str(refusal))
            self.assertIn(words, out.getvalue())


class Vouching(TakingTestCase):
    """Only what our own mail server says counts, and what it says last."""

    def vouched(self, *results: str, sender: str = "ben@parks.example.gov") -> bool:
        made = EmailMessage()
        for said in results:
            made["Authentication-Results"] = said
        made["From"] = sender
        return read(made.as_bytes(), server=SERVER, ours="").vouched

    def test_dmarc_decides_where_it_was_asked(self) -> None:
        self.assertTrue(self.vouched(VOUCHED))
        self.assertFalse(self.vouched(VOUCHED.replace("dmarc=pass", "dmarc=fail")))
        self.assertFalse(self.vouched(VOUCHED.replace("from=example.gov", "from=other.gov")))

    def test_a_signature_or_a_server_of_the_senders_domain_does_otherwise(self) -> None:
        for said, passes in (
            ("dkim=pass header.d=parks.example.gov", True),
            ("dkim=pass header.i=@example.gov", True),
            ("spf=pass smtp.mailfrom=ben@parks.example.gov", True),
            ("dkim=pass header.d=mailer.example", False),
            ("spf=softfail smtp.mailfrom=parks.example.gov", False),
            ("dkim=pass header.d=ks.example.gov", False),
            ("dkim=pass", False),
            ("none", False),
        ):
            with self.subTest(said):
                self.assertEqual(self.vouched(f"{SERVER}; {said}"), passes)

    def test_what_another_server_says_or_what_stands_further_down_does_not_count(self) -> None:
        self.assertFalse(self.vouched(VOUCHED.replace(SERVER, "mx.attacker.example")))
        self.assertFalse(self.vouched(f"{SERVER}; dmarc=fail header.from=example.gov", VOUCHED))
        self.assertFalse(self.vouched(f"other.example (; {VOUCHED})"))

    def test_a_message_from_several_is_from_nobody(self) -> None:
        self.assertFalse(self.vouched(VOUCHED, sender="ben@parks.example.gov, eve@parks.example.gov"))

    def test_a_forged_sender_waits_for_a_person_and_raises_nothing(self) -> None:
        for number, said in enumerate((f"{SERVER}; dmarc=fail header.from=x", "nothing at all")):
            made = self.message(results=said, Subject="Complaint: pay me", Message_ID=f"<{number}@x>")
            self.assertIn("Waits for a person", self.take(made))
        self.assertFalse(FollowUp.objects.exists())
        self.assertEqual(Received.objects.waiting().count(), 2)

    def test_a_stranger_and_somebody_of_another_partner_wait(self) -> None:
        for number, sender in enumerate(("who@parks.example.gov", self.cy_person.email)):
            self.take(self.message(sender, Message_ID=f"<{number}@x>"))
        self.assertEqual(Received.objects.waiting().count(), 2)


class Waiting(TakingTestCase):
    def waiting(self) -> Received:
        self.take(self.message("who@else.example", Subject="Complaint: too slow"))
        return Received.objects.get()

    def at(self, name: str, pk: int) -> str:
        return reverse(f"inbox:{name}", args=[pk])

    def test_a_person_files_it_and_only_then_it_raises_what_its_subject_asks_for(self) -> None:
        kept = self.waiting()
        self.page(kept.get_absolute_url(), by=self.ana)
        with self.assertQueries(PAGE):
            self.page(kept.get_absolute_url())
        self.post(self.at("file", kept.pk), {}, by=self.ana)
        self.assertEqual(FollowUp.objects.get().kind, "complaint")
        self.post(self.at("file", kept.pk), {}, by=self.ana)
        self.assertEqual(FollowUp.objects.count(), 1)

    def test_or_discards_it(self) -> None:
        kept = self.waiting()
        self.page(self.at("discard", kept.pk), by=self.ana)
        self.post(self.at("discard", kept.pk), {}, by=self.ana)
        kept.refresh_from_db()
        self.assertEqual((kept.state, FollowUp.objects.count()), ("discarded", 0))

    def test_the_list_costs_the_same_however_much_there_is(self) -> None:
        for number in range(3):
            self.take(self.message(Message_ID=f"<{number}@x>"))
        self.page(reverse("inbox:list"), by=self.ana)
        with self.assertQueries(LIST):
            self.page(reverse("inbox:list"))

    def test_a_renewed_address_takes_the_place_of_the_one_before(self) -> None:
        old = address_of(self.parks)
        url = self.at("partner", self.parks.pk)
        self.assertContains(self.page(url, by=self.ana), old)
        self.page(self.at("renew", self.parks.pk), by=self.ana)
        self.post(self.at("renew", self.parks.pk), {}, by=self.ana)
        self.assertNotContains(self.page(url, by=self.ana), old)
        with self.assertRaises(DomainError):
            self.take(self.message(to=old))
        self.assertIn("Filed", self.take(self.message()))

    def test_what_was_sent_to_a_body_that_was_merged_goes_to_the_survivor(self) -> None:
        message = self.message(to=address_of(self.trails))
        type(self.trails).objects.filter(pk=self.trails.pk).update(merged_into=self.parks)
        self.take(message)
        self.assertEqual(Received.objects.get().partner, self.parks)

    def test_old_mail_is_destroyed_by_the_offices_rule_but_not_what_waits(self) -> None:
        self.waiting()
        self.take(self.message(Message_ID="<2@x>"))
        self.assertEqual(destroy_past(timezone.now() + timedelta(days=1)), 1)
        self.assertEqual(Received.objects.get().state, "waits")
