"""Whom to call first: the head before the IT lead, and the director before the clerks, on every page that lists people."""

from __future__ import annotations

import re

from django.urls import reverse

from comity.partners.models import Person, Position
from comity.testing.cast import CastTestCase

# Entered from the last to the first; those without a function as a list with titles alone brings them.
POSTS = (
    ("Abe", "Clerk", "other"),
    ("Bea", "Field office manager", "other"),
    ("Col", "Chief of operations", "operations"),
    ("Dee", "Budget director", "finance"),
    ("Eli", "CIO", "it_lead"),
    ("Fay", "Deputy", "deputy"),
    ("Gus", "Director", "other"),
    ("Hal", "Agency head", "head"),
)
IN_ORDER = ["Gus", "Hal", "Fay", "Eli", "Dee", "Col", "Bea", "Abe"]


class Rank(CastTestCase):
    """Eight people at Trails."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for name, title, function in POSTS:
            person = Person.objects.create(name=name)
            Position.objects.create(partner=cls.trails, person=person, title=title, function=function)

    def listed(self, text: str) -> list[str]:
        return re.findall(rf"\b({'|'.join(IN_ORDER)})\b", text)

    def test_posts_stand_in_the_order_of_calling(self) -> None:
        ranked = Position.objects.filter(partner=self.trails).by_rank()
        self.assertEqual([post.person and post.person.name for post in ranked], IN_ORDER)

    def test_so_they_stand_on_the_page_of_a_partners_people(self) -> None:
        page = self.page(reverse("partners:people_of", args=[self.trails.pk]), by=self.olu)
        found = self.listed(page.content.decode().partition("<tbody")[2])
        self.assertEqual(list(dict.fromkeys(found)), IN_ORDER)

    def test_and_in_the_file_of_address_cards(self) -> None:
        self.client.force_login(self.olu)
        cards = self.client.get(reverse("partners:cards", args=[self.trails.pk])).content.decode()
        self.assertEqual(re.findall(r"FN:(\w+)", cards), IN_ORDER)

    def test_of_two_posts_of_one_person_the_higher_is_named(self) -> None:
        abe = Person.objects.get(name="Abe")
        Position.objects.create(partner=self.roads, person=abe, title="Director")
        words = self.reads(self.page(f"{reverse('partners:people')}?q=abe", by=self.olu))
        self.assertIn("Director and 1 more", words)
