"""Moving every row that refers to one record over to another, and back.

Which rows those are is asked of the models themselves, so no room is forgotten, nor one that comes later. Where
two rows may not stand side by side (two lead contacts, two memberships of one user), the one that moves ends
today; a row that is on the other side already, word for word (the same domain), stays with the tombstone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from comity.editing.values import references
from comity.files.models import Attachment


def move_all(
    source: models.Model, target: models.Model, day: date
) -> tuple[dict[str, list[int]], dict[str, Any]]:
    """Move all that refers to `source`; (what moved, what had to end), to be put back by. In a transaction."""
    moved: dict[str, list[int]] = {}
    ended: dict[str, dict[str, str | None]] = {}
    for field in references(type(target)):
        rows = field.model._base_manager.filter(**{field.name: source})
        if field.model is type(target):
            # The survivor itself may refer to the tombstone; it cannot come to refer to itself.
            rows = rows.exclude(pk=target.pk)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if not ids:
            continue
        went, stopped = _move(field, ids, target, day)
        moved[f"{field.model._meta.label}.{field.name}"] = went
        if stopped:
            ended.setdefault(field.model._meta.label, {}).update(stopped)
    files = Attachment.objects.filter(owner_kind=source._meta.label, owner_id=source.pk)
    attached = list(files.values_list("pk", flat=True))
    if attached:
        files.update(owner_id=target.pk)
        moved["files.Attachment.owner_id"] = attached
    return moved, ended


def _move(
    field: Any, ids: list[int], target: models.Model, day: date
) -> tuple[list[int], dict[str, str | None]]:
    """All at once if nothing is in the way, else row by row."""
    rows = field.model._base_manager
    try:
        with transaction.atomic():
            rows.filter(pk__in=ids).update(**{field.name: target})
    except IntegrityError:
        pass
    else:
        return ids, {}
    can_end = {"starts_on", "ends_on"} <= {each.name for each in field.model._meta.get_fields()}
    went: list[int] = []
    stopped: dict[str, str | None] = {}
    for pk in ids:
        if _moves(rows, pk, {field.name: target}):
            went.append(pk)
        elif (
            can_end
            and (still := rows.filter(pk=pk, ends_on=None).first())
            and _moves(rows, pk, {field.name: target, "ends_on": max(day, still.starts_on or day)})
        ):
            went.append(pk)
            stopped[str(pk)] = None
    return went, stopped


def _moves(rows: Any, pk: int, values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.filter(pk=pk).update(**values))
    except IntegrityError:
        return False


def move_back(
    source: models.Model, target: models.Model, moved: dict[str, list[int]], ended: dict[str, Any]
) -> None:
    """Put back what `move_all` moved: rows that still refer to the survivor, and the ends it had to set."""
    for label, ids in moved.items():
        model_label, _dot, name = label.rpartition(".")
        rows = apps.get_model(model_label)._base_manager.filter(pk__in=ids)
        if model_label == "files.Attachment":
            rows.filter(owner_id=target.pk).update(owner_id=source.pk)
            continue
        rows.filter(**{name: target}).update(**{name: source})
    for model_label, rows_ended in ended.items():
        rows = apps.get_model(model_label)._base_manager
        for pk, ends_on in rows_ended.items():
            _moves(rows, int(pk), {"ends_on": ends_on})
