"""Writing mail: in its language, once per key, held back where it must not go."""

from __future__ import annotations

from typing import Any
from unittest import mock

from django.template import TemplateDoesNotExist
from django.test import TestCase, override_settings

from comity.nouns import declare
from comity.outbox import services, stopping
from comity.outbox.kinds import MailKind, kind_of
from comity.outbox.models import Message, Suppression
from comity.testing.declaring import declaring

TEMPLATES = {
    "mail/hello.txt": "Hello {{ name }}\n\nDear {{ name }},\nsee {{ link }}\n",
    "mail/rich.txt": "Rich\n\nText for {{ name }}",
    "mail/rich.html": "<p>Markup for {{ name }}</p>",
    "mail/broken.txt": "Broken\n\nText",
    "mail/broken.html": '{% include "mail/absent.html" %}',
}


def with_templates() -> override_settings:
    return override_settings(
        ADDRESS="https://comity.example.gov",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", TEMPLATES),
                        "django.template.loaders.app_directories.Loader",
                    ]
                },
            }
        ],
    )


@with_templates()
class MailTestCase(TestCase):
    """Two kinds of mail: a digest, which one may stop, and an answer, which one may not."""

    def setUp(self) -> None:
        digest = MailKind("digest", "The daily summary", may_stop=True)
        nothing = services.MailContext(dict)
        self.enterContext(declaring(digest, MailKind("answer", "Answers"), nothing, alone=True))

    def put(self, to: str = "ben@parks.example.gov", kind: str = "answer", **more: Any) -> Message | None:
        given: dict[str, Any] = {
            "template": "mail/hello",
            "context": {"name": "Ben", "link": services.address("/x/")},
            **more,
        }
        return services.put(to=to, kind=kind, **given)

    def mail(self, *args: Any, **more: Any) -> Message:
        message = self.put(*args, **more)
        assert message is not None
        return message


class Putting(MailTestCase):
    def test_the_first_line_is_the_subject_and_the_rest_the_text(self) -> None:
        mail = self.mail(to=" ben@parks.example.gov ", to_name="Ben\nOkafor")
        self.assertEqual(
            (mail.subject, mail.to, mail.to_name), ("Hello Ben", "ben@parks.example.gov", "Ben Okafor")
        )
        self.assertEqual(mail.text, "Dear Ben,\nsee https://comity.example.gov/x/\n")
        self.assertEqual(mail.state, Message.State.WAITING)
        self.assertRegex(mail.message_id, r"^<[0-9a-f-]{36}@comity\.example\.gov>$")

    def test_what_people_are_called_is_not_made_into_markup_in_a_text_and_is_in_markup(self) -> None:
        self.assertIn("Dear O'Brien & <Sons>,", self.mail(context={"name": "O'Brien & <Sons>"}).text)
        mail = self.mail(template="mail/rich", context={"name": "<Ben>"})
        self.assertEqual(mail.text, "Text for <Ben>\n")
        self.assertEqual(mail.html, "<p>Markup for &lt;Ben&gt;</p>")

    def test_a_name_with_a_line_break_adds_no_header(self) -> None:
        mail = self.mail(context={"name": "Ben\r\nBcc: all@example.gov"})
        self.assertNotIn("\n", mail.subject)
        self.assertNotIn("\r", mail.subject)

    def test_under_one_key_it_is_written_once(self) -> None:
        self.assertIsNotNone(self.put(key="told:1"))
        self.assertIsNone(self.put(key="told:1"))
        self.assertIsNotNone(self.put(key="told:2"))
        self.assertEqual(Message.objects.count(), 2)

    def test_two_at_the_same_moment_under_one_key_are_one(self) -> None:
        self.put(key="told:1")
        with mock.patch.object(Message.objects, "filter") as asked:
            asked.return_value.exists.side_effect = [False, True]
            self.assertIsNone(self.put(key="told:1"))
        self.assertEqual(Message.objects.count(), 1)

    def test_an_absent_template_is_an_error_of_ours_and_so_is_one_within_it(self) -> None:
        for template in ("mail/absent", "mail/broken"):
            with self.assertRaises(TemplateDoesNotExist):
                self.put(template=template)

    def test_mail_one_may_stop_ends_with_a_link_for_that_in_its_language(self) -> None:
        self.assertNotIn("/mail/stop/", self.mail(kind="answer").text)
        english = self.mail(kind="digest").text
        self.assertIn("Stop these emails: https://comity.example.gov/mail/stop/", english)
        spanish = self.mail(kind="digest", language="es").text
        self.assertIn("https://comity.example.gov/mail/stop/", spanish)
        token = english.rpartition("/mail/stop/")[2].strip().rstrip("/")
        self.assertEqual(stopping.read(token), stopping.Wish("ben@parks.example.gov", "digest", "en"))

    def test_to_an_address_that_said_stop_it_is_held_back_and_other_mail_is_not(self) -> None:
        services.stop("Ben@Parks.example.gov", "digest", by="mail reader")
        held = self.mail(to="ben@parks.example.gov", kind="digest")
        self.assertEqual((held.state, held.last_error), (Message.State.HELD, "Asked us to stop"))
        self.assertEqual(self.mail(kind="answer").state, Message.State.WAITING)

    def test_to_an_address_whose_mail_came_back_everything_is_held_back(self) -> None:
        services.stop("ben@parks.example.gov", reason=Suppression.Reason.BOUNCED, by="mail server")
        self.assertEqual(self.mail(kind="answer").state, Message.State.HELD)

    def test_writing_one_mail_asks_few_queries(self) -> None:
        with self.assertNumQueries(2):
            self.put()

    def test_a_kind_nobody_declared_is_called_by_its_key_and_a_key_is_taken_once(self) -> None:
        self.assertEqual(kind_of("old.kind"), MailKind("old.kind", "old.kind"))
        with self.assertRaises(ValueError):
            declare(MailKind("answer", "Again"))
