"""Which column of a file holds which field, and what its cells mean: told by a person, remembered, or guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import fuzz

from comity.core.errors import DomainError
from comity.imports.models import Import, Memory
from comity.imports.parsing import NUMBERS, CellError, clean, plainly
from comity.imports.profiles import LEAVE_OUT, Field, Profile, Row
from comity.imports.reading import Line
from comity.imports.reading.headers import JOINED
from comity.ui.csv import restore

_SIGNS = re.compile(r"[\W_]+")
_REASONS = 3  # given of a column of which nothing is understood
_ALIKE = 90  # of 100: a header this close to a field's name is taken for it
_FEWEST = 4  # rows, of which it is asked whether too many say the same


def normal(text: str) -> str:
    """A header or a word without case, signs and extra space: `E-Mail_Address` is `e mail address`."""
    return " ".join(_SIGNS.sub(" ", text.casefold()).split())


def guess(profile: Profile, headers: Sequence[str]) -> dict[str, str]:
    """Header -> field, "" where a column says nothing we keep.

    What was said last time stands first, then the field's own name, then its synonyms, then names that are
    almost the same. A field is given to one column only, the best, unless it takes many.
    """
    known = Memory.objects.filter(profile=profile.key).values_list("column", "field")
    remembered = {column: field for column, field in known if not field or profile.has(field)}
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
                _("The file has no column “%(column)s”. Its columns are: %(headers)s.")
                % {"column": name, "headers": ", ".join(headers)[:500]}
            )
        by_header[header] = key
    taken = {key for key in by_header.values() if key and not profile.field(key).many}
    guessed = {header: "" if key in taken else key for header, key in mapping.items()}
    return guessed | by_header


def knows(profile: Profile) -> Callable[[Sequence[str]], int]:
    """What tells how many fields some cells are the headers of, by names that are known or were told."""
    names = {name: field.key for field in profile.fields if not field.column for name in _names(field)}
    told = Memory.objects.filter(profile=profile.key).exclude(field="").values_list("column", "field")
    names |= {column: key for column, key in told if profile.has(key)}
    return lambda cells: len({names[said] for cell in cells if (said := normal(cell)) in names})


def _score(header: str, field: Field, remembered: Mapping[str, str]) -> float:
    said = normal(header)
    if not said:
        return 0
    if said in remembered:
        return 200 if remembered[said] == field.key else 0
    if field.column:
        return 0
    names = _names(field)
    for sure, words in ((150, said), (140, normal(header.rpartition(JOINED)[2]))):
        if words in names:
            return sure - names.index(words) / 100
    if len(said) < 5 or field.tells:
        return 0
    best = max(fuzz.ratio(said, name) for name in names)
    return best if best >= _ALIKE else 0


def _names(field: Field) -> list[str]:
    with override("en"):
        label = str(field.label)
    said = (field.key, field.key.removesuffix("_cents"), label, *field.synonyms)
    return list(dict.fromkeys(map(normal, said)))


def check(profile: Profile, mapping: Mapping[str, str]) -> None:
    """Raises DomainError if a field is unknown, or said by two columns, or a required one by none."""
    counts = Counter(key for key in mapping.values() if key)
    for key, times in counts.items():
        if not profile.has(key):
            raise DomainError(_("There is no field “%(field)s”.") % {"field": key})
        if times > 1 and not profile.field(key).many:
            raise DomainError(
                _("%(n)d columns are mapped to “%(field)s”. Keep only one.")
                % {"n": times, "field": profile.field(key).label}
            )
    for field in profile.fields:
        if field.required and field.key not in counts:
            raise DomainError(
                _("Choose a column for “%(field)s”. Rows cannot be read without it.") % {"field": field.label}
            )
    if profile.check is not None:
        profile.check(mapping)


def ask(
    profile: Profile,
    batch: Import,
    told: Iterable[str],
    twins: Mapping[str, Sequence[str]],
    lines: Sequence[Line],
) -> None:
    """Raises DomainError where the mapping that was guessed needs a person to look at it.

    told   the columns that somebody told of
    twins  a header that stands over several columns -> what those are called here
    """
    known = set(Memory.objects.filter(profile=profile.key).values_list("column", flat=True))
    known |= {normal(column) for column in told}
    mapping = batch.mapping
    for header, same in twins.items():
        guessed = [one for one in same if mapping[one] and not profile.field(mapping[one]).many]
        if guessed and not any(normal(one) in known for one in same):
            raise DomainError(
                _("%(n)d columns have the header “%(header)s”. Choose which of them is “%(field)s”.")
                % {"n": len(same), "header": header[:100], "field": profile.field(mapping[guessed[0]]).label}
            )
    telling = [
        (place, header, profile.field(mapping[header]))
        for place, header in enumerate(batch.headers)
        if mapping[header] and profile.field(mapping[header]).tells
    ]
    needed = [field for field in profile.fields if field.required and field.tells]
    for place, header, field in telling:
        if needed == [field] and normal(header) not in known:
            others = [other for other, _header, _field in telling if other != place]
            rows = [(_at(line, place), [_at(line, one) for one in others]) for line in lines]
            _ask_of_names(header, field, rows)


def _at(line: Line, place: int) -> str:
    return plainly("".join(line.cells[place : place + 1]))


def _ask_of_names(header: str, field: Field, rows: Iterable[tuple[str, list[str]]]) -> None:
    """Raises DomainError where most rows have their name in common with another: then it may name a group of them.

    rows  the name of each, and what else tells which it is. Where nothing does and the header says plainly that
          it is the name, one body has several rows.
    """
    said = [(name, tuple(others)) for name, others in rows if name]
    names = Counter(name for name, _others in said)
    plain = normal(header) in _names(field)[:2]
    if len(said) < _FEWEST or len(names) * 2 > len(said) or (plain and len(set(said)) * 2 <= len(said)):
        return
    most, times = names.most_common(1)[0]
    raise DomainError(
        _(
            "Most rows say the same under “%(header)s” (“%(said)s” %(times)d times). If this is the “%(field)s”, "
            "choose it; if not, choose another column."
        )
        % {"header": header, "said": most[:80], "times": times, "field": field.label}
    )


def check_values(profile: Profile, values: Mapping[str, Mapping[str, str]]) -> None:
    """Raises DomainError if a cell is said to mean what its field does not have, or what nobody may assume."""
    for key, said in values.items():
        if not profile.has(key):
            continue
        field = profile.field(key)
        for text, value in said.items():
            if value != LEAVE_OUT and field.choices and normal(value) not in _choices(field):
                raise DomainError(
                    _("“%(value)s” is not a value of “%(field)s”.")
                    % {"value": value[:80], "field": field.label}
                )
            if not text and not field.assumed:
                raise DomainError(
                    _("An empty cell cannot count as an answer to “%(field)s”.") % {"field": field.label}
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


def too_long(cells: Sequence[str], width: int) -> str:
    """Why a row with more cells than there are headers cannot be read; "" for one that can."""
    if len(cells) <= width:
        return ""
    said = {"cells": len(cells), "headers": width}
    return _("The row has more cells (%(cells)d) than the file has headers (%(headers)d).") % said


class SetAside(Exception):
    """This row cannot be read; which column and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class _LeftOut(SetAside):
    """Somebody said that such rows are left out."""


