"""Which roles a partner's user holds: an upper room knows, through its memberships."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.nouns import Trait, all_of

if TYPE_CHECKING:
    from comity.people.models import User


@dataclass(frozen=True)
class PartnerRoles(Trait):
    """The roles a user holds at its partners today."""

    of: Callable[[User], Iterable[str]]


def partner_roles_of(user: User) -> set[str]:
    """The roles a partner's user holds at any of its partners today."""
    return {role for roles in all_of(PartnerRoles) for role in roles.of(user)}
