"""What stands beside one's day, in which order: the chief customer officer's follows the charter in force."""

from __future__ import annotations

from comity.briefing.numbers import Numbers
from comity.charter.models import ROLES

# Each card, and the role that it serves.
CARDS = {
    "briefing/_money.html": "sell",
    "briefing/_services.html": "sell",
    "briefing/_unseen.html": "bridge",
    "briefing/_surveys.html": "speak_for_them",
    "briefing/_promises.html": "speak_for_us",
}


def cards_for(numbers: Numbers) -> list[str]:
    """The templates of the cards: first those of roles that are ours, then the shared ones, last what is not ours."""
    said = dict(zip(ROLES, numbers.get("charter", ()), strict=False))
    return sorted(CARDS, key=lambda card: said.get(CARDS[card], 0))
