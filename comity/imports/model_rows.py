"""Planning, writing and taking back the rows of a list of one model: see `model_lists`.

Planned one by one, with the model's own rules and the room's; written together in one short transaction, which first
compares each row with what was shown; taken back together while nobody changed what it wrote or built on it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.changing import VERSION, refuse_wrong
from comity.editing.values import plain, put
from comity.imports import setwise
from comity.imports.models import Import, ImportRow
from comity.imports.obstacles import changed_since, referred_to
from comity.imports.parsing import plainly
from comity.imports.profiles import Act, Field, Handler, Plan, Row, Staged
from comity.imports.setwise import staged

MOST = 5_000  # rows of one list: more would hold the database for longer than two seconds
_BATCH = 200
MET, MADE = 0, 1  # the two sides of a change as it is staged


class ModelRows(Handler):
    """See comity.imports.profiles.Handler."""

    def __init__(
        self,
        model: type[Model],
        fields: Sequence[Field],
        key: Sequence[str],
        *,
        rows: Callable[[], QuerySet[Any]],
        check: Callable[[Any], None] | None,
        after: Callable[[], object] | None,
        stays: Callable[[], str] | None = None,
    ) -> None:
        self.model, self.key, self.rows, self.stays = model, key, rows, stays
        self.fields = {field.key: field for field in fields}
        self.check, self.after = check, after
        own = [field for field in model._meta.concrete_fields if not field.primary_key]
        stamped = {"auto_now", "auto_now_add"}
        self.kept = [
            field.name
            for field in own
            if field.name != VERSION and not any(getattr(field, kind, False) for kind in stamped)
        ]
        self.unique = [
            *((field.name,) for field in own if field.unique),
            *(constraint.fields for constraint in model._meta.total_unique_constraints),
        ]

    # --- what becomes of each row ---

    def fingerprint(self) -> str:
        digest = hashlib.sha256(repr(list(self.rows().order_by("pk").values_list("pk", *self.kept))).encode())
        for field in self.fields.values():
            if field.names is not None:
                digest.update(repr(field.names.read().tables).encode())
        return digest.hexdigest()

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        if len(rows) > MOST:
            raise DomainError(
                _(
                    "A list of this kind can have up to %(most)s rows. This one has %(rows)s. Split it into "
                    "smaller files."
                )
                % {"most": f"{MOST:,}", "rows": f"{len(rows):,}"}
            )
        self.known: dict[tuple[Any, ...], list[Model]] = defaultdict(list)
        for known in self.rows():
            self.known[self._key(self._facts(known))].append(known)
        self.said: dict[tuple[Any, ...], tuple[Plan, dict[str, Any]]] = {}
        self.taken: dict[tuple[Any, ...], int] = {}
        self.words: dict[tuple[str, Any], Any] = {}
        for row in rows:
            try:
                yield self._planned(row)
            except DomainError as error:
                yield Plan(row, ImportRow.Outcome.SET_ASIDE, field=error.field, reason=str(error))

    def _planned(self, row: Row) -> Plan:
        """What becomes of one row. Raises DomainError, with the field at fault, if it cannot be taken."""
        self._refuse_unsaid(row, [name for name in self.key if not self._may_be_empty(name)])
        key = self._key(row.values)
        if key in self.said:
            return self._again(row, *self.said[key])
        if len(self.known[key]) > 1:
            raise DomainError(
                _("There are several of these, so we cannot tell which one you mean."), self.key[0]
            )
        known = next(iter(self.known[key]), None)
        if known is None:
            self._refuse_unsaid(row, [field.key for field in self.fields.values() if field.required])
        wanted: Any = copy(known) if known else self.model()
        before = self._facts(known) if known else {}
        self._put(wanted, row.values)
        if self.check is not None:
            self.check(wanted)
        after = self._facts(wanted)
        written = [name for name in self.kept if known is None or after[name] != before[name]]
        refuse_wrong(wanted, only=written if known else None)
        self._refuse_taken(after, written, row.line)
        plan = self._plan(row, known, wanted, before, after, written)
        self.said[key] = plan, after
        return plan

    def _may_be_empty(self, name: str) -> bool:
        field: Any = self.model._meta.get_field(name)
        return bool(field.null)

    def _refuse_unsaid(self, row: Row, names: Iterable[str]) -> None:
        for name in names:
            if name not in row.values:
                label = self.fields[name].label
                raise DomainError(_("“%(field)s” is required, but it is empty.") % {"field": label}, name)

    def _plan(
        self,
        row: Row,
        known: Model | None,
        wanted: Model,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        written: list[str],
    ) -> Plan:
        said = [name for name in row.values if name in written]
        plan = Plan(row, ImportRow.Outcome.SAME, label=str(wanted), target_id=wanted.pk)
        if said:
            plan.outcome = ImportRow.Outcome.CHANGED if before else ImportRow.Outcome.NEW
            plan.changes = {
                name: [self._shown(name, before.get(name), known), self._shown(name, after[name], wanted)]
                for name in said
            }
            plan.write = {
                "set": {name: [before.get(name), after[name]] for name in written},
                "partner": after.get("partner"),
            }
        return plan

    def _again(self, row: Row, earlier: Plan, facts: Mapping[str, Any]) -> Plan:
        """A later row of what an earlier one is about: it may say less, but nothing else."""
        other = self.model()
        self._put(other, row.values)
        now = self._facts(other)
        differs = next((name for name in row.values if now[name] != facts[name]), None)
        if differs is not None:
            raise DomainError(
                _("Line %(line)s is about the same record, but it says something else.")
                % {"line": earlier.row.line},
                differs,
            )
        return Plan(row, ImportRow.Outcome.SAME, label=earlier.label, target_id=earlier.target_id)

    def _key(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        found = (values.get(name) for name in self.key)
        return tuple(plainly(value) if isinstance(value, str) else value for value in found)

    def _refuse_taken(self, facts: Mapping[str, Any], written: Iterable[str], line: int) -> None:
        """What only one may have, and an earlier row of the file has already."""
        for names in self.unique:
            key = (*names, *(facts[name] for name in names))
            if not set(names) & set(written) or None in key:
                continue
            if key in self.taken:
                raise DomainError(_("Line %(line)s already says this.") % {"line": self.taken[key]}, names[0])
            self.taken[key] = line

    def _shown(self, name: str, value: Any, record: Model | None) -> Any:
        """A value as the preview has it: rows by what they are called."""
        names, words = self.fields[name].names, self.fields[name].words
        if words is not None:
            return words(record) if record else None
        if names is None or value is None:
            return value
        if (name, value) not in self.words:
            self.words[name, value] = names.words(value)
        return self.words[name, value]

    # --- rows and their facts ---

    def _facts(self, row: Model) -> dict[str, Any]:
        """What is kept of a row, as plain values."""
        return {name: plain_of(row, name) for name in self.kept}

    def _put(self, row: Model, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            field: Any = self.model._meta.get_field(name)
            put(row, name, value if field.is_relation else field.to_python(value))

    # --- writing ---

    def begin(self, batch: Import) -> None:
        new = list(_new(batch).values_list("pk", flat=True))
        setwise.set_targets(ImportRow, zip(setwise.reserve_ids(self.model, len(new)), new, strict=True))

    def commit(self, batch: Import) -> None:
        made = []
        for row in staged(batch, ImportRow.Outcome.NEW):
            new = self.model(pk=row.target_id)
            self._put(new, {name: now for name, (_then, now) in row.write["set"].items()})
            made.append(new)
        try:
            with transaction.atomic():
                self.model._base_manager.bulk_create(made, batch_size=_BATCH)
                turn(self.model, staged(batch, ImportRow.Outcome.CHANGED))
        except IntegrityError:
            raise DomainError(_("Someone has since added one of these. Check the preview again.")) from None
        self._done()

    def _done(self) -> None:
        if self.after is not None:
            self.after()

    def acts(self, batch: Import, rows: Sequence[Staged]) -> list[Act]:
        return [self._act(row) for row in rows if row.target_id and row.write]

    def _act(self, row: Staged) -> Act:
        made = row.outcome == ImportRow.Outcome.NEW
        facts = {name: row.write["set"][name] for name in row.changes}
        before = None if made else {name: old for name, (old, _new) in facts.items()}
        after = {name: new for name, (_old, new) in facts.items()}
        return Act(
            self.model._meta.label, row.target_id or 0, row.label, made, before, after, row.write["partner"]
        )

    # --- taking back ---

    def obstacles(self, batch: Import) -> list[str]:
        if self.stays is not None and (sentence := self.stays()):
            return [sentence]
        rows = [row for row in staged(batch, *_WRITTEN) if row.target_id]
        known = self.model._base_manager.in_bulk([row.target_id for row in rows])
        touched = {
            row.target_id or 0: row.label
            for row in rows
            if self._is_touched(row, known.get(row.target_id or 0))
        }
        made = self.model._base_manager.filter(pk__in=_new(batch).values("target_id"))
        return [*changed_since(batch, self.model, touched), *referred_to(batch, made)]

    def _is_touched(self, row: Staged, record: Model | None) -> bool:
        """Whether a row is no longer as the import wrote it; what it made may have been removed since."""
        if record is None:
            return row.outcome == ImportRow.Outcome.CHANGED
        return not is_as(record, row, MADE)

    def revert(self, batch: Import) -> None:
        turn(self.model, staged(batch, ImportRow.Outcome.CHANGED), back=True)
        made = _new(batch).values("target_id")
        setwise.delete(self.model._base_manager.filter(pk__in=made))
        self._done()


def plain_of(row: Model, name: str) -> Any:
    """One fact of a row, as it is staged."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if isinstance(field, models.DecimalField) and value is not None:
        value = Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    return value if isinstance(field, models.JSONField) else plain(value)


