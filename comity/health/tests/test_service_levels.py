"""The part of a score that service levels are: of the last closed month, with its evidence."""

from __future__ import annotations

from comity.health.models import Snapshot
from comity.health.services import snapshots
from comity.health.services.evidence import lines
from comity.levels.tests.world import LevelsTestCase
from comity.ui.components.days import month


class Health(LevelsTestCase):
    def test_health_has_what_the_last_closed_month_came_to_and_leads_there(self) -> None:
        self.some_tickets()
        self.closed()
        snapshots.take(self.parks)
        line = next(
            line for line in lines(Snapshot.objects.get(partner=self.parks)) if line.label == "Service levels"
        )
        self.assertEqual((line.value, line.words), (75, f"3 of 4 in time in {month(self.first)}"))
        self.assertIn("Department of Parks", self.reads(self.page(line.url, by=self.olu)))
        self.assertNotIn("Department of Roads", self.reads(self.page(line.url, by=self.olu)))
