"""Who would be asked: worked out in a few statements, however many people there are; and the office's rules for asking.

An audience is a map: "kinds", "tiers" (keys of visit tiers), "functions" of posts, "partners" (keys), and "view", the name
and the query of a saved view of the list of partners, kept as they were when it was chosen. Each narrows down what the
others leave; one that is empty narrows nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.editing.changing import change
from comity.editing.values import Values
from comity.office import services as office
from comity.office.models import VisitTier
from comity.outbox.models import Suppression
from comity.partners.bands import size_of
from comity.partners.models import BY_RANK, Partner, PartnerQuerySet, Position
from comity.partners.tables.partners import narrowed
from comity.search.sorting import sort_key
from comity.surveys.models import Again, Participant, Rules
from comity.surveys.models.survey import LANGUAGES
from comity.ui.tables.filters import UnreadableError

SET_RULES = "surveys.set_rules"
INVITATION = "surveys.invitation"  # the kind of mail that asks, and that its reader may stop
A_YEAR = timedelta(days=365)
MOST_NAMED = 5
Audience = Mapping[str, Any]
State = Participant.State
_ROW = (
    "person_id",
    "person__name",
    "person__email",
    "person__language",
    "partner_id",
    "partner__name",
    "partner__kind",
    "partner__tier__name",
    "partner__headcount",
    "partner__population",
    "title",
)


def current_rules() -> Rules:
    """The office's rules for asking, or the usual ones."""
    return Rules.objects.filter(pk=1).first() or Rules(pk=1)


