"""The few people who appear in every test, so that nobody has to be introduced.

The office: Ada administers, Ira is the CIO, Cora the CCO (and Ana's supervisor), Ana looks after Parks as
its lead contact, Sol owns a service, Finn analyses the money, Olu is on the staff.
Partners: Parks (Ben is its IT lead, Eve its executive) and Roads (Cy is a member, Flo its finance lead);
Trails is a division of Parks.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from comity.office.models import Office, VisitTier
from comity.partners.models import Assignment, Membership, Partner, Person, Position
from comity.people.models import RoleGrant, User
from comity.people.roles import Role
from comity.testing.pages import PageTestCase

PASSWORD = "cast-password-1"


class Names:
    """Everybody and everything a test may call by name."""

    today: date
    began_on: date
    office: Office
    tier: VisitTier

    ada: User
    ira: User
    cora: User
    ana: User
    sol: User
    finn: User
    olu: User

    parks: Partner
    trails: Partner
    roads: Partner
    ben: User
    ben_person: Person
    eve: User
    eve_person: Person
    cy: User
    cy_person: Person
    flo: User
    flo_person: Person


class Cast(Names):
    """Makes the cast and keeps it by name."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.began_on = self.today - timedelta(days=400)
        self.office = Office.objects.create(
            pk=1, name="Office of IT", state_name="Franklin", set_up_at=timezone.now()
        )
        self.tier = VisitTier.objects.create(name="Tier 1", every_days=60)
        self._office_people()
        self._partners()

    def office_user(self, name: str, role: Role, supervisor: User | None = None) -> User:
        """Someone in the office who holds one role."""
        email = f"{name.split(maxsplit=1)[0].lower()}@oit.example.gov"
        user = User.objects.create_user(email, PASSWORD, name=name, supervisor=supervisor)
        RoleGrant.objects.create(user=user, role=role)
        return user

    def partner(self, name: str, code: str, parent: Partner | None = None) -> Partner:
        """An agency that is served today."""
        facts = {
            "name_key": name.casefold(),
            "kind": Partner.Kind.AGENCY,
            "tier": self.tier,
            "parent": parent,
        }
        return Partner.objects.create(name=name, code=code, **facts)

    def partner_user(
        self, name: str, partner: Partner, role: Role, function: str = "other"
    ) -> tuple[User, Person]:
        """Someone who holds a post at a partner and may sign in for it."""
        email = f"{name.split(maxsplit=1)[0].lower()}@{partner.code.lower()}.example.gov"
        person = Person.objects.create(name=name, email=email)
        title = f"{partner.code} {role.label}"
        Position.objects.create(partner=partner, person=person, title=title, function=function)
        user = User.objects.create_user(email, PASSWORD, name=name, kind=User.Kind.PARTNER)
        Membership.objects.create(
            user=user, person=person, partner=partner, role=role, starts_on=self.began_on
        )
        return user, person

    def _office_people(self) -> None:
        self.ada = self.office_user("Ada Admin", Role.ADMINISTRATOR)
        self.ira = self.office_user("Ira Chief", Role.CIO)
        self.cora = self.office_user("Cora Customer", Role.CCO, supervisor=self.ira)
        self.ana = self.office_user("Ana Ruiz", Role.RELATIONSHIP_MANAGER, supervisor=self.cora)
        self.sol = self.office_user("Sol Service", Role.SERVICE_OWNER)
        self.finn = self.office_user("Finn Finance", Role.FINANCE_ANALYST)
        self.olu = self.office_user("Olu Staff", Role.OFFICE_STAFF)

    def _partners(self) -> None:
        self.parks = self.partner("Department of Parks", "PARKS")
        self.trails = self.partner("Division of Trails", "TRAILS", parent=self.parks)
        self.roads = self.partner("Department of Roads", "ROADS")
        self.ben, self.ben_person = self.partner_user(
            "Ben Okafor", self.parks, Role.PARTNER_IT_LEAD, "it_lead"
        )
        self.eve, self.eve_person = self.partner_user("Eve Head", self.parks, Role.PARTNER_EXECUTIVE, "head")
        self.cy, self.cy_person = self.partner_user("Cy Young", self.roads, Role.PARTNER_MEMBER)
        self.flo, self.flo_person = self.partner_user(
            "Flo Money", self.roads, Role.PARTNER_FINANCE, "finance"
        )
        Assignment.objects.create(
            partner=self.parks, user=self.ana, role=Assignment.Role.LEAD, starts_on=self.began_on
        )
        without = Partner.objects.filter(pk__in=[self.trails.pk, self.roads.pk])
        without.update(lead_gap_since=self.today - timedelta(days=30))


class CastTestCase(Names, PageTestCase):
    """A test in which the cast is present: `self.ana`, `self.parks` and so on.

    A class that makes more of its own in `setUpTestData` calls `super().setUpTestData()` first.
    """

    cast: Cast

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.cast = Cast()
        # As attributes of the class Django gives each test its own copy of them, equal to those in `cast`.
        for name, value in vars(cls.cast).items():
            setattr(cls, name, value)
