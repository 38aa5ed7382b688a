"""Surveys and waves are found by their words, by those who may read them."""

from __future__ import annotations

from typing import Any

from comity.people.models import User
from comity.surveys.models import Wave
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

QUERIES = 3  # who is it, what may they, and what is there


class FindSurveysAndWaves(CastTestCase):
    def setUp(self) -> None:
        self.closed = world.wave(state=Wave.State.CLOSED, key="pulse-q3", name="Pulse 2026 Q3")
        self.draft = world.wave(state=Wave.State.DRAFT, key="pulse-q4", name="Pulse 2026 Q4")

    def found(self, user: User, text: str) -> dict[str, list[Any]]:
        self.client.force_login(user)
        answer = self.client.get("/find/", {"q": text}, headers={"Accept": "application/json"})
        return {group["label"]: group["items"] for group in answer.json()["groups"]}

    def test_the_office_finds_waves_by_name_and_by_key_also_those_being_prepared(self) -> None:
        for text in ("pulse", "pulse-q"):
            first, second = self.found(self.ana, text)["Waves"]
            self.assertEqual([first["label"], second["label"]], ["Pulse 2026 Q3", "Pulse 2026 Q4"])
            self.assertEqual((first["hint"], first["url"]), ("How we did", self.closed.get_absolute_url()))

    def test_a_survey_is_found_by_its_name(self) -> None:
        found = self.found(self.ana, "how we did")["Surveys"]
        self.assertIn(self.draft.version.survey.get_absolute_url(), [hit["url"] for hit in found])

    def test_partners_users_find_neither(self) -> None:
        for user in (self.ben, self.cy):
            self.assertEqual(self.found(user, "pulse"), {})
            self.assertEqual(self.found(user, "how we did"), {})

    def test_a_new_name_is_found_at_once(self) -> None:
        Wave.objects.filter(pk=self.draft.pk).update(name="Winter")
        self.assertEqual([hit["label"] for hit in self.found(self.ana, "winter")["Waves"]], ["Winter"])

    def test_it_costs_no_further_query(self) -> None:
        self.found(self.ana, "pulse")
        with self.assertQueries(QUERIES):
            self.client.get("/find/", {"q": "pulse"}, headers={"Accept": "application/json"})
