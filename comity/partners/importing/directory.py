"""All standing partners, held in memory by everything a row may know them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.office.services import words
from comity.partners import names
from comity.partners.models import Alias, Domain, Partner

FACTS = ("kind", "status", "headcount", "budget_cents", "population", "place", "lies_in", "website", "notes")


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
    merged: list[Body] = field(default_factory=list)  # what was made one with it

    def goes_by(self, key: str) -> bool:
        own = names.key(self.name) == key or key in self.aliases
        return own or any(one.goes_by(key) for one in self.merged)

    def has(self, fact: str, said: str) -> bool:
        """Whether this is its code, FIPS code or place, or was that of what was made one with it."""
        known = self.facts.get(fact) if fact in FACTS else getattr(self, fact)
        return plainly(known or "", fact) == plainly(said, fact) or any(
            one.has(fact, said) for one in self.merged
        )

    def was_part_of(self, parent: Body) -> bool:
        """Whether something that was made one with it was part of that."""
        return any(one.parent is parent or one.was_part_of(parent) for one in self.merged)


def plainly(said: str, fact: str) -> str:
    """What two spellings of a fact have in common."""
    return names.code_key(said) if fact == "code" else names.key(said)


class Directory:
    """Finds bodies by code, FIPS code, name and other names; also those that rows of the file make."""

    def __init__(self, bodies: Iterable[Body] = ()) -> None:
        self.by_pk: dict[int, Body] = {}
        self.by_code: dict[str, Body] = {}
        self.by_fips: dict[str, Body] = {}
        self.by_bare_code: dict[str, set[Body]] = defaultdict(set)
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

    def lead(self, gone: Body, survivor: Body) -> None:
        """Let what was made one with another be found as that one, where nobody else goes by it today."""
        survivor.merged.append(gone)
        if gone.code:
            self.by_code.setdefault(names.code_key(gone.code), survivor)
        if gone.fips:
            self.by_fips.setdefault(gone.fips, survivor)
        for key in (names.key(gone.name), *gone.aliases):
            if not self.by_name[key]:
                self.learn_name(survivor, key)

    def learn(self, body: Body) -> None:
        if body.code:
            self.by_code[names.code_key(body.code)] = body
            self.by_bare_code[names.bare_code(body.code)].add(body)
        if body.fips:
            self.by_fips[body.fips] = body

    def learn_name(self, body: Body, key: str) -> None:
        known = self.by_name[key]
        if not any(other is body for other in known):
            known.append(body)

    def but_for_zeros(self, code: str) -> Body | None:
        """The one whose code has other zeros in front, as a spreadsheet leaves it; None if there is none, or several."""
        alike = self.by_bare_code[names.bare_code(code)] if names.bare_code(code) else set()
        return next(iter(alike)) if len(alike) == 1 else None

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
    """Every standing partner with its other names and domains, and what was made one with it. Three queries."""
    rows = Partner.objects.filter(arriving=False).order_by("pk")
    facts = rows.values_list("pk", "name", "code", "fips", "tier_id", "parent_id", "merged_into_id", *FACTS)
    bodies: dict[int, Body] = {}
    parents: dict[int, int | None] = {}
    gone: dict[int, int] = {}
    for pk, name, code, fips, tier_id, parent_id, into, *more in facts.iterator(chunk_size=5_000):
        bodies[pk] = Body(pk, name, code, fips, dict(zip(FACTS, more, strict=True)), tier_id=tier_id)
        parents[pk] = parent_id
        if into is not None:
            gone[pk] = into
    for pk, parent_id in parents.items():
        bodies[pk].parent = bodies.get(parent_id or 0)
    for partner_id, name, key in Alias.objects.values_list("partner_id", "name", "name_key"):
        if partner_id in bodies:
            bodies[partner_id].aliases[key] = name
    for partner_id, domain in Domain.objects.values_list("partner_id", "name"):
        if partner_id in bodies:
            bodies[partner_id].domains.add(domain)
    directory = Directory(body for pk, body in bodies.items() if pk not in gone)
    for pk in gone:
        directory.lead(bodies[pk], bodies[survivor_of(pk, gone)])
    return directory


def survivor_of(pk: int, gone: Mapping[int, int]) -> int:
    """The one that stands at the end, where each that is gone says into which it went."""
    while pk in gone:
        pk = gone[pk]
    return pk
