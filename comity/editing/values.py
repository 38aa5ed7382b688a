"""The facts of a row as plain values, such as JSON and the trail keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet

from comity.ui.tables.columns import Words

Values = dict[str, Any]


@dataclass(frozen=True)
class Related:
    """Facts kept beside a row and changed with it, such as the other names of a partner.

    read   what the row has: a list of plain values
    write  make it have these; None where the service does that by itself
    """

    read: Callable[[Any], list[Any]]
    write: Callable[[Any, list[Any]], None] | None = None


@dataclass(frozen=True)
class Said:
    """How a fact is said that no single field of a form asks for.

    label  what it is called
    words  a plain value of it as people read it; the names of the rows it points to, unless given
    """

    label: Words
    words: Callable[[Any], str] | None = None


def plain(value: Any) -> Any:
    """One value: rows by their key, days as ISO, several sorted; a tuple is one value of several parts.

    A list of such as are told by name keeps its order. A line's end is one sign, however a browser sends it.
    """
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, (list, set, QuerySet)):
        parts = list(map(plain, value))
        if any(isinstance(part, dict) for part in parts):
            return parts
        return sorted(parts, key=lambda part: (type(part).__name__, part))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return (
        value if value is None or isinstance(value, (bool, int, float)) else str(value).replace("\r\n", "\n")
    )


def plain_values(row: Model, names: Iterable[str], related: Mapping[str, Related] | None = None) -> Values:
    """The facts of a row by name; those in `related` as they read them."""
    return {
        name: plain(related[name].read(row))
        if related and name in related
        else _of_field(row, field_of(row, name))
        for name in names
    }


def _of_field(row: Model, field: Field[Any, Any]) -> Any:
    if field.many_to_many:
        return sorted(getattr(row, field.name).values_list("pk", flat=True)) if row.pk else []
    return plain(getattr(row, field.attname))


def put(row: Model, name: str, value: Any) -> None:
    """Give a row one fact; a row it points to may be given by its key."""
    field = field_of(row, name)
    by_key = field.is_relation and not isinstance(value, Model)
    setattr(row, field.attname if by_key else name, value)


def field_of(row: Model | type[Model], name: str) -> Field[Any, Any]:
    """The field of this name. Raises TypeError for what is none of the model's own: a mistake of ours."""
    found = {field.name: field for field in (*row._meta.fields, *row._meta.many_to_many)}.get(name)
    if found is None:
        raise TypeError(f"{row._meta.label} has no {name}.")
    return found


def references(model: type[Model]) -> Iterator[ForeignKey[Any, Any]]:
    """Every foreign key, of whatever room, that points at a model; also those of many-to-many tables.

    Asked of the models themselves, so that no room is forgotten.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if relation.auto_created and isinstance(field, ForeignKey) and field.related_model is model:
            yield field
