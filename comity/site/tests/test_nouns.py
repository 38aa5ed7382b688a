"""What rooms declare of their nouns holds: pages are there, rows can be asked, words are said once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from unittest import TestCase as PlainTestCase

from django.urls import reverse

from comity.access import audience_of
from comity.files.services import Owner
from comity.followups.kinds import Kind
from comity.meetings.officers_needed import OfficersNeeded
from comity.notifications.kinds import NoticeKind
from comity.nouns import Actions, Named, Noun, Trait, all_of, declare, named, noun_of, nouns
from comity.outbox.kinds import MailKind
from comity.partners.models import Partner
from comity.search import find
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring
from comity.testing.routes import routes

AUDIENCES = {route.name: audience_of(route.view) for route in routes()}


class Declared(PlainTestCase):
    def test_the_page_of_one_takes_its_key(self) -> None:
        for noun in nouns():
            if noun.page:
                with self.subTest(noun.label):
                    self.assertTrue(reverse(noun.page, args=[7]))

    def test_what_is_found_leads_to_those_who_may_open_it(self) -> None:
        for noun in nouns():
            audience = AUDIENCES.get(noun.page)
            if noun.search and noun.search.to and audience:
                with self.subTest(noun.label):
                    self.assertEqual(noun.search.to, audience.capability)

    def test_rows_that_are_found_or_heard_of_can_be_asked_who_may_see_them(self) -> None:
        heard = {kind.evidence._meta.label for kind in all_of(Kind) if kind.evidence}
        found = {noun.label for noun in nouns() if noun.search}
        for label in heard | found | {owner.key for owner in all_of(Owner)}:
            with self.subTest(label):
                noun = noun_of(label)
                self.assertTrue(noun and hasattr(noun.model._default_manager, "visible_to"))

    def test_evidence_has_a_page_for_those_who_may_follow_it(self) -> None:
        for kind in all_of(Kind):
            noun = noun_of(kind.evidence._meta.label) if kind.evidence else None
            if noun:
                with self.subTest(kind.key):
                    audience = AUDIENCES[kind.page or noun.page]
                    self.assertEqual(audience and audience.capability, kind.to)

    def test_files_lead_back_to_their_row(self) -> None:
        for owner in all_of(Owner):
            noun = noun_of(owner.key)
            self.assertTrue(noun and hasattr(noun.model, "get_absolute_url"), owner.key)

    def test_an_act_is_named_once_and_by_its_room(self) -> None:
        names = Counter(name for each in all_of(Actions) for name in each.words)
        self.assertEqual([name for name, times in names.items() if times > 1], [])
        self.assertEqual([name for name in names if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)], [])

    def test_whom_a_visit_brings_is_said_of_a_kind_there_is(self) -> None:
        self.assertEqual([each.key for each in all_of(OfficersNeeded) if named(Kind, each.key) is None], [])

    def test_every_kind_has_words(self) -> None:
        kinds: list[NoticeKind | MailKind | Kind] = [*all_of(NoticeKind), *all_of(MailKind), *all_of(Kind)]
        self.assertEqual([kind.key for kind in kinds if not str(kind.label)], [])

    def test_every_trait_is_explained(self) -> None:
        page = (Path(__file__).parents[3] / "docs" / "architecture.md").read_text()
        traits = {kind.__name__ for kind in (*Trait.__subclasses__(), *Named.__subclasses__())} - {"Named"}
        self.assertEqual([name for name in sorted(traits) if not re.search(rf"[.`]{name}` \|", page)], [])


class Declaring(PlainTestCase):
    """Partners alone, with one kind of mail."""

    def setUp(self) -> None:
        self.mail = MailKind("test.letter", "Letters")
        self.enterContext(declaring(Noun(Partner, traits=[self.mail]), alone=True))

    def test_a_trait_is_known_by_its_key_and_with_all_of_its_kind(self) -> None:
        declare(MailKind("test.card", "Cards"))
        self.assertEqual(named(MailKind, "test.letter"), self.mail)
        self.assertIn(self.mail, all_of(MailKind))
        self.assertIsNone(named(MailKind, "test.absent"))

    def test_a_key_means_nothing_to_another_kind(self) -> None:
        declare(NoticeKind("test.letter", "A letter came"))
        self.assertEqual(named(MailKind, "test.letter"), self.mail)

    def test_nothing_is_declared_twice(self) -> None:
        said: tuple[Noun | Named, ...] = (Noun(Partner), MailKind("test.letter", "Again"))
        for one in said:
            with self.assertRaisesRegex(ValueError, "declared twice"):
                declare(one)


class Found(CastTestCase):
    def test_every_noun_can_be_looked_through_by_everyone(self) -> None:
        for user in (self.ada, self.olu, self.ben):
            with self.subTest(user):
                self.assertEqual(find(user, "zzz"), [])
