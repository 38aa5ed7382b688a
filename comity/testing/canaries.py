"""Unique words in everything a partner owns, so that a word of one found in another's answer is a leak.

A row belongs to a partner when a chain of foreign keys leads from it to that partner and to no other. Words of
rows and fields meant for the office alone are marked as the office's, even where the row is of a partner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from comity.partners.models import Partner
from comity.people.models import User

OFFICE = "office"
OFFICE_FIELDS = {"notes"}
# The trail cannot be rewritten, by design; it and the outbox are filled by what happens after the planting.
UNTOUCHED = {"audit", "sessions", "contenttypes", "outbox", "django_tasks_database"}
# Text a machine reads: a foreign word in it would break what it stands for.
MACHINE_READ = {"name_key", "sort_name", "code", "fips", "kind", "password", "language", "time_zone", "token_hash", "url", "query",
                "list_name", "task", "owner", "what", "reason", "source_id", "about_kind", "owner_kind", "sha256",
                "content_type", "mail", "actor", "profile", "column", "file_name", "number"}  # fmt: skip
PLAIN_TEXT = (models.CharField, models.TextField)
FORMATTED = (models.EmailField, models.URLField, models.SlugField)


def word(owner: str) -> str:
    """What every canary of a partner (or the office) begins with."""
    return f"canary{owner.casefold()}"


def plant(partners: list[Partner]) -> int:
    """Put canaries into all that the partners own; how many fields now hold one."""
    owners = _owners(partners)
    planted = 0
    for row, owner in owners.items():
        if len(owner) == 1:
            planted += _plant_in(row, next(iter(owner)))
    return planted


def _owners(partners: list[Partner]) -> dict[models.Model, set[str]]:
    """Every row that belongs to one of the partners, with the codes of those it belongs to."""
    owners: dict[models.Model, set[str]] = defaultdict(set)
    for partner in partners:
        owners[partner].add(partner.code)
    rows = [row for model in _models() for row in model._base_manager.all()]
    grown = True
    while grown:
        grown = False
        for row in rows:
            for target in _targets(row):
                if not owners.get(target, set()) <= owners[row]:
                    owners[row] |= owners[target]
                    grown = True
    return owners


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.app_label not in UNTOUCHED and model.__module__.startswith("comity."):
            yield model


def _targets(row: models.Model) -> Iterator[models.Model]:
    """What a row hangs on. Users hang on their memberships; nothing else hangs on users of the office."""
    if isinstance(row, User):
        if not row.is_office:
            for membership in row.memberships.all():
                yield membership.partner
        return
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            target = getattr(row, field.name)
            if target is not None and not (isinstance(target, User) and target.is_office):
                yield target
    for many in row._meta.many_to_many:
        yield from (target for target in getattr(row, many.name).all() if not isinstance(target, User))


def _plant_in(row: models.Model, owner: str) -> int:
    office_only = bool(getattr(row, "office_only", False))
    words: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if not isinstance(field, PLAIN_TEXT) or isinstance(field, FORMATTED):
            continue
        if field.choices or field.name in MACHINE_READ or field.unique:
            continue
        if not getattr(row, field.name) and not office_only and field.name not in OFFICE_FIELDS:
            continue  # an empty field may have to be empty: "done in words" only of what is done
        whose = OFFICE if office_only or field.name in OFFICE_FIELDS else owner
        words[field.name] = f"{word(whose)} {row._meta.model_name} {field.name} {row.pk}"[: field.max_length]
    if words:
        type(row)._base_manager.filter(pk=row.pk).update(**words)
    return len(words)
