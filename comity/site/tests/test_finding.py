"""What the palette and the page that finds offer: acts, places, and whatever has the words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.meetings.models import Meeting
from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.ui.components.days import near_day


class Palette(CastTestCase):
    """Ana looks after Parks; Finn is a colleague of hers, Ben works at Parks."""

    def found(self, text: str, *, by: User, at: str = "") -> dict[str, dict[str, tuple[str, str]]]:
        """Each group's lines: label -> (hint, url)."""
        self.client.force_login(by)
        query = {"q": text, "at": at}
        groups: Any = self.client.get("/find/", query, headers={"Accept": "application/json"}).json()[
            "groups"
        ]
        return {
            group["label"]: {line["label"]: (line["hint"], line["url"]) for line in group["items"]}
            for group in groups
        }

    def test_it_begins_with_what_one_may_do(self) -> None:
        self.assertIn("Invite someone", self.found("", by=self.ada)["Do"])
        self.assertNotIn("Invite someone", self.found("", by=self.ana)["Do"])
        self.assertEqual(list(self.found("", by=self.cy)["Do"]), ["Tell us something"])
        do = ["Tell us something", "Say what a cost center bears"]
        self.assertEqual(list(self.found("", by=self.ben)["Do"]), do)

    def test_a_verb_and_a_partner_open_the_act_for_it(self) -> None:
        for text in ("visit parks", "parks visit", "log a visit with Parks", "VISIT par"):
            with self.subTest(text):
                do = self.found(text, by=self.ana)["Do"]
                self.assertEqual(
                    do["Log a visit: Department of Parks"],
                    ("PARKS", f"/meetings/log/?partner={self.parks.pk}"),
                )
        log = self.page(f"/meetings/log/?partner={self.parks.pk}")
        self.assertEqual(log.context["page"].heading, "You met Department of Parks")

    def test_a_verb_says_what_is_to_be_done_and_is_not_a_partner(self) -> None:
        self.assertEqual(list(self.found("plan a visit", by=self.ana)["Do"]), ["Plan a visit"])
        self.assertNotIn("Do", self.found("parks", by=self.ana))

    def test_on_the_pages_of_a_partner_acts_are_about_it(self) -> None:
        parks = self.parks.pk
        for at in (f"/partners/{parks}/", f"/partners/{parks}/people/"):
            with self.subTest(at):
                do = list(self.found("", by=self.ana, at=at)["Do"].items())
                first = (
                    "Write down what you heard: Department of Parks",
                    f"/follow-ups/new/?partner={parks}",
                )
                self.assertEqual((do[0][0], do[0][1][1]), first)
        self.assertIn(
            "Log a visit: Department of Parks",
            self.found("visit", by=self.ana, at=f"/partners/{parks}/")["Do"],
        )

    def test_a_page_out_of_reach_or_none_is_about_nothing(self) -> None:
        mine = self.found("", by=self.ana)
        beyond = f"/partners/{10**30}/"  # no column holds such a number
        for at in ("/partners/999999/", beyond, "/partners/", "/nowhere/7/", "x", "/partners/people/1/"):
            with self.subTest(at):
                self.assertEqual(self.found("", by=self.ana, at=at), mine)

    def test_it_finds_places_and_settings_one_may_open(self) -> None:
        self.assertEqual(
            self.found("retention", by=self.ada)["Go to"], {"Retention": ("Manage", "/office/retention/")}
        )
        self.assertNotIn("Go to", self.found("retention", by=self.ana))
        self.assertIn("Vacant positions", self.found("vacant", by=self.finn)["Go to"])

    def test_places_are_found_with_and_without_accents_in_ones_own_language(self) -> None:
        self.ben.language = "es"
        self.ben.save()
        for text in ("configuración", "configuracion"):
            with self.subTest(text):
                urls = {url for _hint, url in self.found(text, by=self.ben)["Ir a"].values()}
                self.assertIn(reverse("notifications:preferences"), urls)

    def test_it_finds_staff_for_the_office_and_not_for_partners(self) -> None:
        User.objects.filter(pk=self.finn.pk).update(title="Finance analyst")
        self.assertEqual(
            self.found("finn", by=self.ana)["Staff"],
            {self.finn.name: ("Finance analyst", f"/partners/contacts/{self.finn.pk}/")},
        )
        self.assertNotIn("Staff", self.found("finn", by=self.ben))
        self.finn.is_active = False
        self.finn.save()
        self.assertNotIn("Staff", self.found("finn", by=self.ana))

    def test_a_day_reads_as_everywhere(self) -> None:
        meeting = Meeting.objects.create(title="Budget talk", held_on=self.cast.today, written_by=self.ana)
        meeting.partners.add(self.parks)
        hint, _url = self.found("budget", by=self.ana)["Meetings"]["Budget talk"]
        self.assertEqual(hint, f"Department of Parks · {near_day(self.cast.today)}")

    def test_one_query_finds_it_all(self) -> None:
        self.client.force_login(self.ana)
        with self.assertQueries(3):  # the session, who asks with their roles, and all the rest
            self.client.get(
                "/find/", {"q": "visit parks", "at": "/partners/"}, headers={"Accept": "application/json"}
            )

    def test_without_scripts_a_page_says_the_same(self) -> None:
        answer = self.page("/find/?q=visit parks", by=self.ana)
        self.assertContains(answer, "Log a visit: Department of Parks")
        self.assertContains(self.page("/find/"), "What are you looking for?")
