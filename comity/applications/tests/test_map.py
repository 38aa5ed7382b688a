"""The map by hand and by list; what falls with an item, why, and whom to call; what an item stands on."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from comity.applications import answers, services
from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.business.models import Process, Season
from comity.core.errors import DomainError
from comity.partners.models import Position
from comity.testing.cast import CastTestCase

KINDS = {"app": "application", "san": "storage", "vm": "server", "db": "database"}
# who, by which relation, on whom, in which group, of which so many must run
EXAMPLE = (
    ("app", "Runs on", "vm", "", None),
    ("app", "Depends on", "db", "", None),
    ("db", "Runs on", "san", "", None),
    ("vm", "Runs on", "esx1", "hosts", 1),
    ("vm", "Runs on", "esx2", "hosts", 1),
    ("vm", "Runs on", "esx3", "hosts", 1),
    ("portal", "Depends on", "lb", "", None),
    ("portal", "Depends on", "app", "", None),
    ("lb", "Members", "web1", "web", 2),
    ("lb", "Members", "web2", "web", 2),
    ("lb", "Members", "web3", "web", 2),
    ("site", "Contains", "san", "", None),
    ("app", "Connects to", "web1", "", None),
)


class MapTestCase(CastTestCase):
    """The example of the reference: refunds of Parks go through an app on a machine that any of three hosts carries."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        names = sorted({name for one, _type, other, *_group in EXAMPLE for name in (one, other)})
        cls.items = {
            name: Item.objects.create(name=name, external_id=name, kind=KINDS.get(name, "server"))
            for name in names
        }
        for name in ("app", "portal"):
            Item.objects.filter(name=name).update(kind="application", partner=cls.cast.parks)
            cls.items[name].refresh_from_db()
        types = {row.name: row for row in RelationType.objects.all()}
        for one, type_, other, group, min_up in EXAMPLE:
            cls.relate(one, types[type_], other, group, min_up)
        cls.refund = Process.objects.create(partner=cls.cast.parks, name="Refunds")
        Reliance.objects.create(process=cls.refund, item=cls.items["app"], waits_hours=4)

    items: dict[str, Item]
    refund: Process

    @classmethod
    def relate(
        cls, one: str, type_: RelationType, other: str, group: str = "", min_up: int | None = None
    ) -> Relation:
        ends = {"from_item": cls.items[one], "to_item": cls.items[other]}
        return Relation.objects.create(type=type_, group=group, min_up=min_up, **ends)

    def fallen(self, name: str) -> set[str]:
        return {row.name for row in answers.if_down(self.items[name]).down}


