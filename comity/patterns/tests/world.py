"""What the tests of this room begin with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.partners.models import Partner
from comity.patterns.models import Item, Pattern
from comity.patterns.services import judging
from comity.patterns.services.comparing import look_at_new
from comity.testing.cast import CastTestCase


class AlikeTestCase(CastTestCase):
    """Parks and Roads both wait for new phones; Roads also cannot print. Courts joins where a test needs a third."""

    phones: FollowUp
    their_phones: FollowUp
    printer: FollowUp

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.phones = cls.heard(cls.parks, "We wait eleven weeks for a new phone", raised_by=cls.ben_person)
        cls.their_phones = cls.heard(cls.roads, "A phone for a new inspector takes nine weeks")
        cls.printer = cls.heard(cls.roads, "The printer on the third floor is broken again")
        look_at_new()

    @classmethod
    def heard(cls, partner: Partner | None, title: str, **more: Any) -> FollowUp:
        return raise_follow_up(
            **{"kind": "concern", "partner": partner, "title": title, "by": cls.olu, **more}
        )

    @classmethod
    def pattern(cls) -> Pattern:
        """Both wait for phones."""
        return judging.same(cls.phones.pk, cls.their_phones.pk, by=cls.ana)

    def item(self, follow_up: FollowUp) -> Item:
        return Item.objects.get(pk=follow_up.pk)

    def at(self, name: str, *rows: Any) -> str:
        return reverse(f"patterns:{name}", args=[row.pk for row in rows])
