"""People who left are destroyed by a rule of the office, and only where nothing else points at them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from comity.audit.models import Entry
from comity.audit.retention import apply_rules
from comity.nouns import Kept, all_of
from comity.office.services import time_zone
from comity.partners import services
from comity.partners.models import LikelyPair, Membership, Person, Position
from comity.partners.services.people import destroy_left
from comity.people import services as accounts
from comity.testing.cast import CastTestCase


class PeopleWhoLeft(CastTestCase):
    """Gil left Parks ten days ago; Ben, who signs in, as well."""

    def setUp(self) -> None:
        self.left_on = self.today - timedelta(days=10)
        self.gil = services.add_person(by=self.cora, name="Gil Gone", email="gil@x.gov")
        for person in (self.gil, self.ben_person):
            services.set_position(by=self.cora, partner=self.parks, person=person, title="Ranger")
            services.person_left(person.pk, on=self.left_on, leaves_vacant=True, by=self.cora)
        Position.objects.filter(person=self.gil).update(ends_on=self.left_on)

    def before(self, days: int) -> datetime:
        return datetime.combine(self.today - timedelta(days=days), time.min, tzinfo=time_zone())

    def test_who_left_before_goes_with_the_posts_they_held(self) -> None:
        LikelyPair.objects.create(
            kind="person", first_id=self.gil.pk, second_id=self.gil.pk + 1, score=90, reasons=[]
        )
        self.assertEqual(destroy_left(self.before(10)), 0)
        self.assertEqual(destroy_left(self.before(9)), 1)
        self.assertFalse(Person.objects.filter(pk=self.gil.pk).exists())
        self.assertFalse(LikelyPair.objects.exists())
        self.assertTrue(Position.objects.vacant().filter(title="Ranger").exists())
        self.assertTrue(Entry.objects.about(self.gil).exists())

    def test_whom_anything_points_at_stays(self) -> None:
        destroy_left(self.before(0))
        self.assertTrue(Person.objects.filter(pk=self.ben_person.pk).exists())

    def test_who_holds_a_post_again_stays(self) -> None:
        services.set_position(by=self.cora, partner=self.roads, person=self.gil, title="Clerk")
        self.assertEqual(destroy_left(self.before(0)), 0)

    def test_without_a_rule_they_are_kept(self) -> None:
        self.assertIn("people_left", {kept.key for kept in all_of(Kept)})
        apply_rules()
        self.assertTrue(Person.objects.filter(pk=self.gil.pk).exists())


class NewAddress(CastTestCase):
    """Ben signs in for Parks with the address we write to."""

    def change(self, email: str) -> str:
        accounts.change_email(self.ben, email, by=self.ada)
        self.ben_person.refresh_from_db()
        return self.ben_person.email

    def test_the_person_s_address_follows_and_the_trail_tells(self) -> None:
        self.assertEqual(self.change("ben@new.example.gov"), "ben@new.example.gov")
        entry = Entry.objects.about(self.ben_person).first()
        assert entry is not None
        self.assertEqual(entry.after, {"email": "ben@new.example.gov"})

    def test_one_that_differed_stays(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(email="ben@private.example")
        self.assertEqual(self.change("ben@new.example.gov"), "ben@private.example")

    def test_one_that_is_another_person_s_stays_and_the_sign_in_changes(self) -> None:
        services.add_person(by=self.cora, name="Twin", email="ben@new.example.gov")
        old = self.ben_person.email
        self.assertEqual(self.change("ben@new.example.gov"), old)
        self.ben.refresh_from_db()
        self.assertEqual(self.ben.email, "ben@new.example.gov")
        self.assertTrue(Membership.objects.filter(user=self.ben).exists())
