"""Entering and changing a row, on the visit tiers of the office and the other names of a partner."""

from __future__ import annotations

from typing import Any

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.changing import Changed, change, create
from comity.editing.conflict import ConflictError
from comity.editing.values import Related, plain
from comity.testing.cast import CastTestCase

ACTION = "editing.test"


class Change(CastTestCase):
    """A tier called "Tier 1" whose partners are seen every 60 days."""

    def change(self, seen: dict[str, Any] | None = None, **values: Any) -> Changed[Any]:
        return change(
            type(self.tier).objects.all(), self.tier.pk, values, by=self.ada, action=ACTION, seen=seen
        )

    def entries(self) -> list[Entry]:
        return list(Entry.objects.filter(action=ACTION))

    def test_what_differs_is_saved_and_stands_in_the_trail_once(self) -> None:
        changed = self.change(name="Often", every_days=60)
        self.assertEqual((changed.before, changed.after), ({"name": "Tier 1"}, {"name": "Often"}))
        self.tier.refresh_from_db()
        self.assertEqual(self.tier.name, "Often")
        (entry,) = self.entries()
        self.assertEqual((entry.before, entry.after), ({"name": "Tier 1"}, {"name": "Often"}))

    def test_nothing_at_all_is_written_when_nothing_differs(self) -> None:
        with self.assertQueries(3):  # a savepoint, the row, and its end
            self.assertFalse(self.change(name="Tier 1", every_days=60))
        self.assertEqual(self.entries(), [])

    def test_two_people_who_change_different_facts_do_not_meet(self) -> None:
        seen = {"name": "Tier 1", "every_days": 60}
        self.change(seen, name="Often", every_days=60)
        self.change(seen, name="Tier 1", every_days=30)
        self.tier.refresh_from_db()
        self.assertEqual((self.tier.name, self.tier.every_days), ("Often", 30))

    def test_whoever_is_later_with_the_same_fact_is_refused_and_nothing_is_saved(self) -> None:
        seen = {"name": "Tier 1", "every_days": 60}
        self.change(seen, name="Often", every_days=60)
        with self.assertRaises(ConflictError) as caught:
            self.change(seen, name="Seldom", every_days=30)
        (clash,) = caught.exception.clashes
        self.assertEqual(
            (clash.name, clash.original, clash.theirs, clash.yours), ("name", "Tier 1", "Often", "Seldom")
        )
        self.tier.refresh_from_db()
        self.assertEqual((self.tier.name, self.tier.every_days), ("Often", 60))

    def test_what_a_form_sends_back_as_it_was_shown_is_no_change(self) -> None:
        self.assertEqual(plain("One.\r\nTwo."), plain("One.\nTwo."))
        self.assertEqual(plain([2, "na", 1]), [1, 2, "na"])
        choices = [{"key": "b"}, {"key": "a"}]
        self.assertEqual(plain(choices), choices)  # in the order in which they are offered

    def test_two_people_who_write_the_same_agree(self) -> None:
        self.change(name="Often")
        self.assertFalse(self.change({"name": "Tier 1"}, name="Often"))

    def test_without_knowing_what_was_seen_every_difference_is_a_conflict(self) -> None:
        with self.assertRaises(ConflictError):
            self.change({}, name="Often")

    def test_the_models_own_rules_hold_beside_the_field_they_are_about(self) -> None:
        type(self.tier).objects.create(name="Tier 2", every_days=90)
        for values in ({"name": "Tier 2"}, {"every_days": -1}, {"name": "x" * 51}):
            with self.subTest(values), self.assertRaises(DomainError) as caught:
                self.change(**values)
            self.assertEqual([caught.exception.field], list(values))
        self.assertEqual(self.entries(), [])

    def test_a_row_that_is_gone_is_refused(self) -> None:
        with self.assertRaisesMessage(DomainError, "no longer exists"):
            change(type(self.tier).objects.none(), self.tier.pk, {"name": "x"}, by=self.ada, action=ACTION)

    def test_a_rule_of_the_room_may_refuse_and_may_tidy(self) -> None:
        def check(tier: Any) -> None:
            tier.name = tier.name.strip()
            if not tier.name:
                raise DomainError("Give it a name.", "name")

        rows = type(self.tier).objects.all()
        change(rows, self.tier.pk, {"name": "  Often "}, by=self.ada, action=ACTION, check=check)
        self.tier.refresh_from_db()
        self.assertEqual(self.tier.name, "Often")
        with self.assertRaisesMessage(DomainError, "Give it a name."):
            change(rows, self.tier.pk, {"name": " "}, by=self.ada, action=ACTION, check=check)

    def test_a_version_counts_changes_and_whose_history_it_is_is_known(self) -> None:
        before = self.parks.version
        post = self.ben_person.positions.get()
        change(type(post).objects.all(), post.pk, {"title": "CTO"}, by=self.ada, action=ACTION)
        self.assertEqual(self.entries()[0].partner_id, self.parks.pk)
        change(type(self.parks).objects.all(), self.parks.pk, {"notes": "New"}, by=self.ada, action=ACTION)
        self.parks.refresh_from_db()
        self.assertEqual(self.parks.version, before + 1)

    def test_facts_kept_beside_the_row_are_changed_with_it(self) -> None:
        kept = ["Park Service"]
        related = {
            "aliases": Related(
                read=lambda row: list(kept), write=lambda row, value: kept.__setitem__(slice(None), value)
            )
        }
        rows = type(self.parks).objects.all()
        changed = change(
            rows, self.parks.pk, {"aliases": ["DNR"]}, by=self.ada, action=ACTION, related=related
        )
        self.assertEqual((kept, changed.before), (["DNR"], {"aliases": ["Park Service"]}))
        with self.assertRaises(ConflictError):
            change(
                rows,
                self.parks.pk,
                {"aliases": ["P"]},
                by=self.ada,
                action=ACTION,
                related=related,
                seen={"aliases": ["Park Service"]},
            )


class Create(CastTestCase):
    def test_a_row_is_entered_with_its_facts_in_the_trail(self) -> None:
        tier = create(type(self.tier), {"name": "Tier 2", "every_days": 90}, by=self.ada, action=ACTION)
        entry = Entry.objects.get(action=ACTION)
        self.assertEqual((entry.target_id, entry.after), (str(tier.pk), {"name": "Tier 2", "every_days": 90}))

    def test_what_is_there_already_is_refused_beside_its_field(self) -> None:
        with self.assertRaises(DomainError) as caught:
            create(type(self.tier), {"name": "Tier 1", "every_days": 90}, by=self.ada, action=ACTION)
        self.assertEqual(caught.exception.field, "name")
