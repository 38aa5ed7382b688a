"""The acts on partners, people and contacts, as a person does them in a browser without scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.partners import services
from comity.partners.models import Assignment, Membership, Partner, Person, Position
from comity.people.models import User
from comity.testing.cast import CastTestCase


def at(name: str, *args: int) -> str:
    return reverse(f"partners:{name}", args=args)


class Enter(CastTestCase):
    """Cora enters a partner, then someone there."""

    def test_a_partner_is_entered_and_one_is_led_to_who_looks_after_it(self) -> None:
        self.post(
            at("add"),
            {"name": "وزارة 🏞️", "kind": "board", "status": "active", "parent": "PARKS"},
            by=self.cora,
        )
        made = Partner.objects.get(kind="board")
        self.assertEqual((made.name, made.parent), ("وزارة 🏞️", self.parks))
        words = self.reads(self.page(at("contacts", made.pk)))
        self.assertIn("has had no lead contact since", words)

    def test_someone_is_entered_with_their_post(self) -> None:
        form = {
            "name": "Nia New",
            "email": "nia@parks.example.gov",
            "language": "en",
            "title": "CISO",
            "function": "security",
        }
        self.post(at("add_person_at", self.parks.pk), form, by=self.cora)
        person = Person.objects.get(name="Nia New")
        self.assertEqual(person.positions.get().partner, self.parks)
        self.page(at("person", person.pk))

    def test_nobody_is_entered_when_their_post_is_refused(self) -> None:
        form = {"name": "Nia New", "language": "en", "title": "x" * 10_000, "function": "other"}
        answer = self.post(at("add_person_at", self.parks.pk), form, by=self.cora, expect=422)
        self.assertIn("10,000 characters", self.reads(answer))
        self.assertFalse(Person.objects.filter(name="Nia New").exists())


class Retire(CastTestCase):
    """Cora retires Parks."""

    def test_what_is_open_is_listed_with_links_and_asked_about(self) -> None:
        answer = self.page(at("retire", self.parks.pk), by=self.cora)
        words = self.reads(answer)
        self.assertIn("Something is still open with Department of Parks", words)
        self.assertIn("2 sign-ins to the portal", words)
        self.assertContains(answer, f'href="{at("people_of", self.parks.pk)}"')
        answer = self.post(at("retire", self.parks.pk), {"reason": "Closed"}, expect=422)
        self.assertEqual(Partner.objects.get(pk=self.parks.pk).status, "active")

    def test_with_a_decision_it_is_done(self) -> None:
        form = {
            "reason": "Closed",
            "decision": "Roads carries on.",
            "end_access": "on",
            "end_assignments": "on",
        }
        self.post(at("retire", self.parks.pk), form, by=self.cora, expect=at("facts", self.parks.pk))
        self.assertEqual(Partner.objects.get(pk=self.parks.pk).status, "former")
        self.assertIn("is no longer served", self.reads(self.page(at("contacts", self.parks.pk))))


class Posts(CastTestCase):
    """Posts end, stay vacant and are filled."""

    def test_ending_a_post_leaves_it_vacant_and_somebody_fills_it(self) -> None:
        post = Position.objects.get(person=self.ben_person)
        self.post(at("end_post", post.pk), {"on": self.today, "leaves_vacant": "1"}, by=self.cora)
        vacant = Position.objects.vacant().get(partner=self.parks)
        self.post(at("fill_post", vacant.pk), {"person": "Eve Head", "on": self.today, "acting": "on"})
        filled = Position.objects.current(self.today).get(person=self.eve_person, title=post.title)
        self.assertTrue(filled.acting)

    def test_a_vacant_post_is_entered_and_ended(self) -> None:
        form = {"title": "CFO", "function": "finance", "starts_on": self.today - timedelta(days=3)}
        self.post(at("add_post", self.parks.pk), form, by=self.cora)
        vacant = Position.objects.get(title="CFO")
        self.post(at("end_post", vacant.pk), {"on": self.today})
        vacant.refresh_from_db()
        self.assertEqual(vacant.ends_on, self.today)

    def test_someone_gets_a_second_post(self) -> None:
        form = {"partner": "ROADS", "title": "Adviser", "function": "other", "shared": "on"}
        self.post(at("add_post_for", self.ben_person.pk), form, by=self.cora)
        self.assertTrue(Position.objects.get(title="Adviser").shared)
        words = self.reads(self.page(at("person", self.ben_person.pk)))
        self.assertIn("Department of Parks", words)
        self.assertIn("Department of Roads", words)

    def test_who_left_is_gone_from_the_portal(self) -> None:
        self.post(
            at("person_left", self.ben_person.pk), {"on": self.today, "leaves_vacant": ""}, by=self.cora
        )
        self.assertFalse(User.objects.get(pk=self.ben.pk).is_active)
        self.assertIn("Left on", self.reads(self.page(at("person", self.ben_person.pk))))


class Portal(CastTestCase):
    """People are let in, and not any more."""

    def test_an_invitation_is_mailed_and_access_can_be_ended(self) -> None:
        person = services.add_person(by=self.cora, name="Nia New", email="nia@parks.example.gov")
        services.set_position(by=self.cora, partner=self.parks, person=person, title="Analyst")
        self.post(at("invite", self.parks.pk, person.pk), {"role": "partner_member"}, by=self.cora)
        self.assertEqual(len(self.sent_mail("nia@parks.example.gov")), 1)
        membership = Membership.objects.get(person=person)
        self.post(at("end_membership", membership.pk), expect=at("people_of", self.parks.pk))
        self.assertFalse(User.objects.get(pk=membership.user_id).is_active)

    def test_someone_without_a_post_there_is_refused_with_a_sentence(self) -> None:
        url = at("invite", self.roads.pk, self.ben_person.pk)
        answer = self.post(url, {"role": "partner_member"}, by=self.cora, expect=422)
        self.assertIn("Ben Okafor has no position at Department of Roads", self.reads(answer))

    def test_a_session_ends_at_once(self) -> None:
        other = self.client_class()
        other.force_login(self.ben)
        membership = Membership.objects.get(user=self.ben)
        self.post(at("end_membership", membership.pk), by=self.cora)
        answer = other.get(reverse("partners:list"))
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(answer["Location"].startswith(reverse("account_login")))


class Contacts(CastTestCase):
    """Who looks after whom is named, ended and handed over."""

    def test_a_contact_is_named(self) -> None:
        form = {"user": "Olu Staff", "role": "lead", "starts_on": self.today}
        self.post(at("assign", self.roads.pk), form, by=self.cora, expect=at("contacts", self.roads.pk))
        self.assertIn(
            "Olu Staff looks after Department of Roads", self.reads(self.page(at("contacts", self.roads.pk)))
        )

    def test_a_second_lead_is_refused_unless_they_take_the_place(self) -> None:
        form = {"user": "Olu Staff", "role": "lead", "starts_on": self.today}
        answer = self.post(at("assign", self.parks.pk), form, by=self.cora, expect=422)
        self.assertIn("Ana Ruiz has been the lead contact for Department of Parks since", self.reads(answer))
        self.post(at("assign", self.parks.pk), {**form, "replacing": "on"})
        self.assertEqual(self.parks.lead_on(self.today), self.olu)

    def end(self, **form: Any) -> Any:
        url = at("end_assignment", Assignment.objects.get(user=self.ana).pk)
        expect = form.pop("expect", 302)
        return self.post(url, {"on": self.today, **form}, by=self.cora, expect=expect)

    def test_ending_a_lead_asks_who_follows(self) -> None:
        self.assertIn("Choose a successor", self.reads(self.end(follows="someone", expect=422)))
        self.assertEqual(self.parks.lead_on(self.today), self.ana)

    def test_the_successor_follows(self) -> None:
        self.end(follows="someone", successor="Olu Staff", reason="New desk")
        self.assertEqual(self.parks.lead_on(self.today), self.olu)

    def test_nobody_has_to_be_said_and_is_seen(self) -> None:
        self.end(follows="nobody")
        self.assertIn("has had no lead contact since", self.reads(self.page(at("contacts", self.parks.pk))))

    def test_a_hand_over_shows_who_hears_of_it_before_anything_happens(self) -> None:
        form = {
            "to_user": "Olu Staff",
            "on": self.today,
            "tell": "on",
            "note": "All the best.",
            "partners": [self.parks.pk],
        }
        answer = self.post(at("hand_over", self.ana.pk), form, by=self.cora, expect=200)
        words = self.reads(answer)
        for said in ("Olu Staff takes over one partner", "Ben Okafor", "Eve Head", "All the best."):
            self.assertIn(said, words)
        self.assertEqual((self.sent_mail(), self.parks.lead_on(self.today)), ([], self.ana))
        self.post(
            at("hand_over", self.ana.pk), {**form, "step": "sure"}, expect=at("contacts_of", self.ana.pk)
        )
        self.assertEqual(self.parks.lead_on(self.today), self.olu)
        self.assertIn(self.ben.email, [mail.to for mail in self.sent_mail()])

    def test_a_hand_over_of_nothing_is_refused(self) -> None:
        form = {"to_user": "Olu Staff", "on": self.today}
        answer = self.post(at("hand_over", self.ana.pk), form, by=self.cora, expect=422)
        self.assertIn("Choose at least one", self.reads(answer))


class Cards(CastTestCase):
    """People as vCards."""

    def cards(self, url: str) -> list[dict[str, str]]:
        self.client.force_login(self.cora)
        answer = self.client.get(url)
        self.assertEqual(answer["Content-Type"], "text/vcard; charset=utf-8")
        whole = answer.content.decode().replace("\r\n ", "")
        each = re.findall(r"BEGIN:VCARD\r\n(.*?)END:VCARD\r\n", whole, re.DOTALL)
        return [dict(line.split(":", 1) for line in card.splitlines()) for card in each]

    def test_a_card_reads_back_as_it_was(self) -> None:
        odd = "Zoë; O’Brien, Jr. 🏞️\\"
        person = services.add_person(
            by=self.cora,
            name=odd,
            email="zoe@example.gov",
            phone="555 0100",
            mobile="555 0101",
            notes="Secret note",
        )
        services.set_position(by=self.cora, partner=self.parks, person=person, title="Head; of, things")
        (card,) = self.cards(at("card", person.pk))
        self.assertEqual(
            card | {"UID;VALUE=text": "", "REV": ""},
            {
                "VERSION": "4.0",
                "KIND": "individual",
                "UID;VALUE=text": "",
                "FN": "Zoë\\; O’Brien\\, Jr. 🏞️\\\\",
                "N": card["N"],
                "TEL;VALUE=text;TYPE=work": "555 0100",
                'TEL;VALUE=text;TYPE="work,cell"': "555 0101",
                "EMAIL;TYPE=work": "zoe@example.gov",
                "ORG;PREF=1": "Department of Parks",
                "TITLE;PREF=1": "Head\\; of\\, things",
                "REV": "",
            },
        )
        self.assertNotIn("Secret", self.client.get(at("card", person.pk)).content.decode())

    def test_a_name_is_in_its_parts(self) -> None:
        """As RFC 6350 has them: family; given; others; before; after. Each comma that parts none is escaped."""
        for name, line in (
            ("Dr. Martin Luther King, Jr.", "N:King;Martin;Luther;Dr.;Jr."),
            ("John Smith III", "N:Smith;John;;;III"),
            ("Ann de la Cruz", "N:de la Cruz;Ann;;;"),
            ("Van der Berg, Vincent", "N:Van der Berg;Vincent;;;"),
            ("Tom Brown, PhD, PE", "N:Brown;Tom;;;PhD,PE"),
            ("Nguyễn Thị Ánh", "N:Nguyễn;Ánh;Thị;;"),
            ("Prince", "N:;Prince;;;"),
            ("Ann Ōtani; Lake", "N:Lake;Ann;Ōtani\\;;;"),
        ):
            person = services.add_person(by=self.cora, name=name)
            self.client.force_login(self.cora)
            lines = self.client.get(at("card", person.pk)).content.decode().split("\r\n")
            self.assertIn(line, lines)

    def test_a_partners_people_come_in_one_file(self) -> None:
        cards = self.cards(at("cards", self.parks.pk))
        self.assertEqual([card["FN"] for card in cards], ["Eve Head", "Ben Okafor"])

    def test_those_of_the_partners_one_looks_after_come_in_one_file(self) -> None:
        shown = self.page(at("people"), by=self.ana)
        self.assertContains(shown, at("my_cards"))
        with self.assertQueries(3):
            found = self.client.get(at("my_cards")).content.decode()
        self.assertEqual(found.count("BEGIN:VCARD"), 2)
        self.assertNotIn("Cy Young", found)
        self.assertNotContains(self.page(at("people"), by=self.olu), at("my_cards"))

    def test_lines_end_as_the_format_wants_and_none_is_longer_than_75_octets(self) -> None:
        person = services.add_person(by=self.cora, name="é" * 150)
        self.client.force_login(self.cora)
        body = self.client.get(at("card", person.pk)).content
        self.assertTrue(body.endswith(b"\r\n"))
        self.assertLessEqual(max(map(len, body.split(b"\r\n"))), 75)
