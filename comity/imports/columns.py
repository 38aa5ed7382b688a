"""Which column of a file holds which field, and what its cells mean: told by a person, remembered, or guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import fuzz

from comity.core.errors import DomainError
from comity.imports.models import Memory
from comity.imports.parsing import CellError, clean
from comity.imports.profiles import LEAVE_OUT, Field, Profile, Row
from comity.ui.csv import restore

_SIGNS = re.compile(r"[\W_]+")
_ALIKE = 90  # of 100: a header this close to a field's name is taken for it


def normal(text: str) -> str:
    """A header or a word without case, signs and extra space: `E-Mail_Address` is `e mail address`."""
    return " ".join(_SIGNS.sub(" ", text.casefold()).split())


def guess(profile: Profile, headers: Sequence[str]) -> dict[str, str]:
    """Header -> field, "" where a column says nothing we keep.

    What was said last time stands first, then the field's own name, then its synonyms, then names that are
    almost the same. A field is given to one column only, the best, unless it takes many.
    """
    remembered = dict(Memory.objects.filter(profile=profile.key).values_list("column", "field"))
    scored = sorted(
        (
            (-score, place, index, field)
            for place, header in enumerate(headers)
            for index, field in enumerate(profile.fields)
            if (score := _score(header, field, remembered))
        ),
        key=lambda one: one[:3],
    )
    mapping = dict.fromkeys(headers, "")
    taken: set[str] = set()
    for _points, place, _index, field in scored:
        header = headers[place]
        if mapping[header] or (field.key in taken and not field.many):
            continue
        if remembered.get(normal(header)) == "":
            continue
        mapping[header] = field.key
        taken.add(field.key)
    return mapping


def with_told(profile: Profile, headers: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """The guessed mapping, corrected by what was told of some columns.

    Raises DomainError if a column told of is not in the file.
    """
    mapping = guess(profile, headers)
    by_header: dict[str, str] = {}
    for name, key in told.items():
        header = next((one for one in headers if normal(one) == normal(name)), None)
        if header is None:
            raise DomainError(
                _("There is no column “%(column)s” in the file; it has: %(headers)s.")
                % {"column": name, "headers": ", ".join(headers)[:500]}
            )
        by_header[header] = key
    taken = {key for key in by_header.values() if key and not profile.field(key).many}
    guessed = {header: "" if key in taken else key for header, key in mapping.items()}
    return guessed | by_header


def _score(header: str, field: Field, remembered: Mapping[str, str]) -> float:
    said = normal(header)
    if not said:
        return 0
    if said in remembered:
        return 200 if remembered[said] == field.key else 0
    names = _names(field)
    if said in names:
        return 150 - names.index(said) / 100
    if len(said) < 5:
        return 0
    best = max(fuzz.ratio(said, name) for name in names)
    return best if best >= _ALIKE else 0


def _names(field: Field) -> list[str]:
    with override("en"):
        label = str(field.label)
    return list(dict.fromkeys([normal(field.key), normal(label), *(normal(name) for name in field.synonyms)]))


def check(profile: Profile, mapping: Mapping[str, str]) -> None:
    """Raises DomainError if a field is unknown, or said by two columns, or a required one by none."""
    counts = Counter(key for key in mapping.values() if key)
    for key, times in counts.items():
        if not profile.has(key):
            raise DomainError(_("There is no field “%(field)s” here.") % {"field": key})
        if times > 1 and not profile.field(key).many:
            raise DomainError(
                _("%(n)d columns are both mapped to “%(field)s”. Leave one of them out.")
                % {"n": times, "field": profile.field(key).label}
            )
    for field in profile.fields:
        if field.required and field.key not in counts:
            raise DomainError(
                _("No column is mapped to “%(field)s”, and without it no row can be read.")
                % {"field": field.label}
            )


def remember(profile: Profile, mapping: Mapping[str, str], values: Mapping[str, Mapping[str, str]]) -> None:
    """Keep how these columns were mapped, for the next file of this kind. In the caller's transaction."""
    for header, key in mapping.items():
        if normal(header):
            Memory.objects.update_or_create(
                profile=profile.key,
                column=normal(header)[:200],
                defaults={"field": key, "values": {k: v for k, v in values.get(key, {}).items() if k}},
            )


