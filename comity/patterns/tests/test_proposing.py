"""What the night proposes: groups of items in no pattern; taken, or dismissed for good. And what the command prints."""

from __future__ import annotations

import json
from io import StringIO
from unittest.mock import patch

from django.core.management import call_command

from comity.followups.models import FollowUp
from comity.patterns.models import Item, Pattern, Proposal
from comity.patterns.services import judging
from comity.patterns.services.comparing import regroup
from comity.patterns.tests.world import AlikeTestCase


class Proposing(AlikeTestCase):
    """At night Trails has no phone either."""

    trails_phones: FollowUp

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.trails_phones = cls.heard(cls.trails, "We wait ten weeks for a new phone")
        regroup()

    def proposal(self) -> Proposal:
        return Proposal.objects.open().get()

    def keys(self) -> set[int]:
        return {each.pk for each in self.proposal().follow_ups.all()}

    @property
    def all_phones(self) -> set[int]:
        return {self.phones.pk, self.their_phones.pk, self.trails_phones.pk}

    def test_those_of_several_partners_are_proposed_by_the_words_they_share(self) -> None:
        found = self.proposal()
        self.assertEqual(self.keys(), self.all_phones)
        self.assertEqual((found.partner_count, found.item_count), (3, 3))
        self.assertIn("phone", found.name.lower())

    def test_the_next_night_changes_nothing_where_nothing_is_new(self) -> None:
        before = self.proposal().pk
        self.assertEqual(regroup(), 1)
        self.assertEqual(self.proposal().pk, before)

    def test_all_of_it_is_taken_and_no_longer_proposed(self) -> None:
        url = self.proposal().get_absolute_url()
        self.assertIn("Is this one problem?", self.reads(self.page(url, by=self.ana)))
        self.post(url, {"name": "New phones", "follow_ups": sorted(self.all_phones)})
        self.assertEqual(Pattern.objects.get().items.count(), 3)
        self.assertEqual(regroup(), 0)
        self.page(url, status=404)

    def test_some_of_it_is_taken(self) -> None:
        some = [self.phones.pk, self.their_phones.pk]
        self.post(self.proposal().get_absolute_url(), {"name": "Phones", "follow_ups": some}, by=self.ana)
        self.assertEqual(Pattern.objects.get().items.count(), 2)

    def test_of_one_partner_alone_or_of_strangers_none_is_made(self) -> None:
        url = self.proposal().get_absolute_url()
        self.post_refused(url, {"name": "Phones", "follow_ups": [self.phones.pk]}, "two or more", by=self.ana)
        strangers = [self.phones.pk, self.printer.pk]
        self.post_refused(
            url, {"name": "Phones", "follow_ups": strangers}, "not one of the available choices"
        )
        self.assertFalse(Pattern.objects.exists())

    def test_dismissed_it_does_not_come_back_until_most_of_it_is_new(self) -> None:
        found = self.proposal()
        self.post(self.at("dismiss", found), by=self.ana, expect=self.at("proposals"))
        self.assertEqual(regroup(), 0)
        for number in range(4):
            self.heard(self.cast.partner(f"Body {number}", f"B{number}"), f"A new phone takes {number} weeks")
            self.assertEqual(regroup(), int(number == 3), number)
        self.post(self.at("restore", found), expect=found.get_absolute_url())
        self.assertEqual(Proposal.objects.open().count(), 2)

    def test_what_somebody_held_apart_is_not_proposed_together(self) -> None:
        judging.apart(self.phones.pk, self.their_phones.pk, by=self.ana)
        regroup()
        self.assertEqual(len(self.keys() & {self.phones.pk, self.their_phones.pk}), 1)
        self.assertIn(self.trails_phones.pk, self.keys())

    def test_what_is_said_in_spanish_is_no_group_by_its_language(self) -> None:
        self.heard(self.roads, "La línea del anexo se cae cuando llueve")
        self.heard(self.trails, "Me llegan facturas de dos teléfonos que no existen")
        for partner in (self.parks, self.roads):
            self.heard(partner, "Los jueves se queda sola la ventanilla de placas")
        self.assertEqual(regroup(), 2)
        found = Proposal.objects.open().last()
        assert found
        self.assertEqual({each.title for each in found.follow_ups.all()}, {found.quote})

    def test_what_is_no_longer_among_the_newest_keeps_no_vector(self) -> None:
        judging.same(self.phones.pk, self.their_phones.pk, by=self.ana)
        with patch("comity.patterns.services.comparing.NEWEST", 1):
            self.assertEqual(regroup(), 0)
        kept = Item.objects.order_by("pk").values_list("pk", "text_hash")
        self.assertEqual(list(kept)[:2], [(self.phones.pk, ""), (self.their_phones.pk, "")])
        self.assertEqual([pk for pk, text_hash in kept if text_hash], [self.trails_phones.pk])

    def test_the_place_lists_them_for_those_who_may_judge(self) -> None:
        self.assertIn("3", self.reads(self.page(self.at("proposals"), by=self.ana)))
        self.page(self.at("proposals"), by=self.olu, status=403)

    def test_the_command_prints_patterns_and_proposals(self) -> None:
        judging.PATTERNS.enter({"name": "Printing", "owner": self.sol}, by=self.ana)
        out = StringIO()
        call_command("patterns", "--now", "--json", stdout=out)
        said = json.loads(out.getvalue())
        self.assertEqual(
            [(one["name"], one["partners"], one["owner"]) for one in said["patterns"]],
            [("Printing", 0, "Sol Service")],
        )
        self.assertEqual([(one["partners"], one["items"]) for one in said["proposals"]], [(3, 3)])
        out = StringIO()
        call_command("patterns", stdout=out)
        self.assertIn(
            "Patterns: 1\n    0 partners     0 items  Printing\nProposed: 1\n    3 partners", out.getvalue()
        )
