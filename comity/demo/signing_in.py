"""Who one can be in the sample state."""

from __future__ import annotations

from comity.demo.staff import MAIL, PASSWORD, STAFF, Member
from comity.partners.models import Membership
from comity.people.roles import Role


def sign_ins(address: str) -> str:
    """The address and one sign-in for each role, to be printed."""
    one_of_each = {member.role: member for member in reversed(STAFF)}
    rows = [
        (str(role.label), f"{member.key}@{MAIL}") for role, member in sorted(one_of_each.items(), key=_rank)
    ]
    rows += [
        (f"{row.get_role_display()}, {row.partner}", row.user.email)
        for row in Membership.objects.filter(user__is_active=True)
        .select_related("user", "partner")
        .order_by("pk")
    ]
    width = max(len(role) for role, _ in rows)
    lines = [f"  {role:<{width}}  {email}" for role, email in rows]
    return "\n".join(["", f"Comity: {address}", f"Sign in with the password {PASSWORD} as", "", *lines, ""])


def _rank(held: tuple[Role, Member]) -> int:
    return list(Role).index(held[0])
