"""What another tool keeps of items and relations, taken over."""

from __future__ import annotations

from comity.applications.models import Item, Relation, RelationType
from comity.applications.services import Taken, from_source
from comity.testing.cast import CastTestCase

ITEMS = [
    {"external_id": "a1", "name": "Refunds", "class": "cmdb_ci_appl"},
    {"external_id": "s1", "name": "esx1", "class": "cmdb_ci_esx_server"},
    {"external_id": "s2", "name": "", "class": "u_robot"},
]
RELATIONS = [{"external_id": "r1", "from": "a1", "type": "Runs on::Runs", "to": "s1"}]


class FromSource(CastTestCase):
    def test_the_same_again_changes_nothing(self) -> None:
        first = from_source("snow", ITEMS, RELATIONS)
        self.assertEqual((first.new, first.changed, first.same, first.problems), (4, 0, 0, {}))
        kinds = dict(Item.objects.values_list("name", "kind"))
        self.assertEqual(kinds, {"Refunds": "application", "esx1": "host", "s2": "other"})
        again = from_source("snow", ITEMS, RELATIONS)
        self.assertEqual((again.new, again.changed, again.same), (0, 0, 4))
        self.assertEqual(Item.objects.get(name="esx1").version, 1)

    def test_what_is_said_here_stays_and_what_is_said_there_is_followed(self) -> None:
        from_source("snow", ITEMS, RELATIONS)
        Item.objects.filter(external_id="a1").update(criticality="vital")
        Relation.objects.update(group="hosts", min_up=1)
        taken = from_source(
            "snow", [{**ITEMS[0], "name": "Refund system", "partner": self.parks.pk}], RELATIONS
        )
        self.assertEqual((taken.new, taken.changed, taken.same), (0, 1, 1))
        row = Item.objects.get(external_id="a1")
        self.assertEqual(
            (row.name, row.criticality, row.partner, row.version), ("Refund system", "vital", self.parks, 2)
        )
        self.assertEqual(Relation.objects.get().group, "hosts")

    def test_a_relation_to_another_item_is_another(self) -> None:
        from_source("snow", ITEMS, RELATIONS)
        taken = from_source("snow", [], [{**RELATIONS[0], "to": "s2"}])
        self.assertEqual((taken.new, taken.changed, taken.same), (0, 1, 0))
        self.assertEqual(str(Relation.objects.get()), "Refunds → s2")

    def test_what_leads_nowhere_is_left_out_with_a_sentence(self) -> None:
        bad = [
            {"external_id": "r2", "from": "a1", "type": "Runs on::Runs", "to": "gone"},
            {"external_id": "r3", "from": "a1", "type": "Runs on::Runs", "to": "a1"},
        ]
        taken = from_source("snow", ITEMS, bad)
        self.assertEqual(
            list(taken.problems.values()), ["There is no item gone.", "a1 has a relation to itself."]
        )
        self.assertEqual(Relation.objects.count(), 0)

    def test_a_relation_of_a_type_nobody_knows_waits_for_a_decision(self) -> None:
        from_source("snow", ITEMS, [{**RELATIONS[0], "type": "Feeds::Fed by"}])
        self.assertEqual(RelationType.objects.get(name="Feeds").suffers, "undecided")

    def test_what_is_gone_there_is_gone_here_until_it_comes_back(self) -> None:
        from_source("snow", ITEMS, RELATIONS)
        from_source("snow", gone_items=["s1"], gone_relations=["r1"])
        self.assertEqual(Item.objects.standing().count(), 2)
        self.assertEqual(Relation.objects.count(), 0)
        self.assertEqual(from_source("snow", ITEMS, RELATIONS), Taken(new=1, changed=1, same=2))
        self.assertEqual(Item.objects.standing().count(), 3)
