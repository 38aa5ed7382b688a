"""The office of the State of Franklin, who works there, and who one can sign in as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from comity.office.models import Closure, Office, VisitTier
from comity.partners.models import Membership
from comity.people.models import RoleGrant, User
from comity.people.roles import Role

PASSWORD = "franklin-demo"  # printed by `make demo`; the sample state has no secrets
MAIL = "oit.franklin.example"

TIERS = (("Tier 1", 60), ("Tier 2", 90), ("Tier 3", 120), ("Tier 4", 240))


@dataclass(frozen=True)
class Member:
    """One of the office's people, as the sample state knows them by their first name."""

    name: str
    role: Role
    title: str
    supervisor: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        return self.name.split()[0].lower()

    @property
    def email(self) -> str:
        return f"{self.key}@{MAIL}"


def _manager(name: str, of: str, phone: str) -> Member:
    return Member(name, Role.RELATIONSHIP_MANAGER, f"Relationship manager, {of}", "carla", phone)


STAFF = (
    Member("Ruth Adeyemi", Role.CIO, "State chief information officer", "", "555-0100"),
    Member("Carla Mendez", Role.CCO, "Chief customer officer", "ruth", "555-0101"),
    Member("Avery Stone", Role.ADMINISTRATOR, "Systems administrator", "ruth", "555-0102"),
    _manager("Ana Ruiz", "revenue and labor", "555-0111"),
    _manager("Ben Okafor", "health and safety", "555-0112"),
    _manager("Dana Whitcomb", "courts and boards", "555-0113"),
    _manager("Leo Tran", "west counties", "555-0114"),
    _manager("Priya Nair", "east counties", "555-0115"),
    _manager("Tom Becker", "cities and schools", "555-0116"),
    _manager("Marcus Hale", "land and nature", "555-0117"),
    Member(
        "Jo Farrell", Role.RELATIONSHIP_MANAGER, "Embedded IT director, Transportation", "carla", "555-0118"
    ),
    Member("Sam Ortega", Role.SERVICE_OWNER, "Owner of network services", "ruth", "555-0121"),
    Member("Ines Novak", Role.FINANCE_ANALYST, "Finance analyst", "ruth", "555-0122"),
    Member("Kit Lang", Role.OFFICE_STAFF, "Service desk", "sam", "555-0123"),
)


def open_office(moment: datetime) -> None:
    """The office's settings, as it had them when it began."""
    Office.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Office of IT",
            "state_name": "State of Franklin",
            "state_fips": "47",
            "email": f"hello@{MAIL}",
            "phone": "555-0100",
            "address": "1 Capitol Square, Greeneville, Franklin",
            "fiscal_year_start": 7,
            "time_zone": "America/New_York",
            "set_up_at": moment,
            "catalog_is_public": True,
        },
    )
    for order, (name, days) in enumerate(TIERS):
        VisitTier.objects.update_or_create(name=name, defaults={"every_days": days, "order": order})
    Closure.objects.get_or_create(
        day=moment.date().replace(month=12, day=24), defaults={"name": "Christmas Eve"}
    )


def hire(moment: datetime) -> dict[str, User]:
    """Everyone in the office, by first name; supervisors stand before those they supervise."""
    password = make_password(PASSWORD)
    users: dict[str, User] = {}
    for member in STAFF:
        users[member.key] = User.objects.create(
            email=member.email,
            name=member.name,
            title=member.title,
            phone=member.phone,
            password=password,
            supervisor=users.get(member.supervisor),
            joined_at=moment,
        )
    RoleGrant.objects.bulk_create(RoleGrant(user=users[member.key], role=member.role) for member in STAFF)
    return users


def sign_ins(address: str) -> str:
    """The address and one sign-in for each role, to be printed."""
    one_of_each = {member.role: member for member in reversed(STAFF)}
    rows = [(str(role.label), one_of_each[role].email) for role in Role if role in one_of_each]
    rows += [
        (f"{row.get_role_display()}, {row.partner}", row.user.email)
        for row in Membership.objects.filter(user__is_active=True)
        .select_related("user", "partner")
        .order_by("pk")
    ]
    width = max(len(role) for role, _ in rows)
    lines = [f"  {role:<{width}}  {email}" for role, email in rows]
    return "\n".join(["", f"Comity: {address}", f"Sign in with the password {PASSWORD} as", "", *lines, ""])
