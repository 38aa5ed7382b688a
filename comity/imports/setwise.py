"""Writing many rows at once, on both databases, without one object for each.

What the ORM's bulk methods do in half a minute for 100,000 rows takes seconds here: ids are reserved first,
rows go in as tuples, and changes are one UPDATE a field from a table of staged values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from json import JSONDecoder
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.functions import Cast

from comity.core.errors import DomainError
from comity.imports.models import Import, ImportRow, StagedChange
from comity.imports.profiles import Staged
from comity.search.sorting import sort_key, sort_keys

T = TypeVar("T")
_decode = JSONDecoder().decode
CHUNK = 4_000  # rows of one transaction: about a fifth of a second


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of up to `size`."""
    following = iter(rows)
    while chunk := list(islice(following, size)):
        yield chunk


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for `count` new rows that nobody else will get. In a transaction."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        known = cursor.fetchone()
        last = known[0] if known else 0
        if known:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
    return list(range(last + 1, last + count + 1))


def insert(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, once: bool = False
) -> None:
    """Insert rows given as tuples in the order of `names`: every field but the id. JSON is given as text.

    once  whether rows that are there already are left as they are
    """
    names, rows = _with_sort_keys(model, names, rows)
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(column(field) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    converters = [(at, _Converted(field)) for at, field in enumerate(fields) if isinstance(field, _CONVERTED)]
    written = [_converted(row, converters) for row in rows] if converters else list(rows)
    with connection.cursor() as cursor:
        table = quote(model._meta.db_table)
        known = " ON CONFLICT DO NOTHING" if once else ""
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places}){known}", written)


def _with_sort_keys(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    """The same with what rows are sorted by, which a model works out only where it saves."""
    followed = [(names.index(of), key) for of, key in sort_keys(model).items() if of in names]
    if not followed:
        return names, rows
    with_keys = ((*row, *(sort_key(row[at]) for at, _key in followed)) for row in rows)
    return [*names, *(key for _at, key in followed)], with_keys


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, _Converted]]) -> Sequence[Any]:
    values = list(row)
    for at, converted in converters:
        values[at] = converted[values[at]]
    return values


