"""What other rows refer to a record: asked of the models themselves, so that no room is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.fields.related import ForeignKey
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.partners.models import Alias, Domain

# Rows that are part of a record and go with it.
_PARTS: tuple[type[models.Model], ...] = (Alias, Domain)


def references(model: type[models.Model]) -> Iterator[ForeignKey[Any, Any]]:
    """Every foreign key, of whatever room, that points at a model; also those of many-to-many tables."""
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if relation.auto_created and isinstance(field, ForeignKey) and field.related_model is model:
            yield field


def built_on(made: QuerySet[Any], import_id: int) -> list[str]:
    """What was done with records since an import made them, each as a sentence; nothing if they stand alone."""
    found = []
    edited = made.filter(Q(version__gt=1) | ~Q(merged_into=None)).count()
    if edited:
        found.append(
            ngettext(
                "%(n)d record it made has been changed since.",
                "%(n)d records it made have been changed since.",
                edited,
            )
            % {"n": edited}
        )
    for field in references(made.model):
        if field.model in _PARTS:
            continue
        rows = field.model._base_manager.filter(**{f"{field.name}__in": made.values("pk")})
        if any(one.name == "import_id" for one in field.model._meta.get_fields()):
            rows = rows.exclude(import_id=import_id)
        count = rows.count()
        if count:
            found.append(
                _("%(things)s refer to what it made: %(n)d.")
                % {"things": str(field.model._meta.verbose_name_plural).capitalize(), "n": count}
            )
    return found