class Answers(MapTestCase):
    def test_what_falls_follows_each_type_of_relation(self) -> None:
        self.assertEqual(self.fallen("san"), {"db", "app", "portal"})
        self.assertEqual(self.fallen("site"), {"san", "db", "app", "portal"})
        self.assertEqual(self.fallen("esx1"), set())
        self.assertEqual(self.fallen("web1"), set())
        self.assertEqual(self.fallen("vm"), {"app", "portal"})

    def test_whoever_relies_on_it_is_hit_with_the_reason_the_season_and_whom_to_call(self) -> None:
        Season.objects.create(
            partner=self.parks, name="Filing", starts_on=self.today - timedelta(days=3), ends_on=self.today
        )
        self.ben_person.phone = "555-0101"
        self.ben_person.save()
        Position.objects.filter(person=self.ben_person).update(function="it_lead")
        self.ana.phone = "555-0102"
        self.ana.save()
        answer = answers.if_down(self.items["san"])
        (hit,) = answer.hits
        self.assertEqual(
            (hit.partner, [str(row.process) for row in hit.processes]), (self.parks, ["Refunds"])
        )
        self.assertEqual([str(one) for one in hit.busy], ["Filing: until today"])
        self.assertEqual(answer.why(self.items["app"].pk), ["san", "db", "app"])
        said = [(call.name, call.phones, call.ours) for call in hit.calls]
        self.assertIn((self.ben_person.name, ("555-0101",), False), said)
        self.assertIn((self.ana.name, ("555-0102",), True), said)

    def test_several_that_fell_one_together_are_all_named(self) -> None:
        fall = answers.needs().fall([self.items[name].pk for name in ("esx1", "esx2", "esx3")])
        answer = answers.Answer(self.items["esx1"], fall)
        self.assertEqual(answer.why(self.items["app"].pk), ["esx1 + esx2 + esx3", "vm", "app"])

    def test_single_points_of_failure_are_those_of_the_reference(self) -> None:
        found = answers.standing(self.items["app"], self.ana)
        self.assertEqual([row.name for row in found.single], ["db", "vm", "san", "site"])
        self.assertEqual(found.count, 7)
        said = [(words, [row.name for row in rows]) for words, rows in found.directly]
        self.assertEqual(said, [("Each of these must run", ["db", "vm"])])
        of_vm = answers.standing(self.items["vm"], self.ana)
        self.assertEqual(of_vm.directly[0][0], "1 of these 3 must run")

    def test_what_comes_back_later_than_a_process_can_wait_is_said(self) -> None:
        Item.objects.filter(name="san").update(rto_hours=2, rto_tested_hours=30)
        Item.objects.filter(name="db").update(rto_hours=4)
        found = answers.standing(self.items["app"], self.ana)
        self.assertEqual([(row.name, hours) for _process, row, hours in found.slow], [("san", 30)])
        self.assertEqual(found.untold, 3)

    def test_what_is_gone_falls_out_of_the_map(self) -> None:
        services.from_source("", gone_items=["san"])
        self.assertEqual(self.fallen("site"), set())

    def test_a_source_that_took_members_away_leaves_a_need_for_all(self) -> None:
        Relation.objects.filter(to_item__name__in=["web2", "web3"]).delete()
        self.assertEqual(self.fallen("web1"), {"lb", "portal"})

    def test_the_state_of_the_map_tells_every_change(self) -> None:
        states = [answers._state()]
        form = {"min_up": 2}
        services.RELATIONS.mend(
            Relation.objects.filter(group="hosts").get(to_item__name="esx1"), form, by=self.ada
        )
        states.append(answers._state())
        services.TYPES.mend(RelationType.objects.get(name="Manages"), {"suffers": "from"}, by=self.ada)
        states.append(answers._state())
        services.from_source("", gone_items=["san"])
        states.append(answers._state())
        self.assertEqual(len(set(states)), 4)

    def test_the_command_says_it_for_scripts(self) -> None:
        out = StringIO()
        call_command("impact", "san", "--json", stdout=out)
        said = json.loads(out.getvalue())
        self.assertEqual(
            (said["item"], said["down"], said["processes"]), ("san", ["db", "app", "portal"], ["Refunds"])
        )
        self.assertEqual(said["applications"], ["app", "portal"])
        self.assertEqual([each["code"] for each in said["partners"]], [self.parks.code])


class Pages(MapTestCase):
    def test_what_falls_is_said_in_words_first(self) -> None:
        self.client.force_login(self.ana)
        with self.assertNumQueries(17):
            page = self.page(reverse("applications:down", args=[self.items["san"].pk]))
        self.assertContains(page, "If san goes down, it hits 1 of those we serve")
        self.assertContains(page, "Items that fall with it: 3. Applications down: 2. Processes: 1.")
        self.assertContains(page, "san → db → app")
        self.assertContains(page, "<svg")

    def test_an_application_without_a_known_host_never_counts_as_safe(self) -> None:
        lost = Item.objects.create(name="Lost", external_id="lost", partner=self.parks)
        self.client.force_login(self.ana)
        page = self.page(reverse("applications:item", args=[lost.pk]))
        self.assertContains(page, "It does not count as safe.")
        self.assertNotContains(page, "None that we know of.")
        page = self.page(reverse("applications:down", args=[self.items["web1"].pk]))
        self.assertContains(page, "1 application has no known host")
        self.assertContains(self.page(reverse("applications:list") + "?nothing=1"), "Lost")

    def test_the_list_takes_few_queries(self) -> None:
        self.client.force_login(self.ana)
        for name, queries in (("list", 5), ("relations", 6), ("types", 5)):
            with self.assertNumQueries(queries):
                self.page(reverse(f"applications:{name}"))

    def test_a_relation_is_added_and_one_that_cannot_be_is_refused(self) -> None:
        self.client.force_login(self.ada)
        at = reverse("applications:add_relation", args=[self.items["portal"].pk])
        runs = RelationType.objects.get(name="Runs on").pk
        for to, more, sentence in (
            ("portal", {}, "An item cannot have a relation to itself."),
            ("nowhere", {}, "nowhere"),
            ("esx1", {"min_up": 2}, "Name the group of which so many must run."),
            ("esx1", {"min_up": 2, "group": "x"}, "wants 2 of the group “x” to run, which has only 1"),
        ):
            before = Relation.objects.count()
            page = self.client.post(at, {"type": runs, "to_item": to, **more})
            self.assertEqual((page.status_code, Relation.objects.count()), (422, before), sentence)
            self.assertContains(page, sentence, status_code=422)
        self.client.post(at, {"type": runs, "to_item": "esx1"})
        self.assertEqual(self.fallen("esx1"), {"portal"})

    def test_an_item_is_added_changed_and_removed(self) -> None:
        self.client.force_login(self.ada)
        said = {"name": "New  one", "external_id": "n1", "kind": "database", "partner": "Parks"}
        self.client.post(reverse("applications:add"), said)
        new = Item.objects.get(external_id="n1")
        self.assertEqual((new.name, new.partner), ("New one", self.parks))
        page = self.client.post(reverse("applications:add"), said)
        self.assertContains(page, "There is an item with this id already.", status_code=422)
        self.client.post(reverse("applications:remove", args=[new.pk]))
        self.assertFalse(Item.objects.filter(pk=new.pk).exists())

    def test_a_type_of_relation_is_added_and_decided(self) -> None:
        self.client.force_login(self.ada)
        at = reverse("applications:add_type")
        self.page(at)
        said = {"name": "Feeds", "reverse": "Fed by", "suffers": "to"}
        self.client.post(at, said)
        row = RelationType.objects.get(name="Feeds")
        page = self.client.post(reverse("applications:edit_type", args=[row.pk]), {**said, "min_up": "0"})
        self.assertContains(page, "At least one of a group must run.", status_code=422)

    def test_a_type_of_relation_is_removed_while_nothing_is_of_it(self) -> None:
        idle = RelationType.objects.create(name="Feeds", reverse="Fed by", suffers="to")
        used = Relation.objects.all()[0].type
        self.post(reverse("applications:remove_type", args=[idle.pk]), by=self.ada)
        self.assertFalse(RelationType.objects.filter(pk=idle.pk).exists())
        self.post_refused(reverse("applications:remove_type", args=[used.pk]), {}, "still in use")
        self.assertTrue(RelationType.objects.filter(pk=used.pk).exists())

    def test_a_group_cannot_want_more_than_it_has_in_a_list_either(self) -> None:
        Relation.objects.filter(to_item__name="web3").delete()
        Relation.objects.filter(group="web").update(min_up=3)
        with self.assertRaisesMessage(
            DomainError, "“lb” wants 3 of the group “web” to run, which has only 2."
        ):
            services.check_groups()


