"""The partner's side: raise something, see where it stands, answer whether it helped."""

from __future__ import annotations

from django.urls import reverse

from comity.followups import services
from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.partners.models import Membership
from comity.people.roles import Role


class Portal(RingTestCase):
    def url(self, name: str, follow_up: FollowUp) -> str:
        return reverse(f"followups:portal_{name}", args=[follow_up.pk])

    def test_raising_something_tells_the_lead_contact(self) -> None:
        self.page(reverse("followups:portal_new"), by=self.ben)
        said = {
            "partner": self.parks.pk,
            "title": "Wi-Fi drops at noon",
            "severity": "high",
            "kind": "complaint",
        }
        self.post(reverse("followups:portal_new"), said, by=self.ben)
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.kind, follow_up.raised_by_user), ("complaint", self.ben))
        self.assertContains(self.page(self.url("detail", follow_up), by=self.ben), "Nobody yet")

    def test_ones_own_body_is_not_asked_for_though_there_are_divisions_below(self) -> None:
        page = self.page(reverse("followups:portal_new"), by=self.ben)
        own = f'<input type="hidden" name="partner" value="{self.parks.pk}" id="id_partner">'
        self.assertContains(page, own, html=True)
        self.assertNotContains(page, "Division of Trails")

    def test_of_several_own_bodies_one_is_chosen_among_those_alone(self) -> None:
        Membership.objects.create(
            user=self.ben, partner=self.roads, role=Role.PARTNER_MEMBER, starts_on=self.began_on
        )
        page = self.page(reverse("followups:portal_new"), by=self.ben)
        form = page.context["form"]
        self.assertEqual(
            [label for _key, label in form.fields["partner"].choices],
            ["Department of Parks", "Department of Roads"],
        )
        self.assertNotContains(page, "checked>Department")
        said = {"title": "Wi-Fi drops at noon", "severity": "high", "kind": "complaint"}
        self.post_refused(reverse("followups:portal_new"), said, "Choose one.", by=self.ben)
        self.post(reverse("followups:portal_new"), {**said, "partner": self.roads.pk}, by=self.ben)
        self.assertEqual(FollowUp.objects.get().partner, self.roads)

    def test_nothing_can_be_raised_for_others(self) -> None:
        said = {"partner": self.roads.pk, "title": "Mischief", "severity": "low", "kind": "idea"}
        self.post(reverse("followups:portal_new"), said, by=self.ben, expect=422)
        self.assertFalse(FollowUp.objects.exists())

    def test_the_list_holds_theirs_and_those_below_and_nothing_else(self) -> None:
        self.heard(title="Ours")
        self.heard(title="Of our division", partner=self.trails)
        self.heard(title="Canary of Roads", partner=self.roads, raised_by=None)
        self.heard(title="Canary of the office", office_only=True)
        answer = self.page(reverse("followups:portal_list"), by=self.ben)
        self.assertContains(answer, "Ours")
        self.assertContains(answer, "Of our division")
        self.assertNotContains(answer, "Canary")

    def test_what_only_the_office_sees_stays_there(self) -> None:
        follow_up = self.owned()
        services.comment(follow_up.pk, words="A word among us", by=self.ana)
        services.comment(follow_up.pk, words="A word for both", by=self.ana, office_only=False)
        services.hand_over(follow_up.pk, to=self.sol, by=self.ana, words="They are angry")
        answer = self.page(self.url("detail", follow_up), by=self.ben)
        self.assertContains(answer, "A word for both")
        self.assertNotContains(answer, "A word among us")
        self.assertNotContains(answer, "They are angry")
        secret = self.heard(office_only=True)
        for name in ("detail", "withdraw", "reopen"):
            self.page(self.url(name, secret), by=self.ben, status=404)

    def test_commenting_answering_withdrawing_and_opening_again(self) -> None:
        follow_up = self.told(raised_by=self.ben)
        self.post(self.url("comment", follow_up), {"words": "Thanks, all."}, by=self.ben)
        self.assertFalse(follow_up.comments.get().office_only)
        self.post(self.url("answer", follow_up), {"answer": "no", "words": "Not yet."}, by=self.ben)
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, follow_up.reopened), ("owned", 1))
        said = {"reason": "It works now.", "version": follow_up.version}
        self.page(self.url("withdraw", follow_up), by=self.ben)
        self.post(self.url("withdraw", follow_up), said, by=self.ben)
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.state, "withdrawn")
        self.page(self.url("reopen", follow_up), by=self.ben)
        self.post(self.url("reopen", follow_up), {"words": "It broke."}, by=self.ben)
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.state, "owned")

    def test_only_whoever_raised_it_may_withdraw_or_answer(self) -> None:
        follow_up = self.told(raised_by=self.ben)
        for name in ("withdraw", "reopen"):
            self.page(self.url(name, follow_up), by=self.eve, status=404)
        self.post(self.url("answer", follow_up), {"answer": "yes"}, by=self.eve, expect=404)

    def test_the_list_has_a_recorded_cost(self) -> None:
        for number in range(60):
            self.heard(title=f"Number {number}")
        self.client.force_login(self.ben)
        self.client.get(reverse("followups:portal_list"))  # signs the session as used
        with self.assertQueries(7):
            self.client.get(reverse("followups:portal_list"))
