"""Taking on, done and told, in place: the form comes to the step or the row, what is wrong stands there, and so does what came."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.followups import services
from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.office.services import today
from comity.people.models import User
from comity.testing.pages import HTMX


class Unfolding(RingTestCase):
    def url(self, act: str, follow_up: FollowUp) -> str:
        return reverse(f"followups:{act}", args=[follow_up.pk])

    def sent(self, url: str, said: dict[str, Any], by: User | None = None) -> Any:
        return self.client_of(by or self.ana).post(url, said, headers=HTMX)

    def test_the_step_and_the_row_hold_what_unfolds_it(self) -> None:
        follow_up = self.aged(self.owned(), due_on=1)
        for page in (follow_up.get_absolute_url(), "/"):
            answer = self.page(page, by=self.ana, data={}).content.decode()
            url = self.url("finish", follow_up)
            self.assertIn(f'href="{url}"', answer, "with scripts off it is a link")
            self.assertIn(f'hx-get="{url}', answer)
            self.assertIn("data-fold", answer)

    def test_each_form_comes_alone_and_is_kept_as_a_draft(self) -> None:
        for act, follow_up in (("own", self.heard()), ("finish", self.owned()), ("tell", self.done())):
            for query, changes in (("", "#main"), ("?row", ".row")):
                with self.subTest(act, query=query):
                    part = self.fragment(self.url(act, follow_up) + query, by=self.ana)
                    self.assertNotContains(part, "<html")
                    self.assertContains(part, f'hx-select="{changes}"')
                    self.assertContains(part, f'data-draft="{act}-{follow_up.pk}"')
                    self.assertContains(part, f'action="{self.url(act, follow_up)}{query}"')
                    self.assertNotContains(part, 'id="id_words"', msg_prefix="the comment has that")

    def test_what_is_wrong_stands_in_place(self) -> None:
        answer = self.sent(self.url("finish", self.owned()), {"words": ""})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual((answer["HX-Retarget"], answer["HX-Reselect"]), ("closest [data-fold]", ".act"))
        self.assertContains(answer, "data-errors", status_code=422)
        self.assertNotContains(answer, "<html", status_code=422)

    def test_on_the_page_it_leads_to_the_page_which_shows_the_new_state(self) -> None:
        follow_up = self.owned()
        answer = self.sent(self.url("finish", follow_up), {"words": "A new switch."})
        self.assertRedirects(answer, follow_up.get_absolute_url(), fetch_redirect_response=False)

    def test_in_a_list_the_row_shows_the_new_state_and_says_what_happened(self) -> None:
        follow_up = self.heard()
        for act, said, title, then in (
            ("own", {"due_on": today().isoformat()}, "Owned by Ana Ruiz", "Say what was done"),
            ("finish", {"words": "A new switch."}, "nobody told yet", "Tell them what came of it"),
            (
                "tell",
                {"how": "mail", "words": "Mended."},
                "The email leaves in 30 seconds.",
                "Told what came of it",
            ),
        ):
            with self.subTest(act):
                answer = self.sent(f"{self.url(act, follow_up)}?row", said)
                self.assertEqual(answer.status_code, 200)
                for words in ('class="row"', 'class="message"', self.url("undo", follow_up), title, then):
                    self.assertContains(answer, words)
                self.assertNotContains(answer, "<html")
                self.assertIn("HX-Request", answer["Vary"])

    def test_what_somebody_else_did_meanwhile_is_shown_on_the_whole_page(self) -> None:
        follow_up = self.heard()
        said = {"version": follow_up.version, "words": "A new switch."}
        services.own(follow_up.pk, by=self.sol)
        answer = self.sent(f"{self.url('finish', follow_up)}?row", said)
        self.assertEqual(
            (answer.status_code, answer["HX-Retarget"], answer["HX-Reselect"]), (409, "#main", "#main")
        )
        self.assertContains(answer, "A new switch.", status_code=409)

    def test_a_step_that_is_over_makes_the_page_anew(self) -> None:
        answer = self.client_of(self.ana).get(self.url("own", self.owned()), headers=HTMX)
        self.assertEqual(answer["HX-Refresh"], "true")

    def test_who_may_not_work_on_it_finds_no_button(self) -> None:
        follow_up = self.owned(raised_by=self.ben)
        page = self.page(reverse("followups:portal_detail", args=[follow_up.pk]), by=self.ben)
        self.assertNotContains(page, "hx-get")
