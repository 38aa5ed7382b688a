"""The facts of a partner or a person as plain values: for the trail, and to see what two people changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from comity.office.models import VisitTier
from comity.partners.models import Partner, Person, Position

PARTNER_FACTS = (
    "name",
    "code",
    "kind",
    "status",
    "parent",
    "tier",
    "headcount",
    "budget_cents",
    "fips",
    "population",
    "place",
    "website",
    "notes",
)
PARTNER_LISTS = ("aliases", "domains")
PERSON_FACTS = ("name", "email", "phone", "mobile", "language", "notes")
POSITION_FACTS = ("title", "function", "acting", "shared", "starts_on", "ends_on", "person")

Plain = dict[str, Any]


def plain(value: Any) -> Any:
    """One value as JSON can keep it: rows by their key, days as ISO."""
    if isinstance(value, models.Model):
        return value.pk
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def to_plain(values: Mapping[str, Any]) -> Plain:
    """What a form read, as plain values: rows by their key, lists sorted as `partner_values` has them."""
    return {
        name: sorted(value) if isinstance(value, list) else plain(value) for name, value in values.items()
    }


def from_plain(values: Mapping[str, Any]) -> Plain:
    """Plain values of a partner, as its services take them. A row that is gone meanwhile is refused by them."""
    rows: dict[str, Any] = {"parent": Partner, "tier": VisitTier}
    return {
        name: rows[name](pk=value) if name in rows and value is not None else value
        for name, value in values.items()
    }


def partner_values(partner: Partner) -> Plain:
    """Everything a person may edit of a partner."""
    values = {name: plain(_raw(partner, name)) for name in PARTNER_FACTS}
    values["aliases"] = sorted(alias.name for alias in partner.aliases.all())
    values["domains"] = sorted(domain.name for domain in partner.domains.all())
    return values


def person_values(person: Person) -> Plain:
    """Everything a person may edit of a person."""
    return {name: plain(_raw(person, name)) for name in PERSON_FACTS}


def position_values(position: Position) -> Plain:
    """A post as it stands."""
    return {name: plain(_raw(position, name)) for name in POSITION_FACTS}


def _raw(row: models.Model, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Plain, Plain]:
    """The values that differ, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def unknown_names(values: Mapping[str, Any], known: Sequence[str]) -> list[str]:
    """Names that are no fact: a mistake of the caller's."""
    return sorted(set(values) - set(known))
