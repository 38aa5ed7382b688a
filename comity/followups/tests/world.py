"""What the tests of the ring begin with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from comity.followups import services
from comity.followups.models import FollowUp
from comity.people.models import User
from comity.testing.cast import CastTestCase


class RingTestCase(CastTestCase):
    """Ana leads Parks. Ben of Parks says: "Nobody tells us when the network is down"."""

    def heard(self, **changed: Any) -> FollowUp:
        told: dict[str, Any] = {
            "kind": "concern",
            "partner": self.parks,
            "title": "Nobody tells us when the network is down",
            "said": "We learn it from the taxpayers.",
            "by": self.olu,
            "raised_by": self.ben_person,
        }
        return services.raise_follow_up(**{**told, **changed})

    def owned(self, **changed: Any) -> FollowUp:
        return self.heard(owner=self.ana, **changed)

    def done(self, **changed: Any) -> FollowUp:
        follow_up = self.owned(**changed)
        return services.finish(follow_up.pk, words="We send a message within ten minutes.", by=self.ana)

    def told(self, how: str = "mail", **changed: Any) -> FollowUp:
        follow_up = self.done(**changed)
        return services.tell(follow_up.pk, how=how, words="From today you get a message.", by=self.ana)

    def aged(self, follow_up: FollowUp, **days: int) -> FollowUp:
        """The follow-up with some of its days so many days ago: `aged(f, due_on=9)`."""
        today = timezone.localdate()
        fields = {name: today - timedelta(days=count) for name, count in days.items()}
        FollowUp.objects.filter(pk=follow_up.pk).update(**fields)
        follow_up.refresh_from_db()
        return follow_up

    def client_of(self, user: User) -> Client:
        """Somebody else's browser."""
        client = Client()
        client.force_login(user)
        return client
