"""Who is offered, and called, after an @ in a comment."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.followups import services
from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.people.models import User
from comity.people.roles import Role


class Offered(RingTestCase):
    def offered(self, follow_up: FollowUp, text: str, **asked: Any) -> list[dict[str, str]]:
        self.client.force_login(self.ana)
        url = reverse("followups:mentionable", args=[follow_up.pk])
        items: list[dict[str, str]] = self.client.get(url, {"q": text, **asked}).json()["items"]
        return items

    def names(self, *asked: Any, **more: Any) -> list[str]:
        return [item["label"] for item in self.offered(*asked, **more)]

    def test_those_whose_names_begin_so_come_first(self) -> None:
        User.objects.create_user("zed@oit.example.gov", "pass-word-1", name="Rosana Zed")
        self.assertEqual(self.names(self.heard(), "ana"), ["Ana Ruiz", "Rosana Zed"])

    def test_nobody_is_offered_who_may_not_read_it(self) -> None:
        shared, kept = self.heard(), self.heard(office_only=True)
        cases: list[tuple[FollowUp, str, dict[str, str], list[str]]] = [
            (shared, "ben", {}, ["Ben Okafor"]),
            (shared, "ben", {"office_only": "1"}, []),
            (kept, "ben", {}, []),
            (shared, "cy", {}, []),
            (self.heard(partner=self.trails, raised_by=None), "ben", {}, ["Ben Okafor"]),
        ]
        for follow_up, text, asked, wanted in cases:
            with self.subTest(text=text, asked=asked):
                self.assertEqual(self.names(follow_up, text, **asked), wanted)
        self.ben.is_active = False
        self.ben.save()
        self.assertEqual(self.names(shared, "ben"), [])

    def test_whoever_sees_it_from_far_above_is_offered_and_nobody_from_below(self) -> None:
        deep = self.trails
        for depth in range(4):
            deep = self.cast.partner(f"Unit {depth}", f"UNIT{depth}", parent=deep)
        low = self.cast.partner("Lowest", "LOWEST", parent=deep)
        user, _person = self.cast.partner_user("Benita Low", low, Role.PARTNER_MEMBER)
        follow_up = self.heard(partner=deep, raised_by=None)
        self.assertTrue(FollowUp.objects.visible_to(self.ben).filter(pk=follow_up.pk).exists())
        self.assertFalse(FollowUp.objects.visible_to(user).filter(pk=follow_up.pk).exists())
        self.assertEqual(self.names(follow_up, "ben"), ["Ben Okafor"])

    def test_what_is_offered_calls_that_person_alone(self) -> None:
        twin = User.objects.create_user("twin@oit.example.gov", "pass-word-1", name="Ana Ruiz")
        odd = User.objects.create_user(
            "odd@oit.example.gov", "pass-word-1", name="Anaïs (Né) von und zu Berg"
        )
        follow_up = self.heard()
        found = {item["hint"]: item["value"] for item in self.offered(follow_up, "ana")}
        self.assertEqual(set(found.values()), {self.ana.email, twin.email, odd.email})
        for user in (self.ana, twin, odd):
            written = services.comment(follow_up.pk, words=f"Look, @{found[user.email]}!", by=self.olu)
            self.assertEqual(list(written.mentions.all()), [user])

    def test_offering_asks_the_database_little(self) -> None:
        follow_up = self.heard()
        self.client.force_login(self.ana)
        url = reverse("followups:mentionable", args=[follow_up.pk])
        self.client.get(url)
        with self.assertNumQueries(5):
            self.client.get(url, {"q": "a"})
