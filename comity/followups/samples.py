"""What the State of Franklin's partners thank for, ask and suggest."""

from __future__ import annotations

from collections.abc import Mapping

from comity.followups.models import How
from comity.followups.services.closing import finish, tell
from comity.followups.services.praising import COMPLIMENT
from comity.followups.services.raising import raise_follow_up
from comity.partners.models import Partner
from comity.people.models import User

# kind, partner, in one line, in their words, whom it praises
SAID: tuple[tuple[str, str, str, str, list[str]], ...] = (
    (
        "compliment",
        "DOR",
        "The night of the filing deadline",
        "Somebody stayed until two. Thank you.",
        ["sam"],
    ),
    (
        "compliment",
        "PRK",
        "A straight answer about the towers",
        "Ana told us no, and why. We can plan now.",
        ["ana"],
    ),
    ("idea", "DOR", "One sign-in for both tax systems", "Our clerks sign in eleven times a day.", []),
    ("question", "PRK", "May rangers use their own phones?", "", []),
)


def said(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    for kind, code, title, words, praised in SAID:
        made = raise_follow_up(
            kind=kind,
            partner=partners[code],
            title=title,
            said=words,
            by=staff["kit"],
            owner=staff["ana"],
            praises=[staff[name] for name in praised],
        )
        if kind == COMPLIMENT:
            finish(made.pk, words=f"Passed on: {title.lower()}.", by=staff["ana"])
            told = f"{praised[0].title()} has read it, and so has whoever leads the team."
            tell(made.pk, how=How.PHONE, to=str(made.partner), words=told, by=staff["ana"])
