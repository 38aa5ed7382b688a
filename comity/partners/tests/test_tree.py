"""The tree of partners is walked exactly, however deep, and even where it is broken."""

from __future__ import annotations

from comity.core.errors import DomainError
from comity.partners.duplicates.services import PARTNERS, merge, undo_merge
from comity.partners.models import Membership, Partner, Person, Position
from comity.partners.models.tree import in_circles
from comity.partners.services import registry
from comity.people.roles import Role
from comity.testing.cast import CastTestCase


class Tree(CastTestCase):
    """Parks has Trails; below Trails a chain of ten hangs."""

    chain: list[Partner]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.chain = [cls.cast.trails]
        for depth in range(10):
            cls.chain.append(cls.cast.partner(f"Unit {depth}", f"UNIT{depth}", parent=cls.chain[-1]))

    def test_a_partners_user_sees_all_below_however_deep_and_nothing_beside(self) -> None:
        seen = set(Partner.objects.visible_to(self.ben))
        self.assertEqual(seen, {self.parks, *self.chain})

    def test_the_office_sees_all(self) -> None:
        self.assertEqual(Partner.objects.visible_to(self.olu).count(), Partner.objects.count())

    def test_someone_who_belongs_below_sees_nothing_above(self) -> None:
        user, _person = self.cast.partner_user("Una Low", self.chain[9], Role.PARTNER_MEMBER)
        self.assertEqual(set(Partner.objects.visible_to(user)), set(self.chain[9:]))

    def test_a_circle_comes_to_an_end_and_shows_only_itself(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(parent=self.chain[-1])
        self.assertEqual(set(Partner.objects.visible_to(self.ben)), {self.parks, *self.chain})
        self.assertEqual(set(Partner.objects.at_or_above(self.trails)), {self.parks, *self.chain})

    def test_who_is_part_of_itself_is_found_and_who_hangs_on_it_is_not(self) -> None:
        everyone = Partner.objects.values("pk")
        self.assertEqual(in_circles(everyone), [])
        Partner.objects.filter(pk=self.parks.pk).update(parent=self.chain[3])
        self.assertEqual(in_circles(everyone), sorted([self.parks.pk, *(one.pk for one in self.chain[:4])]))

    def test_a_merge_is_not_taken_back_into_a_circle(self) -> None:
        harbor, pier, boat = (self.cast.partner(name, name.upper()) for name in ("Harbor", "Pier", "Boat"))
        Partner.objects.filter(pk=boat.pk).update(parent=pier)
        made = merge(PARTNERS, survivor_id=harbor.pk, tombstone_id=pier.pk, theirs={}, by=self.ada)
        Partner.objects.filter(pk=pier.pk).update(parent=boat)
        with self.assertRaises(DomainError):
            undo_merge(made.pk, by=self.ada)
        boat.refresh_from_db()
        self.assertEqual(boat.parent, harbor)

    def test_nor_where_what_it_was_part_of_was_put_below_its_part(self) -> None:
        """The tombstone keeps its parent: a circle over three is closed though each move alone was right."""
        region, pier, boat = (self.cast.partner(name, name.upper()) for name in ("Region", "Pier", "Boat"))
        Partner.objects.filter(pk=pier.pk).update(parent=region)
        Partner.objects.filter(pk=boat.pk).update(parent=pier)
        harbor = self.cast.partner("Harbor", "HARBOR")
        made = merge(PARTNERS, survivor_id=harbor.pk, tombstone_id=pier.pk, theirs={}, by=self.ada)
        boat.refresh_from_db()
        self.assertEqual(boat.parent, harbor)
        registry.update_partner(region.pk, {"parent": boat}, by=self.ada)
        with self.assertRaisesMessage(DomainError, "make one part of itself"):
            undo_merge(made.pk, by=self.ada)
        boat.refresh_from_db()
        self.assertEqual(boat.parent, harbor)
        self.assertEqual(in_circles(Partner.objects.values("pk")), [])
        registry.update_partner(region.pk, {"parent": None}, by=self.ada)
        undo_merge(made.pk, by=self.ada)
        self.assertEqual(in_circles(Partner.objects.values("pk")), [])

    def test_up_to_the_top(self) -> None:
        self.assertEqual(set(Partner.objects.at_or_above(self.chain[2])), {self.parks, *self.chain[:3]})

    def test_people_and_posts_follow_the_partners(self) -> None:
        deep = Person.objects.create(name="Dee Deep")
        Position.objects.create(partner=self.chain[-1], person=deep, title="Clerk")
        self.assertIn(deep, Person.objects.visible_to(self.ben))
        self.assertNotIn(self.cy_person, Person.objects.visible_to(self.ben))
        self.assertNotIn(deep, Person.objects.visible_to(self.cy))

    def test_when_the_membership_ends_nothing_is_seen(self) -> None:
        Membership.objects.filter(user=self.ben).update(ends_on=self.today)
        self.assertFalse(Partner.objects.visible_to(self.ben).exists())

    def test_when_the_last_post_ends_nothing_is_seen(self) -> None:
        Position.objects.filter(person=self.ben_person).update(ends_on=self.today)
        self.assertFalse(Partner.objects.visible_to(self.ben).exists())

    def test_seeing_is_one_query(self) -> None:
        with self.assertQueries(2):  # the office's day, and the rows
            list(Partner.objects.visible_to(self.ben).search("unit").order_by("name"))
