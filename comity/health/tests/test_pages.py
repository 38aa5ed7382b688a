"""The pages: the list, a partner's own, weights, plays, overrides, and how mature both sides see the relationship."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.urls import reverse

from comity.audit.models import Entry
from comity.followups.models import FollowUp
from comity.health.models import Maturity, Override, Snapshot, Step, Weights
from comity.health.parts import PARTS, USUAL
from comity.health.services import sides, snapshots, weights
from comity.health.tests.test_snapshots import HealthTestCase

LIST, PAGE, WEIGHTS, PREVIEW, PORTAL = 6, 10, 5, 15, 6  # queries


class PagesTestCase(HealthTestCase):
    """It went well with Parks; now a follow-up is nine days late."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.raised(cls(), 30, due=9)
        snapshots.take(today=cls.today - timedelta(days=40))
        snapshots.take()

    def at(self, name: str, *arguments: Any) -> str:
        return reverse(f"health:{name}", args=arguments)

    def own(self, name: str = "partner") -> str:
        return self.at(name, self.parks.pk)


class List(PagesTestCase):
    def test_it_lists_everybody_the_worst_first(self) -> None:
        page = self.page(self.at("list"), by=self.olu)
        said = self.reads(page)
        self.assertIn("Department of Parks Worth watching 67 −33 Follow-ups", said)
        with self.assertQueries(LIST):
            self.page(self.at("list"))

    def test_it_is_narrowed_by_band_tier_words_and_whose_they_are(self) -> None:
        for query, count in (
            ({"band": "watch"}, 1),
            ({"band": "good"}, 0),
            ({"q": "parks"}, 1),
            ({"tier": self.tier.pk}, 3),
            ({"contact": self.ana.pk}, 1),
            ({"fell": "1"}, 1),
        ):
            with self.subTest(query):
                self.assertEqual(
                    self.page(self.at("list"), by=self.olu, data=query).context["table"].total, count
                )

    def test_the_file_has_codes_and_what_caps_the_band(self) -> None:
        answer = self.client_of(self.olu).get(self.at("list"), {"format": "csv"})
        head, *rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        self.assertEqual(head, "partner,code,band,held,score,change,moved,tier,since,stops,taken_on")
        self.assertIn("Department of Parks,PARKS,watch,,67,-33,followups,Tier 1", "\n".join(rows))

    def client_of(self, user: Any) -> Any:
        self.client.force_login(user)
        return self.client


class OfPartner(PagesTestCase):
    def test_the_arithmetic_can_be_done_again(self) -> None:
        said = self.reads(self.page(self.own(), by=self.ana))
        self.assertIn("Department of Parks is worth watching", said)
        self.assertIn("10 days since we met; the goal is 60", said)
        self.assertIn("4,000 ÷ 60 = 67, rounded half up", said)
        self.assertIn("a follow-up more than a week late", said)
        self.assertIn("no data", said)
        self.assertEqual(said.count("no data"), 5)
        with self.assertQueries(PAGE):
            self.page(self.own())

    def test_a_number_is_a_link_that_leads_somewhere(self) -> None:
        context = self.page(self.own(), by=self.ana).context
        for line in context["lines"]:
            self.assertEqual(bool(line.url), line.value is not None)
            if line.url:
                self.page(line.url)
        self.assertEqual(sum(line.points or 0 for line in context["lines"]), context["health"].points)

    def test_before_anything_is_counted_it_says_so_and_can_be_counted(self) -> None:
        Snapshot.objects.all().delete()
        self.assertIn("Nothing is counted yet", self.reads(self.page(self.own(), by=self.ana)))
        self.post(self.own("count"), expect=self.own())
        self.assertEqual(Snapshot.objects.count(), 1)
        self.page(self.own(), by=self.olu)

    def test_a_play_is_started_by_hand_once(self) -> None:
        self.assertIn("Start the play", self.reads(self.page(self.own(), by=self.ana)))
        self.post(self.own("play"), expect=self.own())
        found = FollowUp.objects.get(kind="health")
        self.assertEqual(found.title, "Call them, and ask how it goes")
        page = self.page(found.get_absolute_url())
        self.assertContains(page, self.own())
        self.post(self.own("play"), expect=self.own())
        self.assertEqual(FollowUp.objects.filter(kind="health").count(), 1)
        self.assertNotIn("Start the play", self.reads(self.page(self.own())))

    def test_those_who_only_read_do_nothing(self) -> None:
        self.page(self.own(), by=self.olu)
        for name in ("count", "play", "override", "end_override", "rate"):
            self.client.force_login(self.olu)
            self.assertEqual(self.client.post(self.own(name)).status_code, 403, name)