def remembered_values(profile: Profile, mapping: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """field -> what cells say -> value, as it was said last time for these columns."""
    known = Memory.objects.filter(profile=profile.key, column__in=[normal(h)[:200] for h in mapping])
    values: dict[str, dict[str, str]] = {}
    for memory in known:
        if memory.values and memory.field in mapping.values():
            values.setdefault(memory.field, {}).update(memory.values)
    return values


class SetAside(Exception):
    """This row cannot be read; which column and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class Understanding:
    """Reads rows of one file as its columns and values were mapped; counts what met no choice."""

    def __init__(
        self,
        profile: Profile,
        headers: Sequence[str],
        mapping: Mapping[str, str],
        values: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.headers = headers
        self.columns = [
            (place, header, profile.field(mapping[header]))
            for place, header in enumerate(headers)
            if mapping.get(header)
        ]
        self.said = {key: {normal(text): to for text, to in said.items()} for key, said in values.items()}
        self.defaults = [(profile.field(key), said[""]) for key, said in self.said.items() if said.get("")]
        self.choices = {field.key: _choices(field) for field in profile.fields if field.choices}
        self.names = {field.key: field.names.read() for field in profile.fields if field.names}
        self.unmatched: dict[str, Counter[str]] = {}

    def row(self, line: int, cells: list[str]) -> Row:
        """The row's values. Raises SetAside."""
        if len(cells) > len(self.headers):
            raise SetAside(
                "",
                _("The row has more cells (%(cells)d) than the file has headers (%(headers)d).")
                % {"cells": len(cells), "headers": len(self.headers)},
            )
        values: dict[str, Any] = {}
        for place, header, field in self.columns:
            cell = cells[place] if place < len(cells) else ""
            text = clean(restore(cell), lines=field.lines) if cell else ""
            if not text:
                continue
            value = self._value(field, header, text)
            if field.many and field.key in values:
                values[field.key] = list(dict.fromkeys([*values[field.key], *value]))
            elif value not in ("", []):
                values[field.key] = value
        for field, text in self.defaults:
            if field.key not in values:
                values[field.key] = self._value(field, "", text)
        return Row(line, cells, values)

    def _value(self, field: Field, header: str, text: str) -> Any:
        said = self.said.get(field.key)
        if said and (to := said.get(normal(text))) is not None:
            if to == LEAVE_OUT:
                raise SetAside(header, _("“%(text)s” was said to be left out.") % {"text": text[:80]})
            text = to
        if field.key in self.choices:
            return self._choice(field, header, text)
        try:
            names = self.names.get(field.key)
            return names.find(text) if names else field.parse(text)
        except CellError as error:
            raise SetAside(header, str(error)) from error

    def _choice(self, field: Field, header: str, text: str) -> str:
        value = self.choices[field.key].get(normal(text))
        if value is not None:
            return value
        self.unmatched.setdefault(field.key, Counter())[text[:200]] += 1
        if field.otherwise is None:
            raise SetAside(
                header,
                _("“%(text)s” is not one of: %(choices)s.")
                % {
                    "text": text[:80],
                    "choices": ", ".join(str(label) for label in (field.choices or dict)().values()),
                },
            )
        return field.otherwise


def _choices(field: Field) -> dict[str, str]:
    """Every way to say a choice, normalised -> its value."""
    assert field.choices is not None
    known = {normal(spelling): value for spelling, value in field.spellings.items()}
    for language in ("es", "en"):
        with override(language):
            known |= {normal(str(label)): value for value, label in field.choices().items()}
    return known | {normal(value): value for value in field.choices()}


def is_choice(field: Field, value: str) -> bool:
    """Whether a value may be said of a field: one of its choices, or that its rows are left out."""
    return value == LEAVE_OUT or not field.choices or normal(value) in _choices(field)
