"""Questions put together once: they answer as the same question asked anew, for each value, and no day gets stuck in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from comity.notifications.models import Notice
from comity.office.services import today
from comity.partners.models import Assignment, Partner
from comity.prepared import prepared
from comity.testing.cast import CastTestCase


class Prepared(CastTestCase):
    """Ana leads Parks."""

    def test_it_answers_for_each_value_as_if_asked_anew_and_asks_the_function_once(self) -> None:
        asked = []

        @prepared
        def led(role: str, *, user: Any, day: Any) -> QuerySet[Partner]:
            asked.append(role)
            rows = Assignment.objects.on(day).filter(user=user, role=role)
            return (
                Partner.objects.visible_to(user).filter(pk__in=rows.values("partner")).select_related("tier")
            )

        lead = Assignment.Role.LEAD
        for _time in range(2):
            self.assertEqual(led(lead, user=self.ana, day=self.today), [self.parks])
            self.assertEqual(led(lead, user=self.cora, day=self.today), [])
            self.assertEqual(led(lead, user=self.ana, day=self.today - timedelta(days=4_000)), [])
        self.assertEqual(led(Assignment.Role.BACKUP, user=self.ana, day=self.today), [])
        self.assertEqual(asked, [lead, Assignment.Role.BACKUP])
        with self.assertNumQueries(1):
            led(lead, user=self.ana, day=self.today)

    def test_a_day_can_be_shifted_and_several_keys_be_given_fewer_than_there_is_room_for(self) -> None:
        @prepared
        def early(size: int, *, keys: Any, day: Any) -> QuerySet[Assignment]:
            rows = Assignment.objects.filter(pk__in=[keys.at(place) for place in range(size)])
            return rows.filter(starts_on__lte=day - timedelta(days=2)).order_by("pk")

        (assignment,) = Assignment.objects.filter(partner=self.parks)
        day = assignment.starts_on
        for later, found in ((1, []), (2, [assignment])):
            self.assertEqual(early(4, keys=[assignment.pk], day=day + timedelta(days=later)), found)

    def test_what_the_office_sees_is_refused_to_a_partners_user(self) -> None:
        @prepared
        def all_of_it(*, user: Any) -> QuerySet[Notice]:
            return Notice.objects.filter(user=user)

        with self.assertRaisesMessage(ValueError, "not for a partner's user"):
            all_of_it(user=self.ben)
        self.assertEqual(all_of_it(user=self.ben.pk), [])

    def test_a_day_that_is_looked_up_within_is_refused(self) -> None:
        @prepared
        def stuck(*, user: Any) -> QuerySet[Assignment]:
            return Assignment.objects.on(today()).filter(user=user)

        with self.assertRaisesMessage(ValueError, "would hold for good"):
            stuck(user=self.ana)