def is_as(record: Model, row: Staged, side: int) -> bool:
    """Whether a record has what a staged row MET, or what it MADE of it."""
    return all(plain_of(record, name) == pair[side] for name, pair in row.write["set"].items())


def turn(model: type[Model], rows: Iterable[Staged], *, back: bool = False) -> None:
    """Write the changes of known rows of a model; back, as they were. Raises DomainError where one is something else by now."""
    staged_rows = list(rows)
    known: dict[int, Any] = model._base_manager.select_for_update().in_bulk(
        [row.target_id for row in staged_rows]
    )
    before, after = (MADE, MET) if back else (MET, MADE)
    stamped = [field.name for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]
    written = []
    for row in staged_rows:
        record = known.get(row.target_id or 0)
        if record is None or not is_as(record, row, before):
            raise DomainError(
                _("“%(record)s” has since been changed. Check the preview again.") % {"record": row.label}
            )
        values = {name: pair[after] for name, pair in row.write["set"].items()}
        values |= {name: timezone.now() for name in stamped}
        if isinstance(version := getattr(record, VERSION, None), int):
            values[VERSION] = version + 1
        written.append((record.pk, values))
    setwise.update(model, written)


_WRITTEN = (ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED)


def _new(batch: Import) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.NEW).order_by("line")