class Theirs(MapTestCase):
    """Ben is the IT lead of Parks, Cy a member of Roads."""

    def test_a_partner_reads_confirms_and_corrects_its_own(self) -> None:
        self.client.force_login(self.ben)
        with self.assertNumQueries(6):
            page = self.page(reverse("applications:portal"))
        self.assertContains(page, "portal")
        app = self.items["app"]
        page = self.page(app.get_absolute_url())
        self.assertContains(page, "It is right")
        self.assertNotContains(page, "Single points of failure")
        self.client.post(reverse("applications:confirm", args=[app.pk]))
        app.refresh_from_db()
        self.assertEqual(app.confirmed_by, self.ben)
        assert app.confirmed_at is not None
        self.assertAlmostEqual(app.confirmed_at, timezone.now(), delta=timedelta(seconds=9))
        self.client.post(
            reverse("applications:edit", args=[app.pk]),
            {"criticality": "vital", "rto_hours": "2", "name": "Mine"},
        )
        app.refresh_from_db()
        self.assertEqual((app.criticality, app.rto_hours, app.name), ("vital", 2, "app"))

    def test_it_says_which_of_its_processes_needs_one(self) -> None:
        Process.objects.create(partner=self.parks, name="Permits")
        Process.objects.create(partner=self.roads, name="Paving")
        self.client.force_login(self.ben)
        at = reverse("applications:add_reliance", args=[self.items["app"].pk])
        self.assertEqual(self.client.post(at, {"process": "Paving"}).status_code, 422)
        self.client.post(at, {"process": "Permits", "waits_hours": "8"})
        self.assertEqual(Reliance.objects.get(process__name="Permits").waits_hours, 8)

    def test_others_and_what_is_under_them_are_as_if_absent(self) -> None:
        self.client.force_login(self.cy)
        self.assertEqual(self.client.get(self.items["app"].get_absolute_url()).status_code, 404)
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(self.items["san"].get_absolute_url()).status_code, 404)

    def test_a_member_reads_and_changes_nothing(self) -> None:
        Item.objects.filter(name="app").update(partner=self.roads)
        self.client.force_login(self.cy)
        page = self.page(self.items["app"].get_absolute_url())
        self.assertNotContains(page, "It is right")
        confirm: Any = reverse("applications:confirm", args=[self.items["app"].pk])
        self.assertEqual(self.client.post(confirm).status_code, 403)
