"""How it stood with those whom the State of Franklin serves, over two years, and what was said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from comity.health.models import Band, Maturity, Step
from comity.health.parts import USUAL
from comity.health.services import sides, snapshots
from comity.health.services.plays import STEPS
from comity.health.services.weights import in_force, set_weights
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User

Staff: TypeAlias = Mapping[str, User]
Partners: TypeAlias = Mapping[str, Partner]
COUNTED = (*range(730, 90, -30), *range(84, 0, -14), 1)  # days ago: once a month, of late once a fortnight
OVERRIDDEN = "Their new commissioner has asked twice who else could host this. What is counted is from the time before her."
# code, our level, theirs, and their words
LEVELS = (
    ("DOR", 3, 2, "You deliver what we order. We would like to be asked earlier."),
    ("DOH", 3, 3, "What we agree on is kept."),
    ("DOT", 4, 3, ""),
    ("AGR", 3, 1, "We hear from you when we call."),
    ("PRK", 2, 2, ""),
)


def count(_staff: Staff, _partners: Partners) -> None:
    snapshots.take()


def weights(staff: Staff, _partners: Partners) -> None:
    """Half a year ago promises came to count for more, and what they hear of us for less."""
    set_weights(
        {**in_force().values, "followups": USUAL["followups"] + 10},
        "Promises kept are what they judge us by.",
        by=staff["carla"],
    )


def plays(staff: Staff, _partners: Partners) -> None:
    """What the chief customer officer does herself needs nobody to start it."""
    step = Step.objects.get(band=Band.RISK, owner=Step.Owner.CCO)
    STEPS.mend(step, {"by_itself": True}, by=staff["carla"])


def override(staff: Staff, partners: Partners) -> None:
    facts = {"band": "watch", "reason": OVERRIDDEN, "until": today() + timedelta(days=45)}
    sides.override(partners["DLW"], facts, by=staff["ana"])


def maturity(staff: Staff, partners: Partners) -> None:
    for code, ours, theirs, words in LEVELS:
        partner = partners[code]
        sides.rate(partner, {"level": ours, "words": ""}, Maturity.Side.OURS, by=staff["carla"])
        said = User.objects.filter(memberships__partner=partner).first()
        if said is not None:
            sides.rate(partner, {"level": theirs, "words": words}, Maturity.Side.THEIRS, by=said)
