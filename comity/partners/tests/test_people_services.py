"""People, their posts, and the portal that opens and closes with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError
from comity.partners import services
from comity.partners.models import Membership, Person, Position
from comity.people.models import User
from comity.people.roles import Role
from comity.testing.cast import CastTestCase


class PeopleTestCase(CastTestCase):
    """Ben is the IT lead of Parks and may sign in."""

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    @property
    def bens_post(self) -> Position:
        return Position.objects.get(person=self.ben_person, title="PARKS IT lead")

    def is_in(self, user: User) -> bool:
        return User.objects.get(pk=user.pk).is_active


class AddAndUpdatePerson(PeopleTestCase):
    """Cora enters people."""

    def test_a_person_is_kept_tidy(self) -> None:
        person = services.add_person(
            by=self.cora, name="  Dr. Zoë \u202eQuill ", email="Zoe@Example.gov ", phone="555  0100"
        )
        self.assertEqual(
            (person.name, person.email, person.phone), ("Dr. Zoë Quill", "zoe@example.gov", "555 0100")
        )

    def test_one_address_is_one_person(self) -> None:
        with self.assertRaisesRegex(DomainError, "already the address of Ben Okafor"):
            services.add_person(by=self.cora, name="Benjamin", email=self.ben.email.upper())

    def test_bad_input_gets_a_sentence(self) -> None:
        wrong: list[tuple[dict[str, str], str]] = [
            ({"name": ""}, "Enter a name"),
            ({"name": "x" * 10_000}, "A name can have up to 200"),
            ({"name": "Al", "email": "no address"}, "not an email address"),
            ({"name": "Al", "language": "xx"}, "do not write in “xx”"),
            ({"name": "Al", "phone": "5" * 60}, "60 characters"),
        ]
        for facts, sentence in wrong:
            with self.subTest(sentence), self.assertRaisesRegex(DomainError, sentence):
                services.add_person(by=self.cora, **facts)

    def test_the_second_of_two_people_is_told(self) -> None:
        services.update_person(self.ben_person.pk, {"phone": "1"}, by=self.cora)
        with self.assertRaises(ConflictError):
            services.update_person(self.ben_person.pk, {"phone": "2"}, by=self.ana, seen={"phone": ""})

    def test_what_changed_is_in_the_trail(self) -> None:
        services.update_person(self.ben_person.pk, {"phone": "555"}, by=self.cora)
        entry = Entry.objects.about(self.ben_person).get()
        self.assertEqual((entry.before, entry.after), ({"phone": ""}, {"phone": "555"}))


class Positions(PeopleTestCase):
    """Posts are held, shared, acting and vacant."""

    def test_one_person_holds_posts_at_several_partners(self) -> None:
        services.set_position(
            by=self.cora,
            partner=self.roads,
            person=self.ben_person,
            title="IT lead",
            acting=True,
            shared=True,
        )
        held = Position.objects.current(self.today).filter(person=self.ben_person)
        self.assertEqual(
            {(each.partner.code, each.acting) for each in held}, {("PARKS", False), ("ROADS", True)}
        )

    def test_a_post_that_is_left_vacant_counts_its_days(self) -> None:
        services.end_position(self.bens_post.pk, on=self.day(-34), leaves_vacant=True, by=self.cora)
        vacant = Position.objects.current(self.today).vacant().get(partner=self.parks)
        self.assertEqual(vacant.days_vacant(self.today), 34)
        self.assertEqual((vacant.title, vacant.function), ("PARKS IT lead", "it_lead"))

    def test_a_vacant_post_is_filled_and_its_history_stays(self) -> None:
        vacant = services.set_position(
            by=self.cora,
            partner=self.roads,
            person=None,
            title="CFO",
            function="finance",
            starts_on=self.day(-10),
        )
        post = services.fill_position(vacant.pk, person=self.flo_person, on=self.today, by=self.cora)
        self.assertEqual((post.person, post.title, post.starts_on), (self.flo_person, "CFO", self.today))
        vacant.refresh_from_db()
        self.assertEqual(vacant.ends_on, self.today)
        self.assertEqual(list(Position.objects.current(self.today).vacant()), [])

    def test_a_post_held_by_someone_is_not_filled(self) -> None:
        with self.assertRaisesRegex(DomainError, "no longer vacant"):
            services.fill_position(self.bens_post.pk, person=self.flo_person, on=self.today, by=self.cora)

    def test_bad_input_gets_a_sentence(self) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"title": ""}, "Enter a title"),
            ({"title": "x" * 10_000}, "A name can have up to 200"),
            ({"function": "king"}, "no function “king”"),
            ({"starts_on": self.today, "ends_on": self.day(-1)}, "cannot end before"),
            ({"person": Person(pk=999_999)}, "no longer exists"),
        ]
        for how, sentence in wrong:
            with self.subTest(sentence), self.assertRaisesRegex(DomainError, sentence):
                arguments: dict[str, Any] = {"partner": self.roads, "person": None, "title": "Clerk", **how}
                services.set_position(by=self.cora, **arguments)

    def test_a_post_ends_once(self) -> None:
        services.end_position(self.bens_post.pk, on=self.today, by=self.cora)
        with self.assertRaisesRegex(DomainError, "already ended"):
            services.end_position(self.bens_post.pk, on=self.today, by=self.cora)

    def test_someone_who_left_holds_nothing(self) -> None:
        services.person_left(self.ben_person.pk, on=self.today, leaves_vacant=True, by=self.cora)
        self.assertFalse(Position.objects.current(self.today).filter(person=self.ben_person).exists())
        self.assertTrue(Position.objects.current(self.today).vacant().filter(partner=self.parks).exists())
        self.assertFalse(self.is_in(self.ben))


class Access(PeopleTestCase):
    """The portal opens with an invitation and closes with the last post."""

    def newcomer(self, email: str = "nia@parks.example.gov") -> Person:
        person = services.add_person(by=self.cora, name="Nia New", email=email)
        services.set_position(by=self.cora, partner=self.parks, person=person, title="Analyst")
        return person

    def grant(self, person: Person, **how: Any) -> Membership:
        return services.grant_membership(
            **{"by": self.cora, "person": person, "partner": self.parks, "role": Role.PARTNER_MEMBER, **how}
        )

    def test_an_invitation_is_mailed_and_the_role_holds(self) -> None:
        membership = self.grant(self.newcomer())
        self.assertEqual(
            [mail.kind for mail in self.sent_mail("nia@parks.example.gov")], ["people.invitation"]
        )
        self.assertEqual(membership.user.roles, {Role.PARTNER_MEMBER.value})

    def test_someone_who_has_a_sign_in_gets_the_second_role_without_an_invitation(self) -> None:
        User.objects.filter(pk=self.ben.pk).update(joined_at="2026-01-01T00:00:00Z")
        services.set_position(by=self.cora, partner=self.roads, person=self.ben_person, title="IT lead")
        self.grant(self.ben_person, partner=self.roads, role=Role.PARTNER_FINANCE)
        self.assertEqual(self.sent_mail(), [])
        self.assertEqual(User.objects.get(pk=self.ben.pk).roles, {"partner_it_lead", "partner_finance"})

    def test_refusals_have_a_sentence(self) -> None:
        nia = self.newcomer()
        nobody = services.add_person(by=self.cora, name="No Mail")
        services.set_position(by=self.cora, partner=self.parks, person=nobody, title="Clerk")
        ours = services.add_person(by=self.cora, name="Olu", email=self.olu.email)
        services.set_position(by=self.cora, partner=self.parks, person=ours, title="Clerk")
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"person": nia, "partner": self.roads}, "has no position at Department of Roads"),
            ({"person": nobody}, "no email address"),
            ({"person": ours}, "someone in our office"),
            ({"person": nia, "role": Role.ADMINISTRATOR}, "no such role"),
            ({"person": nia, "ends_on": self.today}, "end before it starts"),
            ({"person": self.ben_person, "role": Role.PARTNER_IT_LEAD}, "already has this role"),
        ]
        for how, sentence in wrong:
            with self.subTest(sentence), self.assertRaisesRegex(DomainError, sentence):
                self.grant(**how)

    def test_with_the_last_post_the_sign_in_closes_at_once(self) -> None:
        self.client.force_login(self.ben)
        generation = User.objects.get(pk=self.ben.pk).session_generation
        services.end_position(self.bens_post.pk, on=self.today, by=self.cora)
        self.assertFalse(self.is_in(self.ben))
        self.assertGreater(User.objects.get(pk=self.ben.pk).session_generation, generation)
        self.assertFalse(Membership.objects.standing().filter(user=self.ben).exists())

    def test_with_one_post_of_two_the_other_partner_stays(self) -> None:
        services.set_position(by=self.cora, partner=self.roads, person=self.ben_person, title="IT lead")
        self.grant(self.ben_person, partner=self.roads)
        services.end_position(self.bens_post.pk, on=self.today, by=self.cora)
        self.assertTrue(self.is_in(self.ben))
        self.assertEqual(
            [each.partner for each in Membership.objects.standing().filter(user=self.ben)], [self.roads]
        )

    def test_a_second_post_at_the_partner_keeps_access(self) -> None:
        services.set_position(by=self.cora, partner=self.parks, person=self.ben_person, title="Deputy")
        services.end_position(self.bens_post.pk, on=self.today, by=self.cora)
        self.assertTrue(self.is_in(self.ben))

    def test_moving_a_post_to_someone_else_closes_access(self) -> None:
        post = self.bens_post
        services.correct_position(post.pk, {"person": self.newcomer()}, by=self.cora)
        self.assertFalse(self.is_in(self.ben))

    def test_a_post_that_ends_later_closes_access_on_that_day(self) -> None:
        services.end_position(self.bens_post.pk, on=self.day(3), by=self.cora)
        self.assertTrue(self.is_in(self.ben))
        self.assertEqual(services.close_lapsed(self.day(2)), 0)
        services.close_lapsed(self.day(3))
        self.assertFalse(self.is_in(self.ben))

    def test_a_membership_with_a_last_day_closes_by_itself(self) -> None:
        Membership.objects.filter(user=self.ben).update(ends_on=self.day(1))
        self.assertEqual(services.close_lapsed(self.today), 0)
        self.assertEqual(services.close_lapsed(self.day(1)), 1)
        self.assertFalse(self.is_in(self.ben))
        self.assertEqual(services.close_lapsed(self.day(1)), 0)

    def test_ending_a_membership_twice_is_refused(self) -> None:
        membership = Membership.objects.get(user=self.ben)
        services.end_membership(membership.pk, by=self.cora)
        with self.assertRaisesRegex(DomainError, "already ended"):
            services.end_membership(membership.pk, by=self.cora)

    def test_someone_who_never_came_and_is_let_in_anew_is_invited_anew(self) -> None:
        nia = self.newcomer()
        services.end_membership(self.grant(nia).pk, by=self.cora)
        membership = self.grant(nia)
        self.assertTrue(self.is_in(membership.user))
        self.assertEqual(
            [mail.kind for mail in self.sent_mail("nia@parks.example.gov")], ["people.invitation"] * 2
        )

    def test_someone_who_comes_back_signs_in_again(self) -> None:
        membership = Membership.objects.get(user=self.ben)
        services.end_membership(membership.pk, by=self.cora)
        self.assertFalse(self.is_in(self.ben))
        self.grant(self.ben_person)
        self.assertTrue(self.is_in(self.ben))
