"""What was built on records an import made."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.editing.references import references
from comity.partners.models import Alias, Domain

# Rows that are part of a record and go with it.
_PARTS: tuple[type[models.Model], ...] = (Alias, Domain)


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