class Overriding(PagesTestCase):
    def said(self, **more: Any) -> dict[str, Any]:
        until = (self.today + timedelta(days=30)).isoformat()
        return {"band": "good", "reason": "It is being mended.", "until": until, **more}

    def test_it_stands_beside_what_is_counted_until_it_ends(self) -> None:
        self.page(self.own("override"), by=self.ana)
        self.post(self.own("override"), self.said(), expect=self.own())
        said = self.reads(self.page(self.own()))
        self.assertIn("Held to be “Good”", said)
        self.assertIn("Ana Ruiz: It is being mended.", said)
        self.assertIn("Worth watching", said)
        self.assertIn("held to be Good", self.reads(self.page(self.at("list"))))
        self.post(self.own("override"), self.said(band="risk"), expect=self.own())
        self.assertEqual(Override.objects.on(self.today).get().band, "risk")
        self.post(self.own("end_override"), expect=self.own())
        self.assertFalse(Override.objects.on(self.today).exists())
        self.assertEqual(Entry.objects.filter(action=sides.END_OVERRIDE).count(), 2)

    def test_it_expires_by_itself(self) -> None:
        self.post(self.own("override"), self.said(), by=self.ana)
        self.assertFalse(Override.objects.on(self.today + timedelta(days=31)).exists())

    def test_without_a_reason_or_for_too_long_it_is_refused(self) -> None:
        far = (self.today + timedelta(days=91)).isoformat()
        past = (self.today - timedelta(days=1)).isoformat()
        for wrong in ({"reason": " "}, {"until": far}, {"until": past}, {"band": "unknown"}):
            self.post(self.own("override"), self.said(**wrong), by=self.ana, expect=422)
        self.assertFalse(Override.objects.exists())


class Weighing(PagesTestCase):
    def said(self, **more: Any) -> dict[str, Any]:
        return {**USUAL, "reason": "Promises count.", **more}

    def test_new_weights_are_previewed_and_then_a_version_of_their_own(self) -> None:
        url = self.at("weights")
        self.page(url, by=self.cora)
        with self.assertQueries(WEIGHTS):
            self.page(url)
        with self.assertQueries(PREVIEW):
            page = self.post(url, self.said(followups=200, preview="1", reason=""), expect=200)
        said = self.reads(page)
        self.assertIn("The mean is 67 as it is, and 17 with these weights", said)
        self.assertIn("Worth watching → At risk", said)
        self.assertEqual(Weights.objects.count(), 1)
        self.post(url, self.said(followups=200), expect=url)
        self.assertEqual(weights.in_force().values["followups"], 200)
        self.assertIn("Promises count.", self.reads(self.page(url, by=self.olu)))
        self.post(self.own("count"), by=self.ana)
        page = self.page(self.own())
        self.assertEqual([series.name for series in page.context["trend"].drawing.series], list(BOTH))

    def test_none_or_less_is_refused_in_a_sentence_and_changes_nothing(self) -> None:
        for wrong, words in (
            ({"met": 0}, "A part counts at least 1."),
            ({"met": -5}, "A part counts at least 1."),
            ({"met": "many"}, "Enter a whole number"),
            ({"met": 1001}, "Enter 1,000 or less."),
            ({"reason": "", "met": 30}, "Fill this in."),
            ({}, "These are the weights in force."),
        ):
            self.post_refused(self.at("weights"), self.said(**wrong), words, by=self.cora)
        self.assertEqual(Weights.objects.count(), 1)

    def test_what_was_set_never_changes_and_others_only_read_it(self) -> None:
        with self.assertRaises(DatabaseError), transaction.atomic():
            Weights.objects.update(reason="Another.")
        self.client.force_login(self.ana)
        self.assertEqual(self.client.post(self.at("weights"), self.said(met=30)).status_code, 200)
        self.assertEqual(Weights.objects.count(), 1)
        self.assertEqual(len(self.page(self.at("weights")).context["now"]), len(PARTS))


