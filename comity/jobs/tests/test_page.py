"""The page of one piece of work."""

from __future__ import annotations

from comity.jobs.models import Work
from comity.testing.cast import CastTestCase


class Progress(CastTestCase):
    def setUp(self) -> None:
        self.work = Work.objects.create(
            task="test.work",
            label="Bringing in 3,400 partners",
            owner=f"people.User:{self.ana.pk}",
            url="/partners/",
            state=Work.State.RUNNING,
            done=400,
            total=3_400,
        )

    def test_it_shows_how_far_the_work_is_and_asks_again_by_itself(self) -> None:
        answer = self.page(self.work.get_absolute_url(), by=self.ana)
        self.assertIn("400 of 3,400", self.reads(answer))
        self.assertContains(answer, 'hx-trigger="load delay:1s"')

    def test_once_done_it_leads_to_the_result_and_asks_no_more(self) -> None:
        Work.objects.update(state=Work.State.DONE, message="All brought in.")
        answer = self.page(self.work.get_absolute_url(), by=self.ana)
        self.assertContains(answer, 'href="/partners/"')
        self.assertNotContains(answer, "hx-trigger")
        self.assertIn("All brought in.", self.reads(answer))

    def test_a_script_gets_it_as_json(self) -> None:
        self.client.force_login(self.ana)
        told = self.client.get(self.work.get_absolute_url(), {"format": "json"}).json()
        self.assertEqual((told["state"], told["done"], told["total"]), ("running", 400, 3_400))

    def test_only_who_began_it_and_administrators_see_it(self) -> None:
        self.page(self.work.get_absolute_url(), by=self.ada)
        for other in (self.ira, self.ben):
            self.client.force_login(other)
            self.assertEqual(self.client.get(self.work.get_absolute_url()).status_code, 404)
