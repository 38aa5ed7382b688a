"""Who may do what, as it is written for people; and the page that leads to what few may do."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import TestCase as PlainTestCase

from comity.nouns import Area, Place, all_of
from comity.people.roles import OFFICE_ROLES, PARTNER_ROLES, Role
from comity.site.capabilities import MANAGE
from comity.site.roles import CAPABILITIES
from comity.testing.cast import CastTestCase

DOCUMENT = Path(__file__).parents[3] / "docs" / "roles.md"


def written() -> dict[str, set[str]]:
    """The roles' capabilities by the tables of the document, each under its heading's label."""
    held: dict[str, set[str]] = {}
    roles: list[str] = []
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells[:2] == ["May", "Capability"]:
            roles = cells[2:]
            held |= {role: set() for role in roles}
        elif len(cells) > 2 and (named := re.fullmatch(r"`([a-z._]+)`", cells[1])):
            for role, mark in zip(roles, cells[2:], strict=True):
                if mark:
                    held[role].add(named[1])
    return held


class Document(PlainTestCase):
    def test_it_says_what_each_role_holds(self) -> None:
        decided = {
            str(role.label): {str(capability) for capability in CAPABILITIES[role.value]}
            for role in (*OFFICE_ROLES, *PARTNER_ROLES)
        }
        self.assertEqual(written(), decided, f"mend {DOCUMENT.name}")

    def test_every_line_says_it_in_words(self) -> None:
        lines = [line for line in DOCUMENT.read_text().splitlines() if re.search(r"\| `[a-z._]+` \|", line)]
        words = [line.split("|")[1].strip() for line in lines]
        self.assertGreater(len(words), 20)
        self.assertEqual([line for line, said in zip(lines, words, strict=True) if len(said) < 10], [])
        self.assertEqual(len(words), len(set(words)), "two capabilities are said in the same words")


class Managing(CastTestCase):
    """The page *Manage* leads to what is done rarely, and is for those it leads anywhere."""

    def test_those_may_open_it_who_may_go_somewhere_from_it(self) -> None:
        kept = {place.to for place in all_of(Place) if place.area is Area.MANAGE} - {MANAGE}
        for role in Role:
            with self.subTest(role):
                held = CAPABILITIES[role.value]
                self.assertEqual(MANAGE in held, bool(held & kept))

    def test_it_says_what_is_found_where(self) -> None:
        for user, places in ((self.ada, 7), (self.cora, 2), (self.ana, 1), (self.sol, 1), (self.finn, 1)):
            with self.subTest(user):
                shown = self.page("/manage/", by=user).context["leads_to"]
                self.assertEqual([place.label for place, _url in shown if not place.words], [])
                self.assertEqual(len(shown), places)

    def test_whom_it_leads_nowhere_sees_no_link_and_is_refused(self) -> None:
        for user in (self.ira, self.olu, self.ben):
            with self.subTest(user):
                self.client.force_login(user)
                self.assertNotContains(self.client.get("/", follow=True), 'href="/manage/"')
                self.assertEqual(self.client.get("/manage/").status_code, 403)
