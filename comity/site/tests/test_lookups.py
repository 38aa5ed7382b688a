"""Numbers that no column could hold, asked for in a list."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.testing.cast import CastTestCase

FORTY_DIGITS = 10**39


class NumbersBeyondAnyColumn(CastTestCase):
    """Parks has a key as others have."""

    def test_are_equal_to_no_key_of_a_list_and_hide_none_beside_them(self) -> None:
        for keys, found in (
            ([FORTY_DIGITS], []),
            ([-FORTY_DIGITS, self.parks.pk, FORTY_DIGITS], [self.parks]),
        ):
            with self.subTest(keys):
                self.assertEqual(list(Partner.objects.filter(pk__in=keys)), found)

    def test_leave_all_others_where_they_are_excluded(self) -> None:
        self.assertIn(self.parks, Partner.objects.exclude(pk__in=[FORTY_DIGITS]))
