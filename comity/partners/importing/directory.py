"""All standing partners, held in memory by everything a row may know them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.office.services import words
from comity.partners import names
from comity.partners.models import Alias, Domain, Partner

FACTS = ("kind", "status", "headcount", "budget_cents", "population", "place", "website", "notes")


class AmbiguousError(DomainError):
    """Several partners go by what the row says; the text asks for more."""

    def __init__(self, name: str, field: str = "name") -> None:
        super().__init__(
            _("Several %(partners)s are called “%(name)s”. Use a code or FIPS code to say which one.")
            % {"partners": words().partners, "name": name[:100]},
            field,
        )


@dataclass(slots=True, eq=False)
class Body:
    """A partner: one that exists (`pk`), or one a row of the file makes (`line`)."""

    pk: int | None
    name: str
    code: str
    fips: str
    facts: dict[str, Any]
    parent: Body | None = None
    tier_id: int | None = None
    line: int = 0
    aliases: dict[str, str] = field(default_factory=dict)  # key -> name
    domains: set[str] = field(default_factory=set)

    def goes_by(self, key: str) -> bool:
        return names.key(self.name) == key or key in self.aliases


class Directory:
    """Finds bodies by code, FIPS code, name and other names; also those that rows of the file make."""

    def __init__(self, bodies: Iterable[Body] = ()) -> None:
        self.by_pk: dict[int, Body] = {}
        self.by_code: dict[str, Body] = {}
        self.by_fips: dict[str, Body] = {}
        self.by_name: dict[str, list[Body]] = defaultdict(list)
        for body in bodies:
            self.add(body)

    def add(self, body: Body) -> None:
        """Make a body findable. One that has a code or FIPS code already in use may not be added."""
        if body.pk is not None:
            self.by_pk[body.pk] = body
        self.learn(body)
        for key in (names.key(body.name), *body.aliases):
            self.learn_name(body, key)

    def learn(self, body: Body) -> None:
        if body.code:
            self.by_code[names.code_key(body.code)] = body
        if body.fips:
            self.by_fips[body.fips] = body

    def learn_name(self, body: Body, key: str) -> None:
        known = self.by_name[key]
        if not any(other is body for other in known):
            known.append(body)

    def named(self, said: str, field: str = "name") -> Body | None:
        """The one a row means by a code, FIPS code or name, in the field that says so. Raises AmbiguousError."""
        found = self.by_code.get(names.code_key(said)) or self.by_fips.get(said)
        if found is not None:
            return found
        known = self.by_name.get(names.key(said), [])
        if len(known) > 1:
            raise AmbiguousError(said, field)
        return known[0] if known else None


def standing_partners() -> Directory:
    """Every standing partner with its other names and domains. Three queries."""
    rows = Partner.objects.standing().order_by("pk")
    facts = rows.values_list("pk", "name", "code", "fips", "tier_id", "parent_id", *FACTS)
    bodies: dict[int, Body] = {}
    parents: dict[int, int | None] = {}
    for pk, name, code, fips, tier_id, parent_id, *more in facts.iterator(chunk_size=5_000):
        bodies[pk] = Body(pk, name, code, fips, dict(zip(FACTS, more, strict=True)), tier_id=tier_id)
        parents[pk] = parent_id
    for pk, parent_id in parents.items():
        bodies[pk].parent = bodies.get(parent_id or 0)
    for partner_id, name, key in Alias.objects.values_list("partner_id", "name", "name_key"):
        if partner_id in bodies:
            bodies[partner_id].aliases[key] = name
    for partner_id, domain in Domain.objects.values_list("partner_id", "name"):
        if partner_id in bodies:
            bodies[partner_id].domains.add(domain)
    return Directory(bodies.values())
