"""The page of one piece of work, and that of all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comity.jobs import registry, schedule
from comity.jobs.models import Due, Work
from comity.testing.cast import CastTestCase

QUERIES = 9


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


class Everything(CastTestCase):
    url = "/work/"

    def work(self, **facts: Any) -> Work:
        begun = timezone.now() - timedelta(minutes=5)
        given = {
            "task": "test.work",
            "label": "Counting",
            "owner": f"people.User:{self.ana.pk}",
            "started_at": begun,
        }
        return Work.objects.create(**{**given, **facts})

    def test_it_says_what_runs_what_failed_and_how_long_each_took(self) -> None:
        self.work(state=Work.State.RUNNING)
        self.work(
            label="Bringing in", state=Work.State.FAILED, finished_at=timezone.now(), owner="command line"
        )
        read = self.reads(self.page(self.url, by=self.ada))
        self.assertIn("One job is running", read)
        self.assertIn("See the one that failed", read)
        self.assertIn("Counting Running Ana Ruiz", read)
        self.assertIn("command line", read)
        self.assertIn("5 minutes", read)

    def test_the_failed_are_one_click_away(self) -> None:
        self.work()
        self.work(label="Bringing in", state=Work.State.FAILED)
        read = self.reads(self.page(self.url, data={"state": "failed"}, by=self.ada))
        self.assertIn("Bringing in", read)
        self.assertNotIn("Counting", read)

    def test_what_comes_round_says_when_and_how_it_went(self) -> None:
        schedule.bring_up_to_date()
        now = timezone.now()
        Due.objects.filter(name="audit.seal").update(
            last_started_at=now - timedelta(seconds=3), last_finished_at=now, last_error="error 1a2b3c4d"
        )
        read = self.reads(self.page(self.url, by=self.ada))
        self.assertIn("Seal the trail every minute", read)
        self.assertIn("error 1a2b3c4d 3 seconds", read)
        self.assertIn("Destroy records past their retention every day at 2:30 a.m.", read)

    def test_all_that_comes_round_is_called_by_words(self) -> None:
        self.assertEqual([one.key for one in registry.recurring() if not one.label], [])

    def test_what_no_room_does_any_more_is_said_to_be_so(self) -> None:
        Due.objects.create(name="gone.work", next_at=timezone.now())
        self.assertIn("gone.work no longer run", self.reads(self.page(self.url, by=self.ada)))

    def test_it_asks_as_much_for_many_as_for_one(self) -> None:
        schedule.bring_up_to_date()
        for number in range(30):
            self.work(label=f"Work {number}", owner=f"people.User:{(self.ana, self.sol)[number % 2].pk}")
        self.page(self.url, by=self.ada)
        with self.assertQueries(QUERIES):
            self.page(self.url)

    def test_it_is_for_those_who_look_after_the_machinery(self) -> None:
        self.page(self.url, by=self.cora, status=403)
        self.page(self.url, by=self.ben, status=403)
        self.assertContains(self.page("/manage/", by=self.ada), f'href="{self.url}"')
