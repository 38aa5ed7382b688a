"""The kept figures are what counting every follow-up gives, whatever wrote the follow-ups."""

from __future__ import annotations

import random
from datetime import date, timedelta
from unittest import skipUnless

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from comity.followups.counting import keeping
from comity.followups.models import FollowUp, Helped, RingCount, State
from comity.followups.models.ring_count import EVERY_KIND, EVERY_PARTNER, FIGURES, NO_PARTNER
from comity.followups.services import figures
from comity.followups.tests.world import RingTestCase
from comity.jobs.registry import recurring

DAY = date(2026, 1, 15)


def kept() -> dict[tuple[date, str, int], list[int]]:
    """The sums of the kept rows, without those that are nothing."""
    rows = RingCount.objects.all().summed("month", "kind", "partner")
    sums = {
        (row["month"], row["kind"], row["partner"]): [row[f"sum_{name}"] for name in FIGURES] for row in rows
    }
    return {key: counts for key, counts in sums.items() if any(counts)}


def recounted() -> dict[tuple[date, str, int], list[int]]:
    """The same, by asking the follow-ups the conditions behind the links of the figures."""
    found: dict[tuple[date, str, int], list[int]] = {}
    counts = {name: Count("pk", filter=figures.CONDITIONS[name]) for name in FIGURES}
    rows = (
        FollowUp.objects.order_by().annotate(month=TruncMonth("heard_on")).values("month", "kind", "partner")
    )
    for month, kind, key, *numbers in rows.annotate(**counts).values_list(
        "month", "kind", "partner", *FIGURES
    ):
        partner = key or NO_PARTNER
        for place in ((kind, EVERY_PARTNER), (EVERY_KIND, partner), (kind, partner)):
            sums = found.setdefault((month, *place), [0] * len(FIGURES))
            for at, number in enumerate(numbers):
                sums[at] += number
    return found


class KeptFigures(RingTestCase):
    def check(self) -> None:
        self.assertEqual(kept(), recounted())

    def row(self, chance: random.Random) -> FollowUp:
        heard = DAY + timedelta(days=chance.randrange(90))
        state = chance.choice(list(State))
        closed = state in (State.DONE, State.TOLD)
        owned = closed or state == State.OWNED or (state == State.WITHDRAWN and chance.random() < 0.5)
        day = heard + timedelta(days=chance.randrange(5))
        told = {"told_at": timezone.now(), "told_how": "phone", "told_to": "Ben", "told_words": "Done."}
        withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_reason": "Said twice."}
        return FollowUp(
            kind=chance.choice(["concern", "compliment", "portal"]),
            partner=chance.choice([None, self.parks, self.roads, self.trails]),
            title="Said",
            state=state,
            heard_at=timezone.now(),
            heard_on=heard,
            own_by=heard + timedelta(days=1),
            due_on=heard + timedelta(days=2),
            owner=self.ana if owned else None,
            owned_on=day if owned else None,
            promised_on=heard + timedelta(days=2) if owned else None,
            done_at=timezone.now() if closed else None,
            done_on=day if closed else None,
            done_words="Done." if closed else "",
            helped=chance.choice(["", *Helped]) if state == State.TOLD else "",
            **(told if state == State.TOLD else {}),
            **(withdrawn if state == State.WITHDRAWN else {}),
        )

    def test_are_right_after_any_writing(self) -> None:
        chance = random.Random(7)
        FollowUp.objects.bulk_create(self.row(chance) for _each in range(300))
        self.check()
        keys = list(FollowUp.objects.values_list("pk", flat=True))
        for _each in range(40):
            some = FollowUp.objects.filter(pk__in=chance.sample(keys, 12))
            like = self.row(chance)
            wanted = chance.choice(["move", "like", "save", "delete", "add up"])
            if wanted == "move":
                some.update(partner=like.partner, heard_on=like.heard_on)
            elif wanted == "like":
                some.update(
                    **{
                        f.attname: getattr(like, f.attname)
                        for f in like._meta.concrete_fields
                        if f.name not in ("id", "updated_at")
                    }
                )
            elif wanted == "save":
                for one in some:
                    one.kind, one.own_by = like.kind, like.own_by
                    one.save()
            elif wanted == "delete":
                FollowUp.objects.filter(pk__in=some.values_list("pk", flat=True)[:1]).delete()
            else:
                keeping.add_up()
            with self.subTest(wanted):
                self.check()

    def test_adding_up_leaves_a_row_for_each_place_that_counts(self) -> None:
        chance = random.Random(8)
        FollowUp.objects.bulk_create(self.row(chance) for _each in range(200))
        gone = FollowUp.objects.filter(kind="portal")
        self.assertTrue(gone.exists())
        gone.delete()
        keeping.add_up()
        self.check()
        self.assertEqual(RingCount.objects.count(), len(recounted()))
        before = set(RingCount.objects.values_list("pk", flat=True))
        keeping.add_up()
        self.assertEqual(set(RingCount.objects.values_list("pk", flat=True)), before)

    def test_what_changes_no_figure_writes_nothing(self) -> None:
        follow_up = self.owned()
        before = RingCount.objects.count()
        FollowUp.objects.filter(pk=follow_up.pk).update(title="Other words", state=State.OWNED)
        self.assertEqual(RingCount.objects.count(), before)

    def test_are_the_offices_own(self) -> None:
        self.heard()
        self.assertTrue(RingCount.objects.visible_to(self.ana).exists())
        self.assertFalse(RingCount.objects.visible_to(self.ben).exists())

    def test_are_added_up_by_a_job(self) -> None:
        job = next(each for each in recurring() if each.key == "followups.add_up")
        self.told()
        job.function()
        self.check()

    def test_come_back_after_a_flush_in_any_order(self) -> None:
        self.heard()
        RingCount.objects.all().delete()
        FollowUp.objects.all().delete()
        self.assertTrue(RingCount.objects.exists())
        self.assertTrue(keeping.mend("default"))
        self.assertEqual(kept(), {})
        self.assertFalse(keeping.mend("default"))

    @skipUnless(connection.vendor == "sqlite", "PostgreSQL keeps triggers when it changes a table")
    def test_come_back_after_a_table_was_built_anew(self) -> None:
        self.heard()
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER followups_ringcount_insert")
        self.owned()
        self.assertNotEqual(kept(), recounted())
        self.assertTrue(keeping.mend("default"))
        self.check()
        self.done()
        self.check()