BOTH = ("By the weights in force", "By those before")


class Plays(PagesTestCase):
    def test_steps_are_added_changed_and_removed(self) -> None:
        self.page(self.at("plays"), by=self.olu)
        said = {"band": "watch", "title": "Write to them", "owner": "cco", "days": 3}
        self.page(self.at("add_step"), by=self.cora)
        self.post(self.at("add_step"), said, expect=self.at("plays"))
        step = Step.objects.get(title="Write to them")
        url = self.at("edit_step", step.pk)
        self.post(url, {**said, "days": 4, **self.seen(url)}, expect=self.at("plays"))
        for wrong in ({"days": 0}, {"title": " "}, {"band": "fine"}):
            self.post(self.at("add_step"), {**said, **wrong}, expect=422)
        self.post(self.at("remove_step", step.pk), expect=self.at("plays"))
        self.assertFalse(Step.objects.filter(title="Write to them").exists())
        self.client.force_login(self.ana)
        self.assertEqual(self.client.post(self.at("add_step"), said).status_code, 403)


class HowMature(PagesTestCase):
    def test_both_sides_say_it_and_each_reads_the_gap(self) -> None:
        self.page(self.own("rate"), by=self.ana)
        self.post(self.own("rate"), {"level": 4, "words": "Between us."}, expect=self.own())
        self.page(self.at("portal"), by=self.eve)
        self.page(self.at("portal_rate", self.parks.pk))
        self.post(
            self.at("portal_rate", self.parks.pk),
            {"level": 2, "words": "You deliver."},
            expect=self.at("portal"),
        )
        with self.assertQueries(PORTAL):
            page = self.page(self.at("portal"))
        said = self.reads(page)
        self.assertIn("2 · Order taker", said)
        self.assertIn("Our office sees it 2 levels higher.", said)
        self.assertNotIn("Between us.", said)
        self.assertNotIn("67", said)
        said = self.reads(self.page(self.own(), by=self.ana))
        self.assertIn("4 · Trusted advisor", said)
        self.assertIn("You deliver.", said)
        self.assertEqual(list(Maturity.objects.visible_to(self.ben).values_list("level", flat=True)), [2])

    def test_the_history_stays(self) -> None:
        for level in (1, 2, 2):
            self.post(self.own("rate"), {"level": level}, by=self.ana)
        self.assertEqual(Maturity.objects.count(), 3)
        self.assertEqual(sides.sides_of(self.parks).gap, "")
        self.post(self.own("rate"), {"level": 6}, expect=422)

    def test_only_who_speaks_for_a_partner_rates_it(self) -> None:
        self.page(self.at("portal"), by=self.flo, status=403)
        self.page(self.at("portal_rate", self.roads.pk), by=self.ben, status=404)
        self.page(self.at("portal_rate", self.trails.pk), by=self.ben, status=404)

    def test_partners_read_nothing_of_the_score(self) -> None:
        for url in (self.own(), self.at("list"), self.at("weights"), self.at("plays")):
            self.page(url, by=self.eve, status=403)

    def test_in_spanish(self) -> None:
        self.eve.language = "es"
        self.eve.save()
        said = self.reads(self.page(self.at("portal"), by=self.eve))
        self.assertIn("¿Qué tan madura es nuestra relación?", said)
        self.assertIn("Pedidos", self.reads(self.page(self.at("portal_rate", self.parks.pk))))
