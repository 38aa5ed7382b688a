"""What is for the office alone stands beside what was said, and no partner ever reads it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.followups.models import FollowUp
from comity.meetings.models import Meeting
from comity.meetings.services import Promised
from comity.meetings.tests.test_visits import VisitTestCase


class NotesOfTheOffice(VisitTestCase):
    def with_notes(self, **changed: Any) -> Meeting:
        told = {
            "office_only": False,
            "said": "The map comes in May.",
            "mood": "strained",
            "kind": "quarterly",
        }
        return self.met(**{**told, "notes": "The director wants to leave.", **changed})

    def test_the_office_reads_both_and_the_partner_what_was_said(self) -> None:
        meeting = self.with_notes(promises=[Promised("A map")])
        page = self.reads(self.page(meeting.get_absolute_url(), by=self.olu))
        for words in ("The map comes in May.", "The director wants to leave.", "The mood seemed strained."):
            self.assertIn(words, page)
        url = reverse("meetings:portal_detail", args=[meeting.pk])
        for reader in (self.ben, self.eve):
            portal = self.reads(self.page(url, by=reader))
            self.assertIn("The map comes in May.", portal)
            self.assertIn("A map", portal)
            self.assertIn("Quarterly review", portal)
            for words in ("leave", "trained", "mood"):
                self.assertNotIn(words, portal)

    def test_what_only_the_office_sees_is_hidden_as_a_whole(self) -> None:
        meeting, url = self.with_notes(office_only=True), reverse("meetings:portal_list")
        self.page(reverse("meetings:portal_detail", args=[meeting.pk]), by=self.ben, status=404)
        self.assertNotContains(self.page(url, by=self.ben), "Quarterly review")
        self.page(url, by=self.olu, status=403)

    def test_their_list_as_csv_has_nothing_of_ours(self) -> None:
        self.with_notes()
        self.client.force_login(self.ben)
        text = self.client.get(reverse("meetings:portal_list"), {"format": "csv"}).getvalue().decode()
        self.assertIn("The map comes in May.", text)
        self.assertNotIn("leave", text)
        self.assertNotIn("strained", text)

    def test_the_office_finds_a_meeting_by_its_notes(self) -> None:
        meeting = self.with_notes()
        self.assertEqual(list(Meeting.objects.visible_to(self.olu).search("director")), [meeting])

    def test_their_page_asks_the_same_however_much_was_promised(self) -> None:
        meeting = self.with_notes(promises=[Promised(f"Map {number}") for number in range(9)])
        url = reverse("meetings:portal_detail", args=[meeting.pk])
        self.page(url, by=self.ben)
        with self.assertQueries(8):
            self.client.get(url)


class Kinds(VisitTestCase):
    def test_other_rooms_begin_a_meeting_of_their_kind(self) -> None:
        url = f"{reverse('meetings:log')}?partner={self.parks.pk}&kind=briefing"
        form = self.page(url, by=self.ana).context["form"]
        self.assertEqual(form["kind"].value(), "briefing")
        odd = self.page(url.replace("briefing", "feast"), by=self.ana).context["form"]
        self.assertEqual(odd["kind"].value(), "visit")

    def test_one_without_a_title_is_called_by_its_kind(self) -> None:
        self.assertEqual(str(self.met(kind="journey", how="video")), "Joint journey review")
        self.assertEqual(str(self.met(how="video")), "By video")
        self.assertEqual(str(self.met(kind="journey", title="Licences")), "Licences")

    def test_the_list_narrows_to_a_kind(self) -> None:
        briefing = self.met(kind="briefing")
        self.met()
        answer = self.page(reverse("meetings:list"), by=self.ana, data={"kind": "briefing"})
        self.assertEqual(list(answer.context["table"].page), [briefing])


class Several(VisitTestCase):
    def test_with_several_there_each_promise_says_to_whom(self) -> None:
        meeting = self.met(partners=[self.parks, self.roads])
        url = reverse("meetings:edit", args=[meeting.pk])
        self.assertContains(self.page(url, by=self.ana), "With whom")
        lines = {"promise-TOTAL_FORMS": "2", "promise-INITIAL_FORMS": "0"}
        for number, (title, partner) in enumerate((("A map", self.parks), ("Salt", self.roads))):
            lines |= {f"promise-{number}-title": title, f"promise-{number}-to": str(partner.pk)}
        said = {"how": "in_person", "held_on": meeting.held_on.isoformat(), "ours": [self.ana.pk]}
        self.post(url, {**said, **lines, **self.seen(url), "office_only": "on"}, by=self.ana)
        kept = FollowUp.objects.filter(kind="promise").values_list("title", "partner")
        self.assertEqual({*kept}, {("A map", self.parks.pk), ("Salt", self.roads.pk)})
