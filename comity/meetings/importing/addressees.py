"""Who is meant by the addresses on an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models.functions import Lower

from comity.office import services as office
from comity.partners.models import Domain, Partner, Person, Position
from comity.people.models import User


class Known:
    """Who is meant by addresses: our own, people at partners, and partners by the domain."""

    def __init__(self, addresses: set[str]) -> None:
        self.users = {
            user.email: user.pk for user in User.objects.active().office().filter(email__in=addresses)
        }
        rows = Person.objects.annotate(address=Lower("email")).filter(
            address__in=addresses - self.users.keys()
        )
        self.persons = {row.email.lower(): row for row in rows.order_by("-pk")}
        held = Position.objects.current(office.today()).filter(
            person__in=[row.pk for row in self.persons.values()], partner__in=Partner.objects.served()
        )
        self.partners_of: dict[int, set[int]] = defaultdict(set)
        for person, there in held.values_list("person", "partner"):
            self.partners_of[person].add(there)
        names = {name for address in addresses for name in _domains(address)}
        self.domains: dict[str, set[int]] = defaultdict(set)
        for name, there in Domain.objects.filter(
            name__in=names, partner__in=Partner.objects.served()
        ).values_list("name", "partner"):
            self.domains[name].add(there)
        self.names = {partner.pk: str(partner) for partner in Partner.objects.filter(pk__in=self._all())}

    def _all(self) -> set[int]:
        return set().union(*self.partners_of.values(), *self.domains.values())

    def partners(self, address: str) -> set[int]:
        """Where whoever has the address works; by its domain only where that is one partner's alone."""
        person = self.persons.get(address)
        if person and self.partners_of[person.pk]:
            return self.partners_of[person.pk]
        found = next((self.domains[name] for name in _domains(address) if name in self.domains), set())
        return found if len(found) == 1 and address not in self.users else set()


def _domains(address: str) -> Iterator[str]:
    """The domain of an address, and those it is part of: hq.parks.example.gov, parks.example.gov, example.gov."""
    parts = address.rpartition("@")[2].split(".")
    yield from (".".join(parts[start:]) for start in range(len(parts) - 1))
