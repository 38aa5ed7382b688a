"""What stands in the way of undoing an import, in sentences that name the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.values import references
from comity.imports.models import Import
from comity.imports.profiles import Handler
from comity.ui.components.days import day

_NAMED = 3
_LOOKED_AT = 500  # whose changes are looked up in the trail


def refuse_obstacles(batch: Import, handler: Handler) -> None:
    """Raises DomainError, saying what was built on an import, if there is anything."""
    if obstacles := handler.obstacles(batch):
        way_on = _(
            "Change single records on their pages, or import a corrected list. Rows that are right already stay as they are."
        )
        raise DomainError(" ".join([_("This import cannot be undone."), *obstacles, way_on]))


def changed_since(batch: Import, model: type[Model], changed: Mapping[int, str]) -> list[str]:
    """Records that somebody has changed since, by the key of each what it is called; and who did so last."""
    if not changed:
        return []
    ids = [str(pk) for pk in islice(changed, _LOOKED_AT)]
    since = Entry.objects.filter(target_kind=model._meta.label, target_id__in=ids, at__gt=batch.applied_at)
    last = since.order_by("pk").last()
    records = listed(list(changed.values()))
    if last is None:
        return [_("Changed since the import: %(records)s.") % {"records": records}]
    return [
        _("Changed since the import, last by %(who)s on %(day)s: %(records)s.")
        % {"who": last.actor_label, "day": day(last.at), "records": records}
    ]


def referred_to(
    batch: Import, made: QuerySet[Any], called: str = "", parts: Sequence[type[Model]] = ()
) -> list[str]:
    """Records the import made that other rows refer to by now, but its own and those that are part of a record.

    called  the field with what one is called; without it, what it says of itself
    """
    found = []
    for field in references(made.model):
        if field.model in parts:
            continue
        rows = field.model._base_manager.filter(**{f"{field.name}__in": made.order_by().values("pk")})
        if any(one.name == "import_id" for one in field.model._meta.get_fields()):
            rows = rows.exclude(import_id=batch.pk)
        meant = made.filter(pk__in=rows.order_by().values(field.attname)).order_by("pk")
        names = list(meant.values_list(called, flat=True)) if called else [str(one) for one in meant]
        if names:
            things = str(field.model._meta.verbose_name_plural).capitalize()
            found.append(
                _("%(things)s depend on %(records)s.") % {"things": things, "records": listed(names)}
            )
    return found


def listed(labels: Sequence[str]) -> str:
    """The first few by name, and how many more."""
    named = ", ".join(f"“{label}”" for label in labels[:_NAMED])
    more = len(labels) - _NAMED
    if more <= 0:
        return named
    return ngettext("%(named)s and %(n)d more", "%(named)s and %(n)d more", more) % {
        "named": named,
        "n": more,
    }