def set_rules(values: Values, *, by: Actor, seen: Values | None = None) -> Rules:
    """Change how often someone is asked and what counts as low, from now on; waves keep what they began with.

    Raises ConflictError, DomainError.
    """
    Rules.objects.get_or_create(pk=1)
    return change(Rules.objects.all(), 1, values, by=by, action=SET_RULES, seen=seen).row


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the audience holds, with the body they answer for, and what keeps them from being asked, if anything."""

    person_id: int
    name: str
    email: str
    language: str
    partner_id: int
    partner: str
    kind: str
    tier: str
    size: str
    title: str
    state: str
    note: date | None = None  # of somebody who rests: when they were asked last

    @property
    def reason(self) -> str:
        """What keeps them from being asked, in words."""
        return "" if self.state == State.WAITING else str(State(self.state).label)


@dataclass(frozen=True)
class Asked:
    """All whom an audience holds, by what becomes of them."""

    everyone: list[Candidate] = field(default_factory=list)

    def of(self, *states: str) -> list[Candidate]:
        return [one for one in self.everyone if one.state in states]

    @property
    def counts(self) -> dict[str, int]:
        return Counter(one.state for one in self.everyone)

    @property
    def to_ask(self) -> list[Candidate]:
        return self.of(State.WAITING)

    @property
    def partners(self) -> int:
        """How many bodies are asked through at least one person."""
        return len({one.partner_id for one in self.to_ask})


def find(audience: Audience, *, among: Iterable[int] | None = None) -> Asked:
    """Everybody an audience holds, each person once, by name.

    among  only these people (those who were at a meeting)

    Someone with posts at several of the bodies answers for the one where their post comes first: head, deputy, IT lead
    and so on, then by the body's name. Raises DomainError.
    """
    day = office.today()
    at_rest, kept_from = resting(day), stopped()
    found = [_candidate(row, at_rest, kept_from) for row in _people(audience, day, among)]
    return Asked(sorted(found, key=lambda one: (sort_key(one.name), one.person_id)))


def partners_of(audience: Audience) -> PartnerQuerySet:
    """The bodies whose people an audience holds; served today. Raises DomainError."""
    rows = Partner.objects.served()
    for name, path in (("kinds", "kind__in"), ("tiers", "tier__in"), ("partners", "pk__in")):
        if chosen := audience.get(name):
            rows = rows.filter(**{path: chosen})
    view = audience.get("view") or {}
    if not view.get("query"):
        return rows
    try:
        return narrowed(rows, view["query"])
    except UnreadableError as unreadable:
        raise DomainError(
            _("The saved view “%(name)s” cannot be used: %(why)s")
            % {"name": view.get("name", ""), "why": unreadable}
        ) from unreadable


def _people(audience: Audience, day: date, among: Iterable[int] | None) -> Iterable[tuple[Any, ...]]:
    """The first post of each person, in one query."""
    posts = Position.objects.current(day).filter(
        Q(person__left_on=None) | Q(person__left_on__gt=day),
        partner__in=partners_of(audience).order_by().values("pk"),
        person__merged_into=None,
        person__arriving=False,
        person__isnull=False,
    )
    if functions := audience.get("functions"):
        posts = posts.filter(function__in=functions)
    if among is not None:
        posts = posts.filter(person__in=list(among))
    first: dict[int, tuple[Any, ...]] = {}
    rows = posts.order_by("person_id", BY_RANK, "partner__sort_name", "pk").values_list(*_ROW)
    for row in rows.iterator(chunk_size=5_000):
        first.setdefault(row[0], row)
    return first.values()


def _candidate(row: tuple[Any, ...], at_rest: dict[int, date], kept_from: dict[str, str]) -> Candidate:
    person, name, email, language, partner, partner_name, kind, tier, headcount, population, title = row
    address = email.strip().lower()
    if not address:
        state = State.NO_ADDRESS
    elif address in kept_from:
        state = State.BOUNCED if kept_from[address] == Suppression.Reason.BOUNCED else State.OPTED_OUT
    else:
        state = State.RESTING if person in at_rest else State.WAITING
    return Candidate(
        person_id=person,
        name=name,
        email=email.strip(),
        language=language if language in LANGUAGES else LANGUAGES[0],
        partner_id=partner,
        partner=partner_name,
        kind=kind,
        tier=tier or "",
        size=size_of(headcount, population),
        title=title,
        state=state,
        note=at_rest.get(person) if state == State.RESTING else None,
    )


def resting(day: date, *, among: Iterable[int] | None = None, rules: Rules | None = None) -> dict[int, date]:
    """Who was asked too recently or too often to be asked again, and when last. A limit of 0 is none.

    among  only these people
    rules  the office's, where they are at hand

    Being asked again what one rated low counts like an invitation.
    """
    rules = rules or current_rules()
    since = day - max(A_YEAR, timedelta(days=rules.rest_days))
    last: dict[int, date] = {}
    in_year: Counter[int] = Counter()
    for model in (Participant, Again):
        rows = model.objects.filter(sent_on__gt=since)
        if among is not None:
            rows = rows.filter(person__in=list(among))
        counted = (
            rows.order_by()
            .values("person")
            .annotate(last=Max("sent_on"), in_year=Count("pk", filter=Q(sent_on__gt=day - A_YEAR)))
        )
        for person, when, times in counted.values_list("person", "last", "in_year"):
            last[person] = max(when, last.get(person, when))
            in_year[person] += times
    lately = day - timedelta(days=rules.rest_days)
    return {
        person: when
        for person, when in last.items()
        if when > lately or (rules.most_a_year and in_year[person] >= rules.most_a_year)
    }


def stopped() -> dict[str, str]:
    """Addresses that get no invitations, and why."""
    rows = Suppression.objects.filter(kind__in=["", INVITATION]).order_by("pk")
    return dict(rows.values_list("address", "reason"))


def described(audience: Mapping[str, Any]) -> list[tuple[str, str]]:
    """An audience in words, a line for each choice; empty when nothing narrows it down."""
    kinds, tiers, functions, partners = (
        audience.get(name) or [] for name in ("kinds", "tiers", "functions", "partners")
    )
    view = audience.get("view") or {}
    bodies = Partner.objects.filter(pk__in=partners).order_by("sort_name")
    lines = [
        (kinds, _("Kinds"), [Partner.Kind(kind).label for kind in kinds]),
        (tiers, _("Visit tiers"), VisitTier.objects.filter(pk__in=tiers).values_list("name", flat=True)),
        (functions, _("Functions"), [Position.Function(one).label for one in functions]),
        (view, _("Saved view"), [view.get("name")]),
        (partners, office.words().Partners, bodies.values_list("name", flat=True)),
    ]
    return [(label, _listed(names)) for chosen, label, names in lines if chosen]


def in_one_line(audience: Audience) -> str:
    """An audience in words: "Kinds: County; Visit tiers: Tier 1"."""
    return "; ".join(f"{label}: {words}" for label, words in described(audience)) or _("Everybody")


def _listed(names: Any) -> str:
    found = [str(name) for name in names]
    if len(found) <= MOST_NAMED:
        return ", ".join(found)
    more = _("and %(count)s more") % {"count": len(found) - MOST_NAMED}
    return f"{', '.join(found[:MOST_NAMED])} {more}"
