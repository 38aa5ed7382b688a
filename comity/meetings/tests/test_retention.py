"""Meetings go by the office's rule, unless a promise or a partner's last visit still hangs on them."""

from __future__ import annotations

from datetime import date, timedelta

from comity.audit.retention import apply_rules
from comity.followups.models import FollowUp
from comity.meetings.models import Meeting
from comity.meetings.services import Promised, log_visit
from comity.office import services as office
from comity.office.services import retaining
from comity.testing.cast import CastTestCase


class Destroyed(CastTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        retaining.set_rule(by=cls.ada, kind="meetings", keep_days=365)

    def day(self, days: int) -> date:
        return office.today() - timedelta(days=days)

    def left(self) -> set[int]:
        apply_rules(office.today())
        return set(Meeting.objects.values_list("pk", flat=True))

    def test_old_meetings_go_and_the_last_visit_to_a_partner_stays(self) -> None:
        log_visit(partners=[self.parks], by=self.ana, held_on=self.day(800))
        call = log_visit(partners=[self.parks], by=self.ana, held_on=self.day(400), how="phone")
        last = log_visit(partners=[self.parks], by=self.ana, held_on=self.day(500))
        young = log_visit(partners=[self.roads], by=self.ana, held_on=self.day(300), how="phone")
        self.assertEqual(self.left(), {last.pk, young.pk})
        self.assertNotIn(call.pk, self.left())
        self.parks.refresh_from_db()
        self.assertEqual(self.parks.last_met_on, self.day(500))

    def test_a_meeting_stays_while_a_promise_made_in_it_is_kept(self) -> None:
        made = log_visit(
            partners=[self.parks],
            by=self.ana,
            held_on=self.day(700),
            how="phone",
            promises=[Promised("Salt")],
        )
        self.assertEqual(self.left(), {made.pk})
        FollowUp.objects.all().delete()
        self.assertEqual(self.left(), set())

    def test_nothing_goes_under_a_hold(self) -> None:
        old = log_visit(partners=[self.parks], by=self.ana, held_on=self.day(700), how="phone")
        retaining.place_hold(by=self.ada, kind="meetings", reason="A case")
        self.assertEqual(self.left(), {old.pk})
