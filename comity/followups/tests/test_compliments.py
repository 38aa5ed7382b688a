"""What people say at any time is of one of five kinds; a compliment reaches those whom it praises, and whoever leads them."""

from __future__ import annotations

from django.urls import reverse

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.followups import notices, services
from comity.followups.models import FollowUp
from comity.followups.services import praising
from comity.followups.tests.world import RingTestCase
from comity.notifications.models import Notice

NEW, PORTAL = reverse("followups:new"), reverse("followups:portal_new")


class Compliments(RingTestCase):
    """Ana answers to Cora and looks after Parks."""

    def praised(self) -> set[str]:
        return {str(notice.user) for notice in Notice.objects.filter(kind=notices.PRAISED)}

    def compliment(self) -> FollowUp:
        return services.raise_follow_up(kind="compliment", partner=self.parks, title="Thanks", by=self.olu)

    def test_from_the_portal_it_reaches_whom_it_praises_and_their_lead(self) -> None:
        page = self.page(PORTAL, by=self.ben)
        self.assertEqual([str(row) for row in page.context["form"].fields["praises"].queryset], ["Ana Ruiz"])
        said = {"partner": self.parks.pk, "title": "Quick help", "severity": "low", "kind": "compliment"}
        self.post(PORTAL, {**said, "praises": [self.ana.pk]}, by=self.ben)
        made = FollowUp.objects.get()
        self.assertEqual((made.kind, list(made.praises.all())), ("compliment", [self.ana]))
        self.assertEqual(self.praised(), {"Ana Ruiz", "Cora Customer"})
        theirs = self.page(reverse("followups:portal_detail", args=[made.pk]), by=self.ben)
        self.assertContains(theirs, "Whom you praised")
        self.assertContains(self.page(made.get_absolute_url(), by=self.cora), "It praises")

    def test_nobody_but_those_they_know_can_be_chosen_in_the_portal(self) -> None:
        said = {"partner": self.parks.pk, "title": "Quick help", "severity": "low", "kind": "compliment"}
        self.post(PORTAL, {**said, "praises": [self.finn.pk]}, by=self.ben, expect=422)
        self.assertFalse(FollowUp.objects.exists())

    def test_what_is_no_compliment_praises_nobody(self) -> None:
        said = {"partner": self.parks.pk, "title": "Slow", "severity": "low", "kind": "complaint"}
        refusal = "Choose “Compliment”"
        self.post_refused(PORTAL, {**said, "praises": [self.ana.pk]}, refusal, by=self.ben)
        with self.assertRaises(DomainError):
            services.raise_follow_up(
                kind="idea", partner=self.parks, title="More", by=self.olu, praises=[self.ana]
            )
        self.assertFalse(FollowUp.objects.exists())

    def test_a_colleague_writes_down_whom_it_praises(self) -> None:
        self.page(NEW, by=self.olu)
        said = {"title": "Quick help", "kind": "compliment", "severity": "low", "heard_on": self.today}
        self.post(NEW, {**said, "praises": "Sol Service"}, by=self.olu)
        self.assertEqual(list(FollowUp.objects.get().praises.all()), [self.sol])
        self.assertEqual(self.praised(), {"Sol Service"})  # nobody leads Sol

    def test_whom_it_praises_is_named_afterwards_and_stands_in_the_trail(self) -> None:
        made = self.compliment()
        url = reverse("followups:praise", args=[made.pk])
        self.page(url, by=self.cora)
        self.post(url, {"whom": "Ana Ruiz"}, by=self.cora)
        self.assertEqual(Entry.objects.about(made).latest("pk").action, praising.PRAISE)
        self.post_refused(url, {"whom": "Ana Ruiz"}, "praised in it already", by=self.cora)
        self.assertEqual(self.praised(), {"Ana Ruiz", "Cora Customer"})

    def test_only_a_compliment_has_that_page(self) -> None:
        self.client.force_login(self.cora)
        concern = self.heard()
        self.assertEqual(self.client.get(reverse("followups:praise", args=[concern.pk])).status_code, 404)

    def test_every_kind_can_be_told_in_the_portal(self) -> None:
        said = {"partner": self.parks.pk, "title": "Something", "severity": "low"}
        for kind in ("concern", "complaint", "idea", "question", "compliment"):
            self.post(PORTAL, {**said, "kind": kind}, by=self.ben)
        self.assertEqual(FollowUp.objects.values("kind").distinct().count(), 5)
        self.post(PORTAL, {**said, "kind": "low_rating"}, by=self.ben, expect=422)
