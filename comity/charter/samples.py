"""What the chief customer officer of the State of Franklin is here for."""

from __future__ import annotations

from collections.abc import Mapping

from comity.charter import services
from comity.partners.models import Partner
from comity.people.models import User

CHARTER = {
    "purpose": "Agencies told us that they did not know whom to call, and heard nothing after they had called. "
    "We want each of them to have a name to call, and an answer.",
    "sell": "shared",
    "sell_words": "Service owners explain what they offer; we bring them to those who could use it.",
    "bridge": "ours",
    "bridge_words": "Everybody is met face to face, and has one person to call.",
    "speak_for_them": "ours",
    "speak_for_them_words": "What you tell us has an owner within a day, also where it is uncomfortable for us.",
    "speak_for_us": "shared",
    "speak_for_us_words": "The CIO speaks for the office; we see to it that what was decided is explained.",
    "help_desk": "not_ours",
    "help_desk_words": "The help desk answers to the service owner. We hear how satisfied you are with it.",
}


def charter(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    made = services.write(CHARTER, by=staff["carla"])
    services.endorse(made.pk, version=made.version, by=staff["ruth"])
