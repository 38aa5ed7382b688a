"""When a partner's head changes, its lead contact has the steps at once, and once per change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from comity.followups.models import FollowUp
from comity.meetings.services.new_heads import NEW_HEAD, raise_for_new_heads
from comity.partners import services as partners
from comity.partners.models import Partner, Position
from comity.testing.cast import CastTestCase


class NewHeads(CastTestCase):
    def raised(self) -> list[str]:
        raise_for_new_heads()
        rows = FollowUp.objects.filter(kind=NEW_HEAD).order_by("pk")
        return list(rows.values_list("title", flat=True))

    def head(self, **changed: Any) -> Position:
        told = {"partner": self.parks, "person": self.ben_person, "title": "Director", "function": "head"}
        return partners.set_position(by=self.ana, **{**told, "starts_on": self.today, **changed})

    def test_heads_who_were_there_all_along_raise_nothing(self) -> None:
        self.head(starts_on=self.today - timedelta(days=90))
        self.head(starts_on=None)
        self.assertEqual(self.raised(), [])

    def test_a_new_one_is_called_given_access_and_met_within_days(self) -> None:
        self.head()
        expected = [
            "Tell everyone to call Ben Okafor, who leads Department of Parks now",
            "Check who has access for Department of Parks",
            "Meet Ben Okafor and introduce our office",
        ]
        self.assertEqual(self.raised(), expected)
        self.assertEqual(self.raised(), expected)
        for row in FollowUp.objects.filter(kind=NEW_HEAD):
            self.assertEqual((row.owner, row.office_only), (self.ana, True))
            self.assertLessEqual((row.due_on - self.today).days, 10)

    def test_one_who_left_and_is_not_followed_leaves_a_question(self) -> None:
        eve = Position.objects.get(person=self.eve_person)
        partners.end_position(eve.pk, on=self.today, leaves_vacant=True, by=self.ana)
        self.assertEqual(
            self.raised(),
            [
                "Find out who leads Department of Parks after Eve Head",
                "Check who still has access for Department of Parks",
            ],
        )

    def test_one_who_is_followed_at_once_raises_only_the_steps_for_the_new_one(self) -> None:
        eve = Position.objects.get(person=self.eve_person)
        partners.end_position(eve.pk, on=self.today, by=self.ana)
        self.head()
        self.assertEqual(len(self.raised()), 3)

    def test_where_nobody_leads_the_steps_wait_for_an_owner(self) -> None:
        self.head(partner=self.roads, person=self.cy_person)
        self.raised()
        self.assertEqual({row.owner for row in FollowUp.objects.filter(kind=NEW_HEAD)}, {None})

    def test_a_day_to_come_a_former_partner_and_other_posts_raise_nothing(self) -> None:
        self.head(starts_on=self.today + timedelta(days=3))
        self.head(function="deputy")
        self.head(partner=self.roads)
        Partner.objects.filter(pk=self.roads.pk).update(status="former")
        self.assertEqual(self.raised(), [])

    def test_partners_do_not_read_it(self) -> None:
        self.head()
        self.raised()
        self.assertFalse(FollowUp.objects.visible_to(self.ben).filter(kind=NEW_HEAD).exists())
