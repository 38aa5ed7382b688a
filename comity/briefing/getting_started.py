"""An office that serves nobody yet: what this person can do first."""

from __future__ import annotations

from comity.briefing import links
from comity.imports.profiles import profiles_for
from comity.people.capabilities import MANAGE
from comity.people.models import User


def getting_started(user: User) -> dict[str, object]:
    """What `briefing/_getting_started.html` asks for."""
    return {
        "may_import": any(one.key == "partners" for one in profiles_for(user)),
        "may_invite": user.can(MANAGE),
        "raise_url": links.raise_about(),
    }
