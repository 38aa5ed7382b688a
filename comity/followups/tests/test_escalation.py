"""What stands still is brought to those who can move it, once."""

from __future__ import annotations

from comity.followups import services
from comity.followups.models import Escalation
from comity.followups.tests.world import RingTestCase
from comity.notifications.models import Notice


class Escalating(RingTestCase):
    def brought(self, reason: str) -> set[str]:
        return {each.to.name for each in Escalation.objects.filter(reason=reason).select_related("to")}

    def test_nobody_took_it_on_in_time_so_the_cco_hears_of_it_once(self) -> None:
        self.heard()
        waiting = self.aged(self.heard(), own_by=1)
        Notice.objects.all().delete()
        self.assertEqual(services.escalate(), 1)
        self.assertEqual(services.escalate(), 0)
        self.assertEqual(self.brought("unowned"), {"Cora Customer"})
        self.assertEqual(Notice.objects.get().about_id, waiting.pk)

    def test_late_goes_to_the_owner_and_their_supervisor(self) -> None:
        self.aged(self.owned(), due_on=1)
        services.escalate()
        self.assertEqual(self.brought("late"), {"Ana Ruiz", "Cora Customer"})
        self.assertEqual(self.brought("late_cio"), set())

    def test_late_by_more_than_a_week_goes_to_the_cio(self) -> None:
        self.aged(self.owned(), due_on=8)
        services.escalate()
        self.assertEqual(self.brought("late_cio"), {"Ira Chief"})

    def test_another_round_may_be_brought_up_again(self) -> None:
        follow_up = self.aged(self.owned(), due_on=1)
        services.escalate()
        services.finish(follow_up.pk, words="Done.", by=self.ana)
        services.reopen(follow_up.pk, words="Not done.", by=self.cora)
        self.aged(follow_up, due_on=1)
        self.assertEqual(services.escalate(), 1)

    def test_a_partner_never_reads_of_it(self) -> None:
        follow_up = self.aged(self.owned(), due_on=1)
        services.escalate()
        self.assertTrue(follow_up.steps.get(what="escalated").office_only)

    def test_a_pile_is_one_notice(self) -> None:
        for _each in range(5):
            self.aged(self.owned(), due_on=2)
        Notice.objects.all().delete()
        self.assertEqual(services.escalate(), 5)
        notices = Notice.objects.filter(user=self.ana)
        self.assertEqual([notice.text for notice in notices], ["5 follow-ups are late."])
        self.assertEqual(Escalation.objects.filter(to=self.ana).count(), 5)
