"""What stands in the way of undoing an import, in sentences that name the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.values import references
from comity.imports.models import Import
from comity.imports.profiles import Handler, Staged
from comity.ui.components.days import day

_NAMED = 3


def refuse_obstacles(batch: Import, handler: Handler) -> None:
    """Raises DomainError, saying what was built on an import, if there is anything."""
    if obstacles := handler.obstacles(batch):
        raise DomainError(" ".join([_("This import cannot be undone."), *obstacles]))


def changed_since(batch: Import, model: type[Model], rows: Sequence[Staged]) -> list[str]:
    """Records that somebody has changed since, and who did so last."""
    if not rows:
        return []
    ids = [str(row.target_id) for row in rows]
    since = Entry.objects.filter(target_kind=model._meta.label, target_id__in=ids, at__gt=batch.applied_at)
    last = since.order_by("pk").last()
    records = listed([row.label for row in rows])
    if last is None:
        return [_("Changed since the import: %(records)s.") % {"records": records}]
    return [
        _("Changed since the import, last by %(who)s on %(day)s: %(records)s.")
        % {"who": last.actor_label, "day": day(last.at), "records": records}
    ]


def referred_to(model: type[Model], made: Mapping[int, str]) -> list[str]:
    """Records the import made that other rows refer to by now; by the key of each, what it is called."""
    found = []
    for field in references(model):
        rows = field.model._base_manager.filter(**{f"{field.name}__in": list(made)})
        ids = set(rows.values_list(field.attname, flat=True))
        if ids:
            found.append(
                _("%(things)s depend on %(records)s.")
                % {
                    "things": str(field.model._meta.verbose_name_plural).capitalize(),
                    "records": listed([made[pk] for pk in sorted(ids)]),
                }
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
