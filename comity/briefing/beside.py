"""What stands beside one's day, in which order: the chief customer officer's follows the charter in force."""

from __future__ import annotations

from comity.charter import services as charter
from comity.charter.capabilities import WRITE
from comity.charter.models import Part
from comity.people.models import User

# Each card, and the role that it serves.
CARDS = {
    "briefing/_money.html": "sell",
    "briefing/_services.html": "sell",
    "briefing/_unseen.html": "bridge",
    "briefing/_surveys.html": "speak_for_them",
    "briefing/_promises.html": "speak_for_us",
}


def cards_for(user: User) -> list[str]:
    """The templates of the cards: first those of roles that are ours, then the shared ones, last what is not ours."""
    said = charter.parts() if user.can(WRITE) else {}
    order = list(Part)
    return sorted(CARDS, key=lambda card: order.index(said.get(CARDS[card], Part.OURS)))
