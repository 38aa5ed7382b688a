"""“Of a partner” means the same on every list that has one, however the partner is named."""

from __future__ import annotations

import csv
import io

from django.urls import reverse

from comity.audit import services as audit
from comity.followups import services as ring
from comity.meetings.services import log_visit, plan_visit
from comity.partners.models import Position
from comity.partners.services import update_partner
from comity.testing.cast import CastTestCase

LISTS = {
    "followups:list": {"view": "all"},
    "meetings:list": {},
    "meetings:planned_visits": {},
    "partners:vacant_posts": {},
    "audit:trail": {"what": "looked at"},
}


class OfAPartner(CastTestCase):
    """Parks, which went by Greens, and Roads have one of everything; Trails, a part of Parks, has nothing."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        update_partner(cls.parks.pk, {"aliases": ["Bureau of Greens"]}, by=cls.cora)
        for partner in (cls.parks, cls.roads):
            title = f"Of {partner.name}"
            ring.raise_follow_up(kind="concern", partner=partner, title=title, by=cls.ana)
            log_visit(partners=[partner], by=cls.ana, held_on=cls.today, title=title)
            plan_visit(partners=[partner], by=cls.ana, planned_on=cls.today, title=title, why="To talk.")
            Position.objects.create(partner=partner, title=title, function="it_lead")
            audit.record(by=cls.ada, action="site.looked_at", target=partner, partner_id=partner.pk)

    def found(self, name: str, partner: str) -> list[str]:
        """Of which of the two the rows are that a list has of a partner."""
        self.client.force_login(self.ada)
        answer = self.client.get(reverse(name), {**LISTS[name], "partner": partner, "format": "csv"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        rows = [" ".join(row) for row in csv.reader(io.StringIO(text))][1:]
        return ["parks" if "Parks" in row else "roads" for row in rows]

    def test_it_is_named_by_its_key_its_code_its_name_another_name_or_some_words(self) -> None:
        for name in LISTS:
            for partner, found in (
                (str(self.parks.pk), ["parks"]),
                ("PARKS", ["parks"]),
                ("department of  parks", ["parks"]),
                ("Bureau of Greens", ["parks"]),
                ("gree", ["parks"]),
                ("Department of Parks (PARKS)", ["parks"]),
                ("TRAILS", []),
                ("999999", []),
                ("nobody of this name", []),
            ):
                with self.subTest(name, partner=partner):
                    self.assertEqual(self.found(name, partner), found)

    def test_words_that_many_have_mean_all_of_them(self) -> None:
        for name in LISTS:
            with self.subTest(name):
                self.assertEqual(sorted(self.found(name, "department")), ["parks", "roads"])

    def test_whoever_gives_the_key_reads_the_name(self) -> None:
        for name in LISTS:
            with self.subTest(name):
                answer = self.page(f"{reverse(name)}?partner={self.parks.pk}", by=self.ada)
                self.assertContains(answer, "<b>Department of Parks (PARKS)</b>")


class Picking(CastTestCase):
    """What is answered to whoever types."""

    def offered(self, key: str, text: str, by: str = "cora") -> list[str]:
        self.client.force_login(getattr(self, by))
        answer = self.client.get(reverse("ui:pick", args=[key]), {"q": text})
        return [item["label"] for item in answer.json()["items"]]

    def test_one_named_outright_comes_first(self) -> None:
        self.assertEqual(
            self.offered("partner", "depa"), ["Department of Parks (PARKS)", "Department of Roads (ROADS)"]
        )
        self.assertEqual(self.offered("partner", "roads")[0], "Department of Roads (ROADS)")
        self.assertEqual(self.offered("colleague", "ruiz"), ["Ana Ruiz"])
        self.assertEqual(self.offered("tier", "tier"), ["Tier 1"])

    def test_somebody_who_left_is_looked_for_and_given_nothing(self) -> None:
        self.ana.is_active = False
        self.ana.save()
        self.assertEqual(self.offered("anyone-of-us", "ruiz"), ["Ana Ruiz"])
        self.assertEqual(self.offered("colleague", "ruiz"), [])

    def test_of_one_that_is_no_more_something_is_looked_for_and_nothing_heard(self) -> None:
        type(self.roads).objects.filter(pk=self.roads.pk).update(status="former")
        self.assertEqual(self.offered("partner", "roads"), ["Department of Roads (ROADS)"])
        self.assertEqual(self.offered("partner-today", "roads"), [])

    def test_a_partners_user_is_offered_nothing_and_an_unknown_noun_is_not_there(self) -> None:
        for key in ("partner", "partner-today", "person", "colleague", "anyone-of-us", "tier"):
            with self.subTest(key):
                self.assertEqual(self.offered(key, "a", by="ben"), [])
        self.client.force_login(self.cora)
        self.assertEqual(self.client.get(reverse("ui:pick", args=["moon"])).status_code, 404)
