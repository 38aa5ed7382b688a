"""What the ring offers to other rooms, and to scripts."""

from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command
from django.urls import reverse

from comity import search
from comity.files import services as files
from comity.followups import capabilities
from comity.followups.kinds import Kind
from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.partners import obligations
from comity.people import duties


class Registers(RingTestCase):
    def test_what_a_leaver_answers_for_is_handed_over(self) -> None:
        self.owned()
        self.done()
        self.told()
        held = next(each for each in duties.held_by(self.ana) if each.duty.key == "followups.open")
        self.assertEqual(held.count, 2)
        page = self.page(held.url, by=self.cora)
        self.assertEqual(page.context["table"].total, 2)
        self.assertEqual(held.duty.hand_over(self.ana, self.sol, self.ada), 2)
        self.assertEqual(FollowUp.objects.owned_by(self.sol).count(), 2)

    def test_what_is_open_with_a_partner_is_asked_before_it_is_retired(self) -> None:
        self.owned()
        self.told()
        found = next(each for each in obligations.open_with(self.parks) if each.key == "follow-ups")
        self.assertEqual((found.count, found.label), (1, "1 open follow-up"))
        self.assertEqual(self.page(found.url, by=self.cora).context["table"].total, 1)

    def test_it_is_found_by_its_words_by_those_who_may_see_it(self) -> None:
        self.heard(title="Salt runs out")
        self.heard(title="Salt in secret", office_only=True)
        self.assertEqual(len([hit for hit in search.find(self.olu, "salt") if "Salt" in hit.title]), 2)
        self.assertEqual([hit.title for hit in search.find(self.ben, "salt")], ["Salt runs out"])
        self.assertEqual(search.find(self.cy, "salt"), [])
        hit = search.find(self.ben, "salt")[0]
        self.assertEqual(self.client_of(self.ben).get(hit.url, follow=True).status_code, 200)

    def test_files_follow_the_follow_up(self) -> None:
        own, secret = self.heard(raised_by=self.ben), self.heard(office_only=True)
        self.assertTrue(files.may_add(self.ben, "followups.FollowUp", own.pk))
        self.assertTrue(files.may_see(self.eve, "followups.FollowUp", own.pk))
        self.assertFalse(files.may_add(self.eve, "followups.FollowUp", own.pk))
        self.assertFalse(files.may_see(self.ben, "followups.FollowUp", secret.pk))
        self.assertFalse(files.may_see(self.cy, "followups.FollowUp", own.pk))

    def test_a_kind_says_who_sees_its_evidence(self) -> None:
        kind, heard = Kind("x", "X", FollowUp, to=capabilities.MANAGE), self.heard(raised_by=self.ben)
        shown = {user: kind.evidence_for(user, str(heard.pk)) for user in (self.ana, self.olu, self.ben)}
        self.assertEqual(shown, {self.ana: heard.get_absolute_url(), self.olu: None, self.ben: None})
        self.assertIsNone(kind.evidence_for(self.ana, "999999"))


class CommandLine(RingTestCase):
    def said(self, *options: str) -> str:
        out = StringIO()
        call_command("follow_ups", *options, stdout=out)
        return out.getvalue()

    def test_json_is_one_object_with_its_keys(self) -> None:
        late = self.aged(self.owned(), due_on=2)
        unowned = self.heard(partner=None, raised_by=None)
        self.told()
        everything = json.loads(self.said("--json"))
        self.assertEqual(everything["count"], 3)
        self.assertEqual(
            everything["items"][0],
            {
                "id": late.pk,
                "partner": "Department of Parks",
                "kind": "concern",
                "state": "owned",
                "owner": self.ana.email,
                "due_on": late.due_on.isoformat(),
                "late": True,
            },
        )
        for option, wanted in [
            ("--open", {late.pk, unowned.pk}),
            ("--late", {late.pk}),
            ("--unowned", {unowned.pk}),
        ]:
            with self.subTest(option):
                items = json.loads(self.said(option, "--json"))["items"]
                self.assertEqual({item["id"] for item in items}, wanted)

    def test_people_read_lines_and_a_sum(self) -> None:
        self.owned()
        text = self.said("--open")
        self.assertIn("Department of Parks", text)
        self.assertIn("1 in all.", text)
        self.assertIn("0 in all.", self.said("--late"))


class OneAddressForBothSides(RingTestCase):
    def test_a_partners_user_is_led_to_their_own_page(self) -> None:
        follow_up = self.heard()
        answer = self.client_of(self.ben).get(follow_up.get_absolute_url())
        self.assertRedirects(answer, reverse("followups:portal_detail", args=[follow_up.pk]))
        self.assertEqual(self.client_of(self.cy).get(follow_up.get_absolute_url()).status_code, 404)