def update(model: type[models.Model], changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Write some fields of each of some thousand rows: the key of one, and what is to be in it.

    Half a second for 5,000 rows of four fields; the statements that `bulk_update` makes of them take many times as long.
    """
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    keys = sort_keys(model)
    for pk, said in changes:
        values = {**said, **{keys[name]: sort_key(said[name]) for name in keys.keys() & said.keys()}}
        fields: list[Any] = [model._meta.get_field(name) for name in values]
        written = [field.get_db_prep_save(values[field.name], connection) for field in fields]
        alike.setdefault(tuple(column(field) for field in fields), []).append([*written, pk])
    with connection.cursor() as cursor:
        for columns, rows in alike.items():
            places = ", ".join(f"{name} = %s" for name in columns)
            cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {places} WHERE id = %s", rows)


def set_targets(model: type[models.Model], pairs: Iterable[tuple[int, int]]) -> None:
    """Give rows their target: (target, row) pairs."""
    with connection.cursor() as cursor:
        table = quote(model._meta.db_table)
        cursor.executemany(f"UPDATE {table} SET target_id = %s WHERE id = %s", list(pairs))


def delete(rows: models.QuerySet[Any]) -> None:
    """Delete rows in one statement, without asking each what hangs on it: the caller knows."""
    rows._raw_delete(rows.db)  # noqa: SLF001


def quote(name: str) -> str:
    """A table's or column's name as SQL writes it."""
    return connection.ops.quote_name(name)


def column(field: Any) -> str:
    """The column of a model's field, as SQL writes it."""
    return quote(str(field.column))


# Fields whose values the driver does not take as they are.
_CONVERTED = (models.DateTimeField, models.DateField, models.DecimalField)


class _Converted(dict[Any, Any]):
    """Values as the driver wants them, each worked out once: most rows share their moments."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        super().__init__()
        self.field = field

    def __missing__(self, value: Any) -> Any:
        self[value] = self.field.get_db_prep_save(value, connection)
        return self[value]


def apply_changes(batch_id: int, model: type[models.Model], *, back: bool = False) -> None:
    """Write the staged changes of one model: one UPDATE a field. In a transaction.

    back  from new to old: for undoing

    Raises DomainError, and then nothing may be kept, if a record no longer is as it was when it was staged.
    """
    for name in _staged_fields(batch_id, model):
        _apply_field(batch_id, model, name, back=back)


def stale_changes(batch_id: int, model: type[models.Model], *, back: bool = False) -> list[int]:
    """Rows of a model of which a staged change would now meet another value than the one shown."""
    fields = list(_staged_fields(batch_id, model))
    return sorted({pk for name in fields for pk in _stale(batch_id, model, name, back=back)})


def _staged_fields(batch_id: int, model: type[models.Model]) -> Iterable[str]:
    staged = StagedChange.objects.filter(batch=batch_id, model=model._meta.label)
    return staged.order_by("field").values_list("field", flat=True).distinct()


def _apply_field(batch_id: int, model: type[models.Model], name: str, *, back: bool) -> None:
    if _stale(batch_id, model, name, back=back):
        raise DomainError("A record has since been changed.")
    written, typed = _typed(model, name)
    table, staged = quote(model._meta.db_table), quote(StagedChange._meta.db_table)
    value = "old" if back else "new"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {written} = CAST(s.{value} AS {typed}) FROM {staged} s "
            f"WHERE s.batch_id = %s AND s.model = %s AND s.field = %s AND s.target_id = {table}.id",
            [batch_id, model._meta.label, name],
        )


def _stale(batch_id: int, model: type[models.Model], name: str, *, back: bool) -> list[int]:
    written, typed = _typed(model, name)
    table, staged = quote(model._meta.db_table), quote(StagedChange._meta.db_table)
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    value = "new" if back else "old"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.target_id FROM {staged} s LEFT JOIN {table} t ON t.id = s.target_id "
            "WHERE s.batch_id = %s AND s.model = %s AND s.field = %s "
            f"AND (t.id IS NULL OR t.{written} {differs} CAST(s.{value} AS {typed}))",
            [batch_id, model._meta.label, name],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _typed(model: type[models.Model], name: str) -> tuple[str, str]:
    """A column and the type staged text is cast to."""
    field: Any = model._meta.get_field(name)
    kind = str(field.db_type(connection))
    if connection.vendor == "sqlite":
        # SQLite knows few types, and a day is text: a cast to "date" would make it a number.
        kind = "integer" if isinstance(field, _NUMBERS) else "text"
    return column(field), kind


_NUMBERS = (models.IntegerField, models.BooleanField, models.ForeignKey, models.AutoField)


def staged(batch: Import, *outcomes: str, after: int = 0) -> Iterator[Staged]:
    """The staged rows of an import in the order of lines, past a line; without outcomes all but those set aside."""
    rows = ImportRow.objects.filter(batch=batch, line__gt=after).order_by("line")
    rows = (
        rows.filter(outcome__in=outcomes) if outcomes else rows.exclude(outcome=ImportRow.Outcome.SET_ASIDE)
    )
    texts = rows.annotate(
        write_text=Cast("write", models.TextField()), changes_text=Cast("changes", models.TextField())
    ).values_list("pk", "line", "outcome", "write_text", "changes_text", "label", "target_id")
    for pk, line, outcome, write, changes, label, target_id in texts.iterator(chunk_size=2_000):
        yield Staged(pk, line, outcome, _read(write), _read(changes), label, target_id)


def _read(text: str) -> dict[str, Any]:
    """What was staged as JSON; most rows have one of the two empty."""
    return {} if text == "{}" else _decode(text)