class Understanding:
    """Reads rows of one file as its columns and values were mapped; counts what met no choice.

    mark  the decimal mark of its numbers, where somebody said it
    """

    def __init__(
        self,
        profile: Profile,
        headers: Sequence[str],
        mapping: Mapping[str, str],
        values: Mapping[str, Mapping[str, str]],
        mark: str = "",
    ) -> None:
        self.headers, self.mark = headers, mark
        self.columns = [
            (place, header, profile.field(mapping[header]))
            for place, header in enumerate(headers)
            if mapping.get(header)
        ]
        self.said = {
            key: {_word(profile.field(key), text): to for text, to in said.items()}
            for key, said in values.items()
            if profile.has(key)
        }
        self.defaults = [(profile.field(key), said[""]) for key, said in self.said.items() if said.get("")]
        self.choices = {field.key: _choices(field) for field in profile.fields if field.choices}
        self.names = {field.key: field.names.read() for field in profile.fields if field.names}
        self.unmatched: dict[str, Counter[str]] = {}
        self.understood: set[str] = set()
        self.refused: dict[str, list[str]] = {}
        self.left_out: Counter[str] = Counter()  # header -> cells that could not be read

    def row(self, line: int, cells: list[str]) -> Row:
        """The row's values. Raises SetAside."""
        row = Row(line, cells, {})
        values = row.values
        longer = too_long(cells, len(self.headers))
        aside = SetAside("", longer) if longer else None
        for header, field, text in self._said_by(cells) if aside is None else ():
            try:
                value = self._value(field, header, text)
            except SetAside as problem:
                self._refuse(header, line, problem)
                if field.required or field.tells or field.strict:
                    aside = aside or problem
                else:
                    row.leave_out(header, self._leave_out(header, problem))
                continue
            self.understood.add(header)
            if field.many and field.key in values:
                values[field.key] = list(dict.fromkeys([*values[field.key], *value]))
            elif value not in ("", []):
                values[field.key] = value
        if aside is not None:
            raise aside
        for field, text in self.defaults:
            if field.key not in values:
                values[field.key] = self._value(field, "", text)
        return row

    def _said_by(self, cells: Sequence[str]) -> Iterator[tuple[str, Field, str]]:
        """The cells that say something of a field."""
        for place, header, field in self.columns:
            cell = cells[place] if place < len(cells) else ""
            if cell and (text := clean(restore(cell), lines=field.lines)):
                yield header, field, text

    def _leave_out(self, header: str, problem: SetAside) -> str:
        self.left_out[header] += 1
        return _("“%(column)s” is left out: %(reason)s") % {"column": header, "reason": problem}

    def _refuse(self, header: str, line: int, problem: SetAside) -> None:
        """Note a cell that is not understood. A row that somebody said is left out is so at once."""
        if isinstance(problem, _LeftOut):
            raise problem
        reasons = self.refused.setdefault(header, [])
        if len(reasons) < _REASONS:
            reasons.append(_("Line %(line)s: %(reason)s") % {"line": line, "reason": problem})

    def refuse_columns(self) -> None:
        """After all rows. Raises DomainError for a column of which nothing was understood: some such cells are their rows'
        own fault; all of them say that another column was meant.
        """
        for header, reasons in self.refused.items():
            if header not in self.understood:
                raise DomainError(
                    _("Nothing in the column “%(column)s” could be read. %(reasons)s")
                    % {"column": header, "reasons": " ".join(reasons)}
                )

    def _value(self, field: Field, header: str, text: str) -> Any:
        said = self.said.get(field.key)
        if said and (to := said.get(_word(field, text))) is not None:
            if to == LEAVE_OUT:
                raise _LeftOut(
                    header, _("You chose to leave out rows with “%(text)s”.") % {"text": text[:80]}
                )
            text = to
        if field.key in self.choices:
            return self._choice(field, header, text)
        try:
            names = self.names.get(field.key)
            if names:
                return names.find(text)
            return field.parse(text, self.mark) if field.parse in NUMBERS else field.parse(text)
        except CellError as error:
            raise SetAside(header, str(error)) from error

    def _choice(self, field: Field, header: str, text: str) -> Any:
        reason = ""
        if field.reads is not None:
            try:
                return field.reads(text)
            except CellError as error:
                reason = str(error)
        elif (value := self.choices[field.key].get(normal(text))) is not None:
            return value
        self.unmatched.setdefault(field.key, Counter())[text[:200]] += 1
        if field.otherwise is None:
            raise SetAside(
                header,
                reason
                or _("“%(text)s” is not one of: %(choices)s.")
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


def _word(field: Field, text: str) -> str:
    """What two spellings of a cell have in common. Where cells are read, signs count: -1 is not 1."""
    return plainly(text) if field.reads else normal(text)
