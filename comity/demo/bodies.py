"""The bodies of the State of Franklin, their people, who looks after them, and who calls the desk every day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from comity.audit.services import record_many
from comity.demo import names
from comity.demo.chance import Chance
from comity.editing.values import plain
from comity.office.models import VisitTier
from comity.office.services import today
from comity.partners import actions
from comity.partners.models import Assignment, Domain, Partner, Person, Position
from comity.partners.names import key as key_of
from comity.partners.services import assignments, people, registry
from comity.people.models import User

MILLION = 100_000_000  # cents
BY = "sample state"
LAND_AND_NATURE = ("AGR", "NUR", "FOR", "WAT", "PRK")  # what Marcus looked after until he left
VACANT = {"DOR": 34}  # whose IT lead's post stands empty, and for how many days


@dataclass
class Bodies:
    """Makes partners, people and assignments, and keeps them by the partner's code (or FIPS code)."""

    chance: Chance
    began: datetime
    partners: dict[str, Partner] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    leads: dict[str, User] = field(default_factory=dict)
    _domains: list[Domain] = field(default_factory=list)
    _posts: list[Position] = field(default_factory=list)

    def found(self) -> None:
        """Enter every body with its people."""
        tiers = {tier.order: tier for tier in VisitTier.objects.all()}
        for code, name, headcount, millions, tier in names.AGENCIES:
            facts = {"headcount": headcount, "budget_cents": millions * MILLION, "tier": tiers[tier - 1]}
            self._enter(code, name, Partner.Kind.AGENCY, **facts)
        for code, name, parent, headcount in names.DIVISIONS:
            self._enter(code, name, Partner.Kind.AGENCY, headcount=headcount, parent=self.partners[parent])
        for code, name, kind, headcount, tier in names.OTHER_BODIES:
            self._enter(code, name, Partner.Kind(kind), headcount=headcount, tier=tiers[tier - 1])
        self._local_governments(tiers)
        self._keep()

    def _local_governments(self, tiers: dict[int, VisitTier]) -> None:
        for position, name in enumerate(names.COUNTIES):
            fips = names.county_fips(position)
            population = int(5_000 * 1.028 ** self.chance.between(0, 150))
            self._enter(
                fips,
                f"{name.replace('_', ' ')} County",
                Partner.Kind.COUNTY,
                fips=fips,
                population=population,
                headcount=max(40, population // 140),
                tier=tiers[2 if population > 60_000 else 3],
                status=Partner.Status.CONSIDERING if position % 9 == 4 else Partner.Status.ACTIVE,
            )
        for position, name in enumerate(names.CITIES):
            lies_in = names.county_fips(position * 4 % len(names.COUNTIES))
            population = int(2_000 * 1.03 ** self.chance.between(0, 130))
            kind = Partner.Kind.CITY if population > 8_000 else Partner.Kind.TOWN
            self._enter(
                name, f"{kind.label} of {name}", kind, population=population, lies_in=lies_in, tier=tiers[3]
            )

    def _enter(self, key: str, name: str, kind: Partner.Kind, **facts: Any) -> None:
        code = key if kind not in {Partner.Kind.COUNTY, Partner.Kind.CITY, Partner.Kind.TOWN} else ""
        label = (code or name.replace(" ", "-")).lower()
        domain = f"{label}.franklin.example"
        partner = Partner(
            name=name,
            name_key=key_of(name),
            code=code,
            kind=kind,
            search_text=registry.search_text_of([], [domain]),
            lead_gap_since=today(),
            **facts,
        )
        self.partners[key] = partner
        self._domains.append(Domain(partner=partner, name=domain))
        self.people[key] = [
            self._person(partner, function, title, domain) for function, title in _posts(partner)
        ]

    def _person(self, partner: Partner, function: Position.Function, title: str, domain: str) -> Person:
        name = names.somebody(self.chance.one_of)
        person = Person(
            name=name,
            email=f"{name.lower().replace(' ', '.')}@{domain}",
            phone=f"555-{self.chance.between(1000, 9999)}",
            language=names.language_of(name, self.chance.happens),
        )
        since = self.began.date() - timedelta(days=self.chance.between(30, 2500))
        self._posts.append(
            Position(partner=partner, person=person, title=title, function=function, starts_on=since)
        )
        return person

    def _keep(self) -> None:
        """Write them set-wise: one by one, through the services, they would take a fifth of all the time there is."""
        parts = [one for one in self.partners.values() if one.parent]
        _write(
            [one for one in self.partners.values() if not one.parent], actions.CREATE_PARTNER, "name", "code"
        )
        _write(parts, actions.CREATE_PARTNER, "name", "code")
        Domain.objects.bulk_create(self._domains)
        _write(list(chain(*self.people.values())), actions.ADD_PERSON, "name", "email", "phone")
        _write(self._posts, actions.SET_POSITION, "person_id", "title", "function", "starts_on")
        heads = {post.partner_id: post for post in self._posts if post.function == Position.Function.HEAD}
        below = [post for post in self._posts if post.function != Position.Function.HEAD]
        reports = Position.reports_to.through
        reports.objects.bulk_create(
            reports(from_position=post, to_position=heads[post.partner_id]) for post in below
        )

    def assign(self, staff: dict[str, User]) -> None:
        """A lead contact for nearly everyone, from the day the office began to assign them."""
        day = self.began.date()
        by_contact: dict[User, list[int]] = defaultdict(list)
        for key, partner in self.partners.items():
            lead = staff[_lead_of(key, partner)]
            if partner.status == Partner.Status.ACTIVE or key == "47019":
                by_contact[lead].append(partner.pk)
                self.leads[key] = lead
        for lead, keys in by_contact.items():
            rows = Partner.objects.filter(pk__in=keys)
            assignments.assign_many(rows, lead, Assignment.Role.LEAD, day, BY, replacing=False)
        for key, who, role in EXTRA_CONTACTS:
            assignments.assign(self.partners[key], staff[who], role, day, BY)


EXTRA_CONTACTS = (
    ("DOR", "ben", Assignment.Role.BACKUP),
    ("DOH", "dana", Assignment.Role.BACKUP),
    ("DOT", "jo", Assignment.Role.EMBEDDED),
    ("AOC", "tom", Assignment.Role.LIAISON),
)


def _write(rows: Sequence[Partner | Person | Position], action: str, *facts: str) -> None:
    """Rows whose parents are written, and what the trail says of each."""
    for row in rows:
        for relation in ("parent", "partner", "person"):
            if other := getattr(row, relation, None):
                setattr(row, relation, other)  # it has its key by now
    type(rows[0])._default_manager.bulk_create(rows)  # type: ignore[arg-type]
    acts = (
        {
            "action": action,
            "target_kind": row._meta.label,
            "target_id": str(row.pk),
            "target_label": str(row),
            "partner_id": row.pk if isinstance(row, Partner) else getattr(row, "partner_id", None),
            "after": {name: value for name in facts if (value := plain(getattr(row, name)))},
        }
        for row in rows
    )
    record_many(by=BY, acts=acts)


def _posts(partner: Partner) -> Iterable[tuple[Position.Function, str]]:
    """Whom one talks to there: more at large bodies."""
    head = {"county": "County mayor", "city": "City manager", "town": "Town clerk", "university": "President"}
    yield Position.Function.HEAD, head.get(partner.kind, "Director")
    if (partner.headcount or 0) > 60:
        yield Position.Function.IT_LEAD, "IT lead"
    if (partner.headcount or 0) > 1_000:
        yield Position.Function.OPERATIONS, "Field office lead"
        yield Position.Function.FINANCE, "Finance director"


def _lead_of(key: str, partner: Partner) -> str:
    """Who looks after what: by kind, and counties by half of the alphabet."""
    if key in LAND_AND_NATURE:
        return "marcus"
    kind = Partner.Kind
    if partner.kind == kind.COUNTY:
        return "priya" if partner.name < "Hickman" else "leo"
    if partner.kind in {kind.CITY, kind.TOWN, kind.DISTRICT, kind.UNIVERSITY}:
        return "tom"
    if partner.kind in {kind.BOARD, kind.COMMISSION, kind.COURT, kind.LEGISLATURE}:
        return "dana"
    if key in HEALTH_AND_SAFETY:
        return "ben"
    return "ana" if key in ANAS else "dana"


HEALTH_AND_SAFETY = {
    "CHS", "DHS", "DPS", "EMA", "HCA", "INT", "JUS", "MHS", "SBI", "DMA", "DVS", "DPS-HWP", "GEN", "FIN",
}  # fmt: skip
ANAS = {
    "DOR", "DLW", "DOH", "COR", "DOT", "ENV", "DOE", "COM", "TRE", "DOR-FLD", "DOR-TXP", "DOR-AUD", "TRN",
    "DOH-LAB",
}  # fmt: skip

AT = ("DOR", "DOH", "PRK", "DOT", "COR")
EACH = 8
TITLES = ("Case worker", "Clerk", "Field inspector", "Office manager", "Dispatcher")
DISCONTENT = "DOR"  # its people wait longest


@dataclass
class Crowd:
    """Those who use the service desk every day at five agencies: enough people for their agency to read its own figures.

    Its own chance, so that what else happens does not depend on it.
    """

    chance: Chance
    partners: Mapping[str, Partner]

    @property
    def at(self) -> list[Partner]:
        return [self.partners[key] for key in AT]

    def enter(self) -> None:
        """Eight people at each."""
        for partner in self.at:
            for number in range(EACH):
                name = names.somebody(self.chance.one_of)
                local = name.lower().replace(" ", ".")
                person = people.add_person(
                    by=BY,
                    name=name,
                    email=f"{local}.{number}@{partner.code.lower()}.franklin.example",
                    language=names.language_of(name, self.chance.happens),
                )
                people.set_position(
                    by=BY,
                    partner=partner,
                    person=person,
                    title=self.chance.one_of(TITLES),
                    function=Position.Function.OTHER,
                    starts_on=today() - timedelta(days=self.chance.between(100, 1500)),
                )
