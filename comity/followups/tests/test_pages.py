"""The office's pages: do they work, who may not, what is refused, what is left alone?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.followups import services
from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.office import services as office


class Lists(RingTestCase):
    def test_one_starts_with_what_waits_for_oneself(self) -> None:
        self.owned(title="Mine")
        self.heard(title="Unowned at Parks, which Ana leads")
        self.heard(title="Of Sol", partner=self.roads, raised_by=None, owner=self.sol)
        answer = self.page(reverse("followups:list"), by=self.ana)
        self.assertContains(answer, "2 follow-ups wait for you.")
        self.assertNotContains(answer, "Of Sol")

    def test_each_side_holds_its_rows_and_says_so_when_there_are_none(self) -> None:
        list_url = reverse("followups:list")
        for view in ("mine", "partners", "unowned", "late", "untold", "unanswered", "open", "all"):
            with self.subTest(view=view, empty=True):
                self.page(list_url, by=self.cora, data={"view": view})
        self.heard(title="Unowned one")
        self.aged(self.owned(title="Late one"), due_on=9)
        self.done(title="Untold one")
        self.told(title="Unanswered one")
        for view, title in [
            ("unowned", "Unowned one"),
            ("late", "Late one"),
            ("untold", "Untold one"),
            ("unanswered", "Unanswered one"),
        ]:
            with self.subTest(view=view):
                answer = self.page(list_url, by=self.cora, data={"view": view})
                self.assertContains(answer, title)
                self.assertEqual(answer.context["table"].total, 1)

    def test_pages_lead_back_to_the_list(self) -> None:
        back = f'href="{reverse("followups:list")}'
        board = self.page(reverse("followups:board"), by=self.ana, data={"view": "open"})
        self.assertContains(board, f'{back}"')
        self.assertContains(
            self.page(reverse("followups:new"), by=self.ana), f'class="cancel" {back}">Cancel'
        )

    def test_filters_narrow_by_what_the_address_says(self) -> None:
        at_parks, at_roads = self.owned(), self.heard(partner=self.roads, raised_by=None, title="Salt")
        asked: list[tuple[dict[str, Any], FollowUp]] = [
            ({"partner": self.parks.pk}, at_parks),
            ({"partner": "roads"}, at_roads),
            ({"owner": self.ana.pk}, at_parks),
            ({"owner": "-"}, at_roads),
            ({"q": "salt"}, at_roads),
            ({"state": "heard"}, at_roads),
        ]
        for query, wanted in asked:
            with self.subTest(query):
                data = {"view": "all", **query}
                answer = self.page(reverse("followups:list"), by=self.olu, data=data)
                self.assertEqual([row.pk for row in answer.context["table"].page], [wanted.pk])

    def test_it_asks_six_queries_however_many_rows_there_are(self) -> None:
        for number in range(60):
            self.owned(title=f"Number {number}")
        self.client.force_login(self.cora)
        self.client.get(reverse("followups:list"), {"view": "all"})  # signs the session as used
        with self.assertQueries(6):
            self.client.get(reverse("followups:list"), {"view": "all"})

    def test_the_csv_names_as_well_as_numbers(self) -> None:
        follow_up = self.aged(self.owned(title="=HYPERLINK(1)"), due_on=3)
        answer = self.client_of(self.ana).get(reverse("followups:list"), {"view": "all", "format": "csv"})
        text = answer.getvalue().decode("utf-8-sig")
        head, row = text.splitlines()[:2]
        self.assertTrue(
            head.startswith("title,partner,kind,severity,owner,due_on,id,partner_code,state,late")
        )
        self.assertIn("Department of Parks", row)
        self.assertIn(f",{follow_up.pk},PARKS,owned,yes,{self.ana.email},Ben Okafor", row)
        self.assertFalse(row.startswith("="))

    def test_a_partners_user_has_pages_of_their_own(self) -> None:
        self.page(reverse("followups:list"), by=self.ben, status=403)


class Board(RingTestCase):
    def test_each_card_stands_in_its_column_with_its_next_step(self) -> None:
        self.heard(title="First")
        self.done(title="Third")
        answer = self.page(f"{reverse('followups:board')}?view=open", by=self.ana)
        self.assertContains(answer, "Take it on")
        self.assertContains(answer, "Tell them what came of it")
        piles = {
            pile.state: [card.follow_up.title for card in pile.cards] for pile in answer.context["piles"]
        }
        self.assertEqual(piles, {"heard": ["First"], "owned": [], "done": ["Third"]})

    def test_its_cost_is_the_same_for_many_rows(self) -> None:
        for number in range(30):
            self.owned(title=f"Number {number}")
        self.client.force_login(self.cora)
        self.client.get(reverse("followups:board"), {"view": "open"})  # signs the session as used
        with self.assertQueries(4):
            answer = self.client.get(reverse("followups:board"), {"view": "open"})
        self.assertContains(answer, "See all as a list")


class OneFollowUp(RingTestCase):
    def test_the_page_says_what_it_waits_for(self) -> None:
        for follow_up, next_act in [
            (self.heard(), "Take it on"),
            (self.owned(), "Say what was done"),
            (self.done(), "Tell them what came of it"),
        ]:
            with self.subTest(next_act):
                self.assertContains(self.page(follow_up.get_absolute_url(), by=self.sol), next_act)
        self.assertContains(self.page(self.told().get_absolute_url(), by=self.sol), "No answer yet")

    def test_its_cost_stays_the_same_however_long_its_history_is(self) -> None:
        follow_up = self.owned()
        for number in range(20):
            services.comment(follow_up.pk, words=f"Remark {number}", by=self.sol)
        self.client.force_login(self.ana)
        self.client.get(follow_up.get_absolute_url())  # signs the session as used
        with self.assertQueries(13):
            self.client.get(follow_up.get_absolute_url())

    def test_a_title_of_many_signs_and_directions_does_no_harm(self) -> None:
        title = "🌲 שלום <script>alert(1)</script> " + "long" * 30
        answer = self.page(self.heard(title=title).get_absolute_url(), by=self.ana)
        self.assertContains(answer, "&lt;script&gt;")

    def test_what_does_not_exist_is_not_found(self) -> None:
        self.page(reverse("followups:detail", args=[999_999]), by=self.ana, status=404)


class Acts(RingTestCase):
    def url(self, act: str, follow_up: FollowUp) -> str:
        return reverse(f"followups:{act}", args=[follow_up.pk])

    def test_the_whole_ring_by_its_forms(self) -> None:
        follow_up = self.heard()
        day = office.today() + timedelta(days=4)
        version = follow_up.version
        for act, said in [
            ("own", {"due_on": day.isoformat()}),
            ("finish", {"words": "We send a message."}),
            ("tell", {"how": "mail", "words": "You get a message.", "ask_if_it_helped": "on"}),
        ]:
            self.page(self.url(act, follow_up), by=self.ana)
            page = follow_up.get_absolute_url()
            self.post(self.url(act, follow_up), {"version": version, **said}, by=self.ana, expect=page)
            version += 1
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, follow_up.due_on), ("told", day))

    def test_an_old_link_to_a_step_that_is_over_leads_back_with_a_sentence(self) -> None:
        heard, owned, told = self.heard(), self.owned(), self.told()
        withdrawn = services.withdraw(self.heard().pk, reason="Said twice.", by=self.ana)
        for act, follow_up, said in (
            ("own", owned, "Ana Ruiz already owns this. Ask them to hand it over."),
            ("own", told, "This is closed, so nobody needs to own it."),
            ("hand_over", told, "This is closed. Reopen it first."),
            ("move_due", told, "This is already done, so its due date cannot change."),
            ("finish", withdrawn, "This is already done."),
            ("tell", told, "They have already been told."),
            ("tell", heard, "First say what was done. Then tell them."),
            ("reopen", owned, "This is already open."),
            ("withdraw", withdrawn, "This is already closed."),
        ):
            with self.subTest(act, state=follow_up.state):
                answer = self.client_of(self.ana).get(self.url(act, follow_up), follow=True)
                self.assertRedirects(answer, follow_up.get_absolute_url())
                self.assertContains(answer, said)

    def test_nothing_typed_is_an_error_beside_its_field(self) -> None:
        for act in ("hand_over", "move_due", "finish", "withdraw"):
            with self.subTest(act):
                url = self.url(act, self.owned())
                self.post_refused(url, {"due_on": ""}, "usa-error-message", by=self.ana)

    def test_the_second_of_two_editors_sees_yours_theirs_and_the_original(self) -> None:
        follow_up = self.owned()
        said = {
            **self.seen(self.url("edit", follow_up), by=self.ana),
            "said": "",
            "partner": self.parks.name,
            "severity": "normal",
        }
        self.post(self.url("edit", follow_up), {**said, "title": "Theirs"}, by=self.sol)
        answer = self.post(self.url("edit", follow_up), {**said, "title": "Yours"}, by=self.ana, expect=409)
        for word in ("Yours", "Theirs", "Nobody tells us when the network is down"):
            self.assertContains(answer, word, status_code=409)
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.title, "Theirs")
        self.post(self.url("edit", follow_up), self.chosen(answer), by=self.ana)
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.title, "Yours")

    def test_telling_without_an_address_does_not_offer_a_mail(self) -> None:
        answer = self.page(self.url("tell", self.done(raised_by=None, anonymous=True)), by=self.ana)
        self.assertNotContains(answer, "By email from Comity")

    def test_a_step_can_be_taken_back_from_its_message(self) -> None:
        follow_up = self.heard()
        self.post(self.url("own", follow_up), {"due_on": follow_up.due_on}, by=self.ana)
        self.assertContains(self.page(follow_up.get_absolute_url(), by=self.ana), self.url("undo", follow_up))
        self.post(self.url("undo", follow_up), by=self.ana, expect=follow_up.get_absolute_url())
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.state, "heard")

    def test_a_comment_stays_in_the_office_unless_said_otherwise(self) -> None:
        follow_up = self.owned()
        self.post(
            self.url("comment", follow_up), {"words": "@Sol Service?", "office_only": "on"}, by=self.ana
        )
        self.post(self.url("comment", follow_up), {"words": "For you too."}, by=self.ana)
        self.assertEqual([each.office_only for each in follow_up.comments.all()], [True, False])


class Many(RingTestCase):
    def test_first_looked_over_then_given_to_someone(self) -> None:
        ids = [self.owned().pk, self.heard().pk]
        told = self.told().pk
        url = f"{reverse('followups:hand_over_many')}?view=all"
        chosen = {"ids": [*ids, told], "query": "view=all"}
        answer = self.post(url, chosen, by=self.cora, expect=200)
        self.assertContains(answer, "2 are chosen.")
        self.post(url, {**chosen, "step": "act", "to": "Sol Service"}, by=self.cora)
        self.assertEqual(set(FollowUp.objects.filter(owner=self.sol).values_list("pk", flat=True)), set(ids))

    def test_all_that_the_filters_leave(self) -> None:
        self.owned()
        self.heard(partner=self.roads, raised_by=None)
        day = (office.today() + timedelta(days=40)).isoformat()
        url = f"{reverse('followups:move_due_many')}?view=all"
        query = f"view=all&partner={self.parks.pk}"
        said = {"all": "1", "query": query, "step": "act", "due_on": day, "words": "The storm."}
        self.post(url, said, by=self.cora)
        self.assertEqual(FollowUp.objects.filter(due_on=day).get().partner, self.parks)

    def test_staff_may_not_steer_many(self) -> None:
        self.assertEqual(self.client_of(self.olu).post(reverse("followups:hand_over_many")).status_code, 403)


class WritingDown(RingTestCase):
    url = "/follow-ups/new/"

    def test_one_line_is_enough(self) -> None:
        page = self.page(self.url, by=self.olu)
        self.assertContains(page, "What did you hear?")
        said = {"title": "Salt is late", "kind": "concern", "severity": "normal", "heard_on": office.today()}
        self.post(self.url, said, by=self.olu)
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.partner, follow_up.written_by), (None, self.olu))

    def test_with_partner_and_person_by_their_names_alone(self) -> None:
        said = {
            "partner": "department of parks",
            "raised_by": "Ben Okafor",
            "title": "Salt is late",
            "kind": "compliment",
            "severity": "low",
            "heard_on": office.today() - timedelta(days=3),
            "mine": "on",
        }
        self.post(self.url, said, by=self.ana)
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.partner, follow_up.owner), (self.parks, self.ana))
        self.assertEqual(follow_up.raised_by_person, self.ben_person)
        self.assertEqual(follow_up.heard_on, office.today() - timedelta(days=3))

    def test_the_type_ahead_answers_a_few(self) -> None:
        for name, text, label in [
            ("find_partners", "parks", "Department of Parks (PARKS)"),
            ("find_persons", "ben", f"Ben Okafor ({self.ben.email})"),
            ("find_owners", "sol", "Sol Service"),
        ]:
            with self.subTest(name):
                found = self.client_of(self.olu).get(reverse(f"followups:{name}"), {"q": text}).json()
                self.assertEqual([item["label"] for item in found["items"]], [label])
