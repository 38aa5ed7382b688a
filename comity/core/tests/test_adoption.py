"""Who stood on which step when: a day worked by hand, and the laws over random steps."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.adoption import FOLLOWS, LEFT, NO, USING, standing, users

DAY = date(2026, 1, 1)
step = st.tuples(
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    st.sampled_from([USING, LEFT, "talks"]),
    st.integers(0, 60),
)
told = st.lists(step).map(
    lambda rows: [
        (pair, stage, DAY + timedelta(on)) for pair, stage, on in sorted(rows, key=lambda row: row[2])
    ]
)


class Ladder(TestCase):
    def test_by_hand(self) -> None:
        """Carter takes two services, gives one back, and then the other; Cocke takes one on the day itself."""
        steps = [
            (("Carter", "backup"), USING, date(2026, 1, 10)),
            (("Carter", "lines"), USING, date(2026, 2, 1)),
            (("Carter", "backup"), LEFT, date(2026, 2, 20)),
            (("Cocke", "lines"), USING, date(2026, 2, 28)),
            (("Carter", "lines"), LEFT, date(2026, 3, 5)),
        ]
        ends = [date(2026, 1, 9), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
        found = users(steps, ends)
        self.assertEqual([sorted(there) for there in found], [[], ["Carter"], ["Carter", "Cocke"], ["Cocke"]])
        self.assertEqual(standing(steps, date(2026, 2, 27))["Carter", "backup"], (LEFT, date(2026, 2, 20)))
        self.assertNotIn(("Cocke", "lines"), standing(steps, date(2026, 2, 27)))

    def test_every_stage_leads_on_and_only_who_uses_can_leave(self) -> None:
        self.assertTrue(all(set(then) <= set(FOLLOWS) for then in FOLLOWS.values()))
        self.assertEqual([stage for stage, then in FOLLOWS.items() if LEFT in then], [USING])
        self.assertNotIn(NO, FOLLOWS[USING])

    @given(told, st.integers(0, 70))
    def test_who_uses_something_is_who_stands_there(self, steps: list, after: int) -> None:  # type: ignore[type-arg]
        day = DAY + timedelta(after)
        stands = {who for (who, _what), (stage, _on) in standing(steps, day).items() if stage == USING}
        self.assertEqual(users(steps, [day]), [frozenset(stands)])

    @given(told, st.lists(st.integers(0, 70)))
    def test_a_day_says_the_same_alone_and_among_others(self, steps: list, after: list[int]) -> None:  # type: ignore[type-arg]
        days = [DAY + timedelta(each) for each in sorted(after)]
        self.assertEqual(users(steps, days), [users(steps, [day])[0] for day in days])
