"""Rotations: recorded, written down week by week, and what is learned on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comity.followups.models import FollowUp
from comity.patterns.models import Pattern, Rotation, Week
from comity.patterns.services.comparing import look_at_new, most_alike
from comity.patterns.services.rotations import ROTATIONS, WEEKS, destroy_past
from comity.patterns.tests.world import AlikeTestCase

LIST, PAGE = 5, 6  # queries


class Rotations(AlikeTestCase):
    """For forty days Sol has been shadow CIO at Parks."""

    rotation: Rotation

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        facts = {
            "who": cls.sol,
            "partner": cls.parks,
            "role": "Shadow CIO",
            "purpose": "To see it from there.",
        }
        begins_on = cls.today - timedelta(days=40)
        cls.rotation = ROTATIONS.enter({**facts, "begins_on": begins_on}, by=cls.cora)

    def lesson(self, **more: Any) -> FollowUp:
        said = {"title": "Nobody knows who orders phones", "becomes": "follow_up", **more}
        self.post(
            self.at("lesson", self.rotation), said, by=self.ana, expect=self.rotation.get_absolute_url()
        )
        return FollowUp.objects.get(kind="rotation_lesson")

    def test_one_is_recorded_changed_and_listed(self) -> None:
        self.page(self.at("add_rotation"), by=self.cora)
        said = {"who": "Olu Staff", "partner": "ROADS", "role": "Liaison", "purpose": "To help."}
        first = self.today.isoformat()
        wrong = {"begins_on": first, "ends_on": (self.today - timedelta(days=1)).isoformat()}
        self.post_refused(self.at("add_rotation"), {**said, **wrong}, "It cannot end before it begins.")
        self.post(self.at("add_rotation"), {**said, "begins_on": first})
        made = Rotation.objects.get(who=self.olu)
        url = self.at("edit_rotation", made)
        said = {**said, "begins_on": first, "place": "Third floor", **self.seen(url)}
        self.post(url, said, expect=made.get_absolute_url())
        self.assertIn("Third floor", self.reads(self.page(made.get_absolute_url())))
        with self.assertQueries(LIST):
            page = self.page(self.at("rotations"))
        self.assertEqual([row.who for row in page.context["table"].page], [self.olu, self.sol])

    def test_a_week_is_written_once_by_any_of_its_days(self) -> None:
        url, day = self.at("add_week", self.rotation), self.today - timedelta(days=7)
        self.page(url, by=self.ana)
        said = {"begins_on": day.isoformat(), "words": "Sat at the counter."}
        self.post(url, said, expect=self.rotation.get_absolute_url())
        week = Week.objects.get()
        self.assertEqual(week.begins_on, day - timedelta(days=day.weekday()))
        self.post_refused(url, said, "This week has an entry.")
        for wrong in (self.today + timedelta(days=1), self.today - timedelta(days=60)):
            self.post_refused(url, {**said, "begins_on": wrong.isoformat()}, "Choose a day of the rotation")
        edit = self.at("edit_week", week)
        changed = {**said, "words": "Sat at both counters.", **self.seen(edit)}
        self.post(edit, changed, expect=self.rotation.get_absolute_url())
        said_there = self.reads(self.page(self.rotation.get_absolute_url()))
        self.assertIn("Sat at both counters.", said_there)
        with self.assertQueries(PAGE):
            self.client.get(self.rotation.get_absolute_url())

    def test_a_lesson_is_a_follow_up_that_takes_part_like_any_other(self) -> None:
        made = self.lesson()
        self.assertEqual((made.partner, made.owner, made.office_only), (self.parks, self.sol, True))
        look_at_new()
        found = [each.follow_up for each in most_alike(made, self.ana) or []]
        self.assertIn(self.their_phones, found)
        self.assertContains(self.page(made.get_absolute_url()), self.rotation.get_absolute_url())

    def test_it_becomes_a_new_pattern_or_part_of_one(self) -> None:
        url = self.at("lesson", self.rotation)
        said = {"title": "No phones", "becomes": "new"}
        self.post_refused(url, said, "Give the new pattern a name.", by=self.ana)
        self.post_refused(url, {**said, "becomes": "known"}, "Choose the pattern.")
        self.assertFalse(FollowUp.objects.filter(kind="rotation_lesson").exists())
        made = self.lesson(becomes="new", name="Phones")
        pattern = Pattern.objects.get()
        self.assertEqual([item.follow_up for item in pattern.items.all()], [made])
        self.post(url, {"title": "Phones, again", "becomes": "known", "pattern": "Phones"})
        self.assertEqual(pattern.items.count(), 2)
        self.assertIn("Phones", self.reads(self.page(self.rotation.get_absolute_url())))

    def test_those_who_only_read_write_nothing(self) -> None:
        self.page(self.rotation.get_absolute_url(), by=self.olu)
        for name in ("add_week", "lesson", "edit_rotation"):
            self.page(self.at(name, self.rotation), status=403)

    def test_it_is_destroyed_with_its_weeks_once_no_lesson_points_at_it(self) -> None:
        WEEKS.enter({"rotation": self.rotation, "begins_on": self.today, "words": "Done."}, by=self.sol)
        ended = {"ends_on": self.today}
        later = timezone.now() + timedelta(days=2)
        self.assertEqual(destroy_past(later), 0)
        ROTATIONS.mend(self.rotation, ended, by=self.cora)
        lesson = self.lesson()
        self.assertEqual(destroy_past(later), 0)
        FollowUp.objects.filter(pk=lesson.pk).delete()
        self.assertEqual(destroy_past(later), 1)
        self.assertFalse(Week.objects.exists())
