"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.followups import kinds, services
from comity.followups.models import FollowUp
from comity.people import duties
from comity.people.models import User

CONCERN = "concern"
COMPLIMENT = "compliment"
PORTAL = "portal"


def register_all() -> None:
    kinds.register(kinds.Kind(CONCERN, _("Concern")))
    kinds.register(kinds.Kind(COMPLIMENT, _("Compliment"), asks_if_it_helped=False))
    kinds.register(kinds.Kind(PORTAL, _("Raised in the portal")))
    duties.register(
        duties.Duty(
            key="followups.open",
            label=_("open follow-ups"),  # type: ignore[arg-type]  # a lazy string is one
            rows=FollowUp.objects.owned_by,
            url_of=_owned_by,
            hand_over=services.hand_over_all,
        )
    )


def _owned_by(user: User) -> str:
    return f"{reverse('followups:list')}?view=all&owner={user.pk}&open=1"
