"""What both lists write alike: rows that nobody sees until the import is whole, their changes, their acts; and undoing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import F, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports import setwise
from comity.imports.models import Import, ImportRow, StagedChange
from comity.imports.obstacles import changed_since, referred_to
from comity.imports.profiles import Act, Handler, Staged
from comity.partners.duplicates import finding
from comity.partners.models import Alias, Domain, Partner, Person
from comity.search.sorting import sort_key

Change = tuple[str, int | None, Mapping[str, Sequence[Any]]]  # a model's label, the row, fact -> [old, new]
_PARTS: tuple[type[Model], ...] = (Alias, Domain)  # rows that are part of a record and go with it
_LOOKED_AT = 500  # of those changed since, more need not be named


class ListHandler(Handler):
    """See comity.imports.profiles.Handler.

    model    what comes in by the list: made hidden, and seen as soon as the import is whole
    changes  the models of which it changes rows
    """

    model: ClassVar[type[Partner | Person]]
    changes: ClassVar[Sequence[type[Model]]]

    def __init__(self) -> None:
        self.made: dict[int, int] = {}  # line -> id of what it makes

    def insert_hidden(
        self, batch: Import, facts: Sequence[str], rows: Iterable[tuple[int, Mapping[str, Any]]]
    ) -> None:
        """Insert rows as they are on their way in: the key and the facts of each; what is not said is the field's default."""
        fields: list[Any] = [self.model._meta.get_field(name) for name in facts]
        defaults = {field.name: field.get_default() for field in fields}
        now = timezone.now()
        stamp = (batch.pk, True, 1, now, now)
        setwise.insert(
            self.model,
            ["id", *facts, "import_id", "arriving", "version", "created_at", "updated_at"],
            ((pk, *(said.get(name, usual) for name, usual in defaults.items()), *stamp) for pk, said in rows),
        )

    def commit(self, batch: Import) -> None:
        if any(setwise.stale_changes(batch.pk, model) for model in self.changes):
            raise DomainError(
                _("Someone changed one of these while the file was being applied. Check the preview again.")
            )
        self.model.objects.filter(import_id=batch.pk, arriving=True).update(arriving=False)
        for model in self.changes:
            setwise.apply_changes(batch.pk, model)

    def revert(self, batch: Import) -> None:
        for model in self.changes:
            setwise.apply_changes(batch.pk, model, back=True)
        self.model.objects.filter(import_id=batch.pk).update(arriving=True)

    def touch(self, batch: Import, also: Iterable[int] = ()) -> None:
        """What was changed gets a new version; what the import made stays as it is."""
        changed = StagedChange.objects.filter(batch=batch, model=self.model._meta.label).values("target_id")
        rows = self.model.objects.exclude(import_id=batch.pk)
        beside = (rows.filter(pk__in=part).exclude(pk__in=changed) for part in setwise.chunks(also, 500))
        for each in (rows.filter(pk__in=changed), *beside):
            each.update(version=F("version") + 1, updated_at=timezone.now())

    def obstacles(self, batch: Import) -> list[str]:
        made = self.model.objects.filter(import_id=batch.pk)
        edited = made.filter(Q(version__gt=1) | ~Q(merged_into=None)).order_by("pk")
        found = []
        for model in self.changes:
            again = self.changed_again(batch, model)[:_LOOKED_AT]
            there = {row.pk: str(row) for row in model._base_manager.filter(pk__in=again)}
            changed = {pk: there.get(pk, _("one that is gone")) for pk in again}
            if model is self.model:
                changed |= dict(edited.values_list("pk", "name"))
            found += changed_since(batch, model, changed)
        return [*found, *referred_to(batch, made, "name", _PARTS)]

    def changed_again(self, batch: Import, model: type[Model]) -> list[int]:
        """Rows of a model in which what it wrote is something else by now."""
        return setwise.stale_changes(batch.pk, model, back=True)

    def finished(self, batch: Import) -> None:
        finding.look_again(by=batch.by or batch.actor)


def stage(batch: Import, changes: Iterable[Change]) -> None:
    """Keep changes of rows that exist, to be written all at once."""
    setwise.insert(
        StagedChange,
        ["batch", "model", "field", "target_id", "old", "new"],
        (
            (batch.pk, label, fact, target_id, _text(old), _text(new))
            for label, target_id, facts in changes
            for fact, (old, new) in _with_sort_key(facts).items()
        ),
    )


def _with_sort_key(facts: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    return {**facts, "sort_name": [sort_key(name) for name in facts["name"]]} if "name" in facts else facts


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(int(value))
    return None if value is None else str(value)


def act_of(row: Staged, kind: str, made: Mapping[str, Any], partner_id: int | None) -> Act:
    """The line of the trail for one row.

    made  the facts of a new one
    """
    new = row.outcome == ImportRow.Outcome.NEW
    before = None if new else {key: old for key, (old, _new) in row.changes.items()}
    after = dict(made) if new else {key: now for key, (_old, now) in row.changes.items()}
    assert row.target_id is not None
    return Act(kind, row.target_id, row.label, new, before, after, partner_id)
