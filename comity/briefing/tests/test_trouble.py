"""Which relationships are in trouble, and why."""

from __future__ import annotations

from datetime import timedelta

from comity.briefing.trouble import in_trouble
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.partners.models import Partner
from comity.testing.cast import CastTestCase


class Trouble(CastTestCase):
    """Parks has a contact; Roads has none, and was never seen."""

    def setUp(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(last_met_on=self.today)
        Partner.objects.filter(pk__in=[self.roads.pk, self.trails.pk]).update(last_met_on=self.today)

    def names(self) -> list[str]:
        return [found.partner.code for found in in_trouble(self.ira, self.today)]

    def late(self, partner: Partner, days: int) -> FollowUp:
        row = ring.raise_follow_up(kind="concern", partner=partner, title="It rains in", by=self.ana)
        FollowUp.objects.filter(pk=row.pk).update(due_on=self.today - timedelta(days=days))
        return row

    def test_a_missing_contact_alone_is_no_trouble(self) -> None:
        self.assertEqual(self.names(), [])

    def test_a_promise_due_today_is_not_late(self) -> None:
        self.late(self.parks, days=0)
        self.assertEqual(self.names(), [])

    def test_a_late_promise_is_trouble_and_says_by_how_many_days(self) -> None:
        self.late(self.parks, days=9)
        self.late(self.parks, days=2)
        found = in_trouble(self.ira, self.today)
        self.assertEqual([row.partner for row in found], [self.parks])
        self.assertEqual(found[0].reasons[0].text, "two promises late, the oldest by nine days")

    def test_what_did_not_help_is_trouble_while_it_is_open_again(self) -> None:
        row = ring.raise_follow_up(
            kind="concern", partner=self.parks, title="It rains in", by=self.ana, raised_by=self.ben_person
        )
        ring.own(row.pk, by=self.ana)
        ring.finish(row.pk, words="Mended the roof.", by=self.ana)
        ring.tell(row.pk, how="phone", words="We mended it.", by=self.ana)
        self.assertEqual(self.names(), [])
        ring.reopen(row.pk, words="It still rains in.", by=self.ana)
        self.assertEqual(self.names(), ["PARKS"])

    def test_unseen_and_without_a_contact_together_are_trouble(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(last_met_on=self.today - timedelta(days=61))
        self.assertEqual(self.names(), ["ROADS"])

    def test_more_things_wrong_come_first_then_the_longer_wait(self) -> None:
        self.late(self.parks, days=30)
        self.late(self.roads, days=1)
        self.late(self.trails, days=3)
        self.assertEqual(self.names(), ["TRAILS", "ROADS", "PARKS"])

    def test_partners_no_longer_served_are_left_out(self) -> None:
        self.late(self.parks, days=9)
        Partner.objects.filter(pk=self.parks.pk).update(status=Partner.Status.FORMER)
        self.assertEqual(self.names(), [])

    def test_it_costs_three_queries_however_many_there_are(self) -> None:
        self.late(self.parks, days=9)
        self.late(self.roads, days=9)
        with self.assertNumQueries(3):
            in_trouble(self.ira, self.today)
