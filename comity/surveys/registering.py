"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity import jobs
from comity.audit.words import register_actions
from comity.followups import kinds
from comity.outbox import kinds as mail_kinds
from comity.surveys.capabilities import READ
from comity.surveys.models import Response
from comity.surveys.services import counting
from comity.surveys.services.hearing import LOW_IN_SURVEY, LOW_RATING
from comity.surveys.words import ACTIONS, MAIL_KINDS

if TYPE_CHECKING:
    from comity.people.models import User


def register_all() -> None:
    register_actions(ACTIONS)
    for kind in MAIL_KINDS:
        mail_kinds.register(kind)
    _kinds()
    _counting()


def _kinds() -> None:
    kinds.register(
        kinds.Kind(
            LOW_RATING,
            _("Low rating"),
            evidence_url=lambda source_id: reverse("surveys:response", args=[source_id]),
            evidence_visible_to=_may_see_response,
        )
    )
    kinds.register(
        kinds.Kind(
            LOW_IN_SURVEY,
            _("Low ratings in a survey"),
            evidence_url=lambda source_id: reverse("surveys:wave", args=[source_id]),
            evidence_visible_to=lambda user, _source_id: user.can(READ),
        )
    )


def _counting() -> None:
    """Counting what arrives; a lane of its own, since many answers take seconds."""
    jobs.every(
        "surveys.count", counting.refresh_open, minutes=5, lane="surveys", when=counting.something_to_count
    )


def _may_see_response(user: User, source_id: str) -> bool:
    return user.can(READ) and Response.objects.visible_to(user).filter(pk=source_id).exists()
