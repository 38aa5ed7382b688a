"""Entering and changing a row: refused where somebody else changed the same, saved where it differs, in the trail once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.conflict import Clash, ConflictError
from comity.editing.values import Related, Values, field_of, plain, plain_values, put

Row = TypeVar("Row", bound=Model)
Check = Callable[[Row], None]
Whose = int | Callable[[Row], int | None] | None
VERSION = "version"


@dataclass(frozen=True)
class Changed(Generic[Row]):
    """A row as it is now, and what of it is new: nothing, and it is false.

    before, after  the facts that differ, as plain values
    """

    row: Row
    before: Values
    after: Values

    def __bool__(self) -> bool:
        return bool(self.after)


@transaction.atomic
def change(
    rows: QuerySet[Row],
    pk: object,
    values: Mapping[str, Any],
    *,
    by: audit.Actor,
    action: str,
    seen: Mapping[str, Any] | None = None,
    check: Check[Row] | None = None,
    related: Mapping[str, Related] | None = None,
    partner_id: Whose[Row] = None,
) -> Changed[Row]:
    """Change facts of one row, which is locked until the transaction ends.

    rows        those that may be changed
    values      the facts as they should be: fields of the model, and what is in `related`
    seen        them as this person saw them, plain; None when a machine asks. What somebody else changed since stays,
                unless this person changed it too
    check       the room's own rules, asked of the row as it would be; it may tidy it, and raises DomainError
    partner_id  whose history it is, or a function of the row; the row's own partner, unless given

    Nothing at all is written when nothing differs. A field `version` counts the changes.

    Raises ConflictError when both changed one fact; DomainError when the row is gone or would not be right.
    """
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise DomainError(_("This no longer exists."))
    related = related or {}
    before = plain_values(row, values, related)
    wanted = what_differs(row, values, before, seen)
    was = _columns(row)
    beside = {name for name in wanted if name in related or field_of(row, name).many_to_many}
    for name in wanted.keys() - beside:
        put(row, name, wanted[name])
    if check is not None:
        check(row)
    written = [name for name, value in _columns(row).items() if value != was[name]]
    refuse_wrong(row, only=written)
    _write_beside(
        row, {name: wanted[name] for name in beside if plain(wanted[name]) != before[name]}, related
    )
    after = plain_values(row, values, related)
    changed = [name for name in values if after[name] != before[name]]
    if changed or written:
        _save(row, written)
    then, now = ({name: facts[name] for name in changed} for facts in (before, after))
    if changed:
        whose = _whose(row, partner_id)
        audit.record(by=by, action=action, target=row, before=then, after=now, partner_id=whose)
    return Changed(row, then, now)


@transaction.atomic
def create(
    model: type[Row],
    values: Mapping[str, Any],
    *,
    by: audit.Actor,
    action: str,
    check: Check[Row] | None = None,
    related: Mapping[str, Related] | None = None,
    partner_id: Whose[Row] = None,
) -> Row:
    """Enter a row with these facts; the arguments are those of `change`. Raises DomainError."""
    related = related or {}
    row = model()
    beside = {
        name: value for name, value in values.items() if name in related or field_of(model, name).many_to_many
    }
    for name, value in values.items():
        if name not in beside:
            put(row, name, value)
    if check is not None:
        check(row)
    refuse_wrong(row)
    with _nobody_quicker():
        row.save(force_insert=True)
    _write_beside(row, beside, related)
    known = {
        name: value
        for name, value in plain_values(row, values, related).items()
        if value not in (None, "", [])
    }
    audit.record(by=by, action=action, target=row, after=known, partner_id=_whose(row, partner_id))
    return row


@transaction.atomic
def remove(row: Row, *, by: audit.Actor, action: str, partner_id: Whose[Row] = None) -> None:
    """Delete a row, and what belongs to it; what it said stays in the trail. Raises DomainError where something rests on it."""
    names = [field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key]
    known = {name: value for name, value in plain_values(row, names).items() if value not in (None, "", [])}
    audit.record(by=by, action=action, target=row, before=known, partner_id=_whose(row, partner_id))
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        raise DomainError(_("“%(name)s” is still in use, so it stays.") % {"name": row}) from None


def what_differs(
    row: Model, values: Mapping[str, Any], now: Values, seen: Mapping[str, Any] | None
) -> Values:
    """What this person changed of what was seen. Raises ConflictError for what somebody else changed otherwise.

    now  the facts as they are, plain
    """
    if seen is None:
        return dict(values)
    mine = {name: value for name, value in values.items() if name not in seen or plain(value) != seen[name]}
    clashes = [
        Clash(name, seen.get(name), now[name], plain(value))
        for name, value in mine.items()
        if now[name] != plain(value) and (name not in seen or now[name] != seen[name])
    ]
    if clashes:
        raise ConflictError(row, clashes)
    return mine


def _columns(row: Model) -> Values:
    """What is kept in the row itself, by the names of its fields."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _save(row: Model, written: list[str]) -> None:
    """What was written, what the model stamps by itself, and one more version."""
    stamped = [field.name for field in row._meta.concrete_fields if getattr(field, "auto_now", False)]
    version = getattr(row, VERSION, None)
    if isinstance(version, int):
        setattr(row, VERSION, version + 1)
        stamped.append(VERSION)
    if written or stamped:
        with _nobody_quicker():
            row.save(update_fields=[*written, *stamped])


def _write_beside(row: Model, values: Values, related: Mapping[str, Related]) -> None:
    for name, value in values.items():
        if name not in related:
            getattr(row, name).set(value)
        elif write := related[name].write:
            write(row, value)


def refuse_wrong(row: Model, only: list[str] | None = None) -> None:
    """The model's own rules, for the fields named. Raises DomainError with the first that does not hold."""
    fields = [field.name for field in row._meta.concrete_fields]
    skipped = [name for name in fields if only is not None and name not in only]
    try:
        row.full_clean(exclude=skipped)
    except ValidationError as error:
        name, found = next(iter(error.error_dict.items()))
        raise DomainError(found[0].messages[0], "" if name == NON_FIELD_ERRORS else name) from None


@contextmanager
def _nobody_quicker() -> Iterator[None]:
    """What was free when it was looked at may be taken by the time it is written."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise DomainError(_("Someone else just entered the same thing. Look at theirs first.")) from None


def _whose(row: Row, told: Whose[Row]) -> int | None:
    found = told(row) if callable(told) else told or getattr(row, "partner_id", None)
    return found if isinstance(found, int) else None
