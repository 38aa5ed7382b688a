"""The same mail to very many: as `put` would have written each, in a few statements."""

from __future__ import annotations

from datetime import timedelta

from comity.outbox import services, stopping
from comity.outbox.many import Letter, put_many
from comity.outbox.models import Message, Suppression
from comity.outbox.tests.test_put import MailTestCase, with_templates

# What two mails never share, or what is not asked of the other here.
OWN = ("id", "key", "message_id", "send_after", "created_at")


def letters(count: int = 3, **own: str) -> list[Letter]:
    return [
        Letter(
            to=f"ben{number}@parks.example.gov",
            to_name=f"Ben {number}",
            own={"name": f"Ben {number}", "link": f"https://comity.example.gov/x/{number}/", **own},
            key=f"pile:{number}",
        )
        for number in range(count)
    ]


@with_templates()
class Many(MailTestCase):
    def pile(self, *pile: Letter, kind: str = "answer", template: str = "mail/hello") -> list[Message]:
        """What is written of a pile, in its order."""
        before = Message.objects.count()
        count = put_many(pile or letters(), kind=kind, template=template, context={"name": "nobody"})
        written = list(Message.objects.order_by("pk")[before:])
        self.assertEqual(len(written), count)
        return written

    def test_each_is_written_as_if_it_had_been_put_alone(self) -> None:
        for kind in ("answer", "digest"):
            for template in ("mail/hello", "mail/rich"):
                with self.subTest(kind=kind, template=template):
                    Message.objects.all().delete()
                    self.pile(kind=kind, template=template)
                    alone = [
                        services.put(
                            to=one.to, to_name=one.to_name, kind=kind, template=template, context=one.own
                        )
                        for one in letters()
                    ]
                    together = list(Message.objects.order_by("pk")[:3])
                    for one, other in zip(together, alone, strict=True):
                        assert other is not None
                        for field in Message._meta.concrete_fields:
                            if field.name not in OWN:
                                self.assertEqual(getattr(one, field.name), getattr(other, field.name), field)
                        self.assertNotEqual(one.message_id, other.message_id)
                        self.assertLess(abs(one.created_at - other.created_at), timedelta(minutes=1))

    def test_what_is_a_readers_own_is_never_markup_nor_a_line_of_a_head(self) -> None:
        nasty = Letter(to="a@example.gov", own={"name": "<b>\nBcc: all</b>\ue000name\ue001", "link": "x"})
        (message,) = self.pile(nasty, template="mail/rich")
        self.assertIn("&lt;b&gt;", message.html)
        (message,) = self.pile(nasty)
        self.assertEqual(message.subject, "Hello <b> Bcc: all</b>name")

    def test_under_one_key_it_is_written_once(self) -> None:
        one, two, three = letters()
        self.assertEqual(len(self.pile(one, two, two)), 2)
        self.assertEqual([each.key for each in self.pile(one, two, three)], ["pile:2"])
        self.assertEqual(self.pile(one), [])

    def test_an_address_that_said_stop_is_written_to_and_held_back(self) -> None:
        Suppression.objects.create(address="ben1@parks.example.gov", kind="digest", reason="opted_out")
        Suppression.objects.create(address="ben2@parks.example.gov", kind="answer", reason="opted_out")
        states = [one.state for one in self.pile(kind="digest")]
        self.assertEqual(states, ["waiting", "held", "waiting"])
        self.assertEqual(Message.objects.get(state="held").last_error, "Asked us to stop")

    def test_each_has_the_link_that_stops_its_own_mail(self) -> None:
        for number, message in enumerate(self.pile(kind="digest")):
            token = (
                message.text.split("/mail/stop/")[-1].split("/")[0] if "/mail/stop/" in message.text else ""
            )
            token = token or message.text.strip().rsplit("/", 2)[-2]
            wish = stopping.read(token)
            assert wish is not None
            self.assertEqual(wish.address, f"ben{number}@parks.example.gov")

    def test_three_statements_however_many(self) -> None:
        for count in (5, 25):
            Message.objects.all().delete()
            with self.assertNumQueries(3):
                put_many(letters(count), kind="digest", template="mail/hello", context={})
