"""Logging a visit: what it leaves behind, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings import services
from comity.meetings.models import Meeting
from comity.meetings.services import Promised
from comity.meetings.services.visits import too_long_ago
from comity.office import services as office
from comity.partners.models import Partner, Person, Position
from comity.testing.cast import CastTestCase


class VisitTestCase(CastTestCase):
    def met(self, **changed: Any) -> Meeting:
        told: dict[str, Any] = {
            "partners": [self.parks],
            "by": self.ana,
            "held_on": office.today(),
            "theirs": [self.ben_person],
            "said": "Filing season opens in January.",
        }
        return services.log_visit(**{**told, **changed})

    def last_met(self, partner: Partner) -> Any:
        return Partner.objects.get(pk=partner.pk).last_met_on


class Logging(VisitTestCase):
    def test_each_promise_is_a_follow_up_at_once_owned_and_due(self) -> None:
        day = office.today() + timedelta(days=20)
        meeting = self.met(
            promises=[Promised("A second line", due_on=day), Promised("A map", owner=self.sol)]
        )
        second, a_map = FollowUp.objects.filter(kind="promise", source_id=str(meeting.pk)).order_by("pk")
        self.assertEqual((second.owner, second.due_on, second.state), (self.ana, day, "owned"))
        self.assertEqual(a_map.owner, self.sol)
        self.assertEqual(second.raised_by_person, self.ben_person)
        self.assertFalse(second.office_only)

    def test_who_writes_it_down_was_there_unless_told_otherwise(self) -> None:
        self.assertEqual(list(self.met().ours.all()), [self.ana])
        self.assertEqual(list(self.met(ours=[self.sol]).ours.all()), [self.sol])

    def test_the_day_last_met_follows_only_what_was_face_to_face(self) -> None:
        today = office.today()
        self.met(held_on=today - timedelta(days=5))
        self.met(held_on=today, how="phone")
        self.assertEqual(self.last_met(self.parks), today - timedelta(days=5))

    def test_it_follows_a_mended_day_and_a_withdrawal(self) -> None:
        today = office.today()
        older, meeting = self.met(held_on=today - timedelta(days=30)), self.met()
        moved = {"held_on": today - timedelta(days=3), "partners": [self.roads]}
        services.edit_visit(meeting.pk, moved, by=self.ana)
        self.assertEqual(self.last_met(self.parks), older.held_on)
        self.assertEqual(self.last_met(self.roads), today - timedelta(days=3))
        services.withdraw_visit(meeting.pk, reason="It was the wrong house.", by=self.ana)
        self.assertIsNone(self.last_met(self.roads))

    def test_with_several_there_one_has_to_say_to_whom(self) -> None:
        with self.assertRaisesMessage(DomainError, "was promised to"):
            self.met(partners=[self.parks, self.roads], promises=[Promised("A map")])
        self.assertFalse(Meeting.objects.exists())

    def test_what_cannot_be_is_refused_with_a_sentence(self) -> None:
        refused: list[tuple[dict[str, Any], str]] = [
            ({"partners": []}, "who the meeting was with"),
            ({"held_on": office.today() + timedelta(days=1)}, "today or an earlier day"),
            ({"ours": [self.ben]}, "Only our office’s people"),
        ]
        for change, sentence in refused:
            with self.subTest(sentence), self.assertRaisesMessage(DomainError, sentence):
                self.met(**change)

    def test_it_stands_in_the_trail(self) -> None:
        entry = Entry.objects.about(self.met()).get()
        self.assertEqual((entry.action, entry.partner_id), ("meetings.log", self.parks.pk))


class Seeing(VisitTestCase):
    def test_partners_read_only_what_is_shared_and_stands(self) -> None:
        shared, hidden = self.met(office_only=False), self.met()
        self.assertEqual(list(Meeting.objects.visible_to(self.ben)), [shared])
        self.assertEqual(list(Meeting.objects.visible_to(self.cy)), [])
        self.assertEqual(Meeting.objects.visible_to(self.olu).count(), 2)
        services.withdraw_visit(shared.pk, reason="Twice.", by=self.ana)
        self.assertEqual(list(Meeting.objects.visible_to(self.ben)), [])
        self.assertTrue(hidden.office_only)

    def test_who_was_not_seen_for_too_long_by_their_tier(self) -> None:
        today = office.today()
        self.met(partners=[self.roads], held_on=today - timedelta(days=61), theirs=[])
        self.met(held_on=today - timedelta(days=60))
        overdue = Partner.objects.filter(too_long_ago(today))
        self.assertEqual(list(overdue), [self.roads, self.trails])


class Pages(VisitTestCase):
    def test_their_head_is_offered_first_then_their_it_lead(self) -> None:
        clerk = Person.objects.create(name="Abe Clerk")
        Position.objects.create(partner=self.parks, person=clerk, title="Clerk")
        form = self.page(f"{reverse('meetings:log')}?partner={self.parks.pk}", by=self.ana).context["form"]
        names = [label.partition(",")[0] for _key, label in form.fields["theirs"].choices]
        self.assertEqual(names, ["Eve Head", "Ben Okafor", "Abe Clerk"])

    def said(self, **changed: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "how": "in_person",
            "held_on": office.today().isoformat(),
            "theirs": [self.ben_person.pk],
            "ours": [self.ana.pk],
            "said": "Busy in January.",
            "promise-TOTAL_FORMS": "2",
            "promise-INITIAL_FORMS": "0",
            "promise-0-title": "A second line",
            "promise-0-due_on": "",
            "promise-1-title": "",
            "promise-1-due_on": "",
        }
        return {**told, **changed}

    def test_first_whom_then_the_rest_on_one_page(self) -> None:
        url = reverse("meetings:log")
        self.assertContains(self.page(url, by=self.ana), f"?partner={self.parks.pk}")
        answer = self.client.get(url, {"partner": "Department of Parks"})
        self.assertRedirects(answer, f"{url}?partner={self.parks.pk}")
        page = self.page(f"{url}?partner={self.parks.pk}", by=self.ana)
        self.assertContains(page, "Ben Okafor, PARKS IT lead")

    def test_a_visit_is_kept_with_its_promise(self) -> None:
        url = f"{reverse('meetings:log')}?partner={self.parks.pk}"
        self.post(url, self.said(), by=self.ana)
        meeting = Meeting.objects.get()
        self.assertEqual(list(meeting.theirs.all()), [self.ben_person])
        self.assertFalse(meeting.office_only)
        self.assertEqual(FollowUp.objects.get().title, "A second line")
        self.assertContains(self.page(meeting.get_absolute_url(), by=self.olu), "A second line")

    def test_what_they_promised_is_ours_to_see_to_and_beside_what_we_did(self) -> None:
        url = f"{reverse('meetings:log')}?partner={self.parks.pk}"
        said = {"promise-1-title": "The list of sites", "promise-1-by_them": "on"}
        self.post(url, self.said(**said), by=self.ana)
        kept = FollowUp.objects.order_by("pk").values_list("kind", "office_only", "owner")
        self.assertEqual([*kept], [("promise", False, self.ana.pk), ("their_promise", True, self.ana.pk)])
        meeting = Meeting.objects.get()
        words = self.reads(self.page(meeting.get_absolute_url(), by=self.olu))
        self.assertIn("They promised it to us · Ana Ruiz", words)
        portal = self.reads(self.page(reverse("meetings:portal_detail", args=[meeting.pk]), by=self.ben))
        self.assertIn("A second line", portal)
        self.assertNotIn("The list of sites", portal)

    def test_one_more_line_for_a_promise_keeps_what_was_typed(self) -> None:
        url = f"{reverse('meetings:log')}?partner={self.parks.pk}"
        answer = self.post(url, self.said(more="1"), by=self.ana, expect=200)
        self.assertContains(answer, 'name="promise-2-title"')
        self.assertContains(answer, "Busy in January.")
        self.assertFalse(Meeting.objects.exists())

    def test_a_day_without_a_promise_is_an_error_beside_it(self) -> None:
        url = f"{reverse('meetings:log')}?partner={self.parks.pk}"
        said = self.said(**{"promise-1-due_on": "2030-01-01"})
        self.post_refused(url, said, "Say what was promised by then", by=self.ana)
        self.assertFalse(Meeting.objects.exists())

    def test_because_of_what_they_met_can_be_said_afterwards_and_taken_back(self) -> None:
        one, other = (
            raise_follow_up(kind="concern", partner=self.parks, title=title, by=self.ana)
            for title in ("The map is late", "The line is down")
        )
        elsewhere = raise_follow_up(kind="concern", partner=self.roads, title="Bridge out", by=self.ana)
        meeting = self.met()
        url = reverse("meetings:edit", args=[meeting.pk])
        page = self.reads(self.page(url, by=self.ana))
        self.assertIn("Follow-ups it was about", page)
        self.assertNotIn("Bridge out", page)
        said = {**self.said(), "promise-0-title": ""}
        self.post(url, {**said, **self.seen(url), "about": [one.pk, other.pk]})
        self.assertEqual({*meeting.about.all()}, {one, other})
        self.assertContains(self.page(one.get_absolute_url()), "Visited")
        self.assertEqual(self.page(url).context["form"].initial["about"], [one.pk, other.pk])
        self.post(url, {**said, **self.seen(url), "about": [other.pk]})
        self.assertEqual({*meeting.about.all()}, {other})
        self.post(url, {**said, **self.seen(url), "about": [elsewhere.pk]}, expect=422)
        self.assertEqual({*meeting.about.all()}, {other})

    def test_two_who_mend_it_at_once_lose_nothing(self) -> None:
        meeting = self.met()
        url = reverse("meetings:edit", args=[meeting.pk])
        self.page(url, by=self.ana)
        said = self.said(**{"promise-0-title": ""}, **self.seen(url))
        self.post(url, {**said, "said": "Theirs"}, by=self.sol)
        answer = self.post(url, {**said, "said": "Yours"}, by=self.ana, expect=409)
        for words in ("Yours", "Theirs", "Filing season opens in January."):
            self.assertContains(answer, words, status_code=409)
        self.post(url, self.chosen(answer), by=self.ana)
        meeting.refresh_from_db()
        self.assertEqual(meeting.said, "Yours")

    def test_a_withdrawn_one_leaves_the_list_but_not_its_page(self) -> None:
        meeting = self.met(title="Salt and sand")
        url = reverse("meetings:withdraw", args=[meeting.pk])
        self.page(url, by=self.ana)
        self.post(url, {"reason": "Twice."}, by=self.ana, expect=reverse("meetings:list"))
        self.assertNotContains(self.page(reverse("meetings:list"), by=self.ana), "Salt and sand")
        self.assertContains(self.page(meeting.get_absolute_url(), by=self.ana), "Twice.")

    def test_the_list_asks_six_queries_however_many_there_are(self) -> None:
        for _each in range(60):
            self.met(title="Review")
        self.client.force_login(self.ana)
        self.client.get(reverse("meetings:list"))  # signs the session as used
        with self.assertQueries(6):
            self.client.get(reverse("meetings:list"))

    def test_the_list_narrows_and_goes_out_as_csv(self) -> None:
        self.met(title="Review")
        self.met(title="Salt", partners=[self.roads], theirs=[])
        url = reverse("meetings:list")
        answer = self.page(url, by=self.ana, data={"partner": "roads"})
        self.assertEqual([row.title for row in answer.context["table"].page], ["Salt"])
        answer = self.client.get(url, {"format": "csv", "q": "salt"})
        text = answer.getvalue().decode("utf-8-sig")
        self.assertIn("Department of Roads,Salt,in_person,Ana Ruiz", text)

    def test_a_partners_user_has_no_page_here(self) -> None:
        self.page(self.met(office_only=False).get_absolute_url(), by=self.ben, status=403)
