"""What other rows refer to a row: asked of the models themselves, so that no room is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import ForeignKey


def references(model: type[models.Model]) -> Iterator[ForeignKey[Any, Any]]:
    """Every foreign key, of whatever room, that points at a model; also those of many-to-many tables."""
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if relation.auto_created and isinstance(field, ForeignKey) and field.related_model is model:
            yield field
