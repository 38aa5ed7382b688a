"""The office of the State of Franklin and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from comity.office.models import Closure, Office, VisitTier
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


STAFF = (
    Member("Ruth Adeyemi", Role.CIO, "State chief information officer", "", "555-0100"),
    Member("Carla Mendez", Role.CCO, "Chief customer officer", "ruth", "555-0101"),
    Member("Avery Stone", Role.ADMINISTRATOR, "Systems administrator", "ruth", "555-0102"),
    Member(
        "Ana Ruiz", Role.RELATIONSHIP_MANAGER, "Relationship manager, revenue and labor", "carla", "555-0111"
    ),
    Member(
        "Ben Okafor",
        Role.RELATIONSHIP_MANAGER,
        "Relationship manager, health and safety",
        "carla",
        "555-0112",
    ),
    Member(
        "Dana Whitcomb",
        Role.RELATIONSHIP_MANAGER,
        "Relationship manager, courts and boards",
        "carla",
        "555-0113",
    ),
    Member("Leo Tran", Role.RELATIONSHIP_MANAGER, "Relationship manager, west counties", "carla", "555-0114"),
    Member(
        "Priya Nair", Role.RELATIONSHIP_MANAGER, "Relationship manager, east counties", "carla", "555-0115"
    ),
    Member(
        "Tom Becker",
        Role.RELATIONSHIP_MANAGER,
        "Relationship manager, cities and schools",
        "carla",
        "555-0116",
    ),
    Member(
        "Marcus Hale", Role.RELATIONSHIP_MANAGER, "Relationship manager, land and nature", "carla", "555-0117"
    ),
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
            email=f"{member.key}@{MAIL}",
            name=member.name,
            title=member.title,
            phone=member.phone,
            password=password,
            supervisor=users.get(member.supervisor),
            joined_at=moment,
        )
    RoleGrant.objects.bulk_create(RoleGrant(user=users[member.key], role=member.role) for member in STAFF)
    return users
