"""The trail in words: what an act is called, and what it changed, as people read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst

from comity.audit.models import Entry
from comity.nouns import Actions, all_of, noun_of
from comity.ui.tables.columns import said

LONGEST = 200


@dataclass(frozen=True)
class Change:
    """One field: what it is called, what it was, what it became; "" for nothing."""

    name: str
    before: str
    after: str


def action_words(action: str) -> str:
    """An action as words; one without any is called by its own name: "partners.end_membership" → "end membership"."""
    said = next((each.words[action] for each in all_of(Actions) if action in each.words), "")
    return str(said) or action.partition(".")[2].replace("_", " ") or action


def kind_words(target_kind: str) -> str:
    """A kind of object as words: what its noun says of one, or what its model calls itself."""
    noun, model = noun_of(target_kind), _model(target_kind)
    if noun is not None and noun.one:
        return str(noun.one)
    return str(model._meta.verbose_name) if model else target_kind.rpartition(".")[2].lower()


def changes_of(entry: Entry, without: str = "") -> list[Change]:
    """What an entry says of each field but one, in the order it was written."""
    before, after = entry.before or {}, entry.after or {}
    model = _model(entry.target_kind)
    return [
        change_of(model, name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if name != without
    ]


def change_of(model: type[models.Model] | None, name: str, before: Any, after: Any) -> Change:
    """One field of a model in words, whether it changed or not."""
    field = _field(model, name)
    label = capfirst(str(field.verbose_name)) if field is not None else capfirst(name.replace("_", " "))
    return Change(label, _value(field, before), _value(field, after))


def _value(field: Any, value: Any) -> str:
    """A value as it is read; long ones are cut, and stand whole in the CSV."""
    choices = dict(field.flatchoices) if field is not None and field.flatchoices else {}
    if isinstance(value, list):
        text = ", ".join(_value(field, one) for one in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{key}: {_value(None, one)}" for key, one in value.items())
    else:
        text = str(choices.get(value) or said(_day_or_moment(value)))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _day_or_moment(value: Any) -> Any:
    """What was kept as the text of a day or a moment, as one; anything else as it is."""
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d(T|$)", value):
        return value
    try:
        return (parse_datetime(value) if "T" in value else parse_date(value)) or value
    except ValueError:
        return value


def _model(target_kind: str) -> type[models.Model] | None:
    if noun := noun_of(target_kind):
        return noun.model
    try:
        return apps.get_model(target_kind)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    if model is None:
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None
