"""Taking back a wave of answers gathered elsewhere: undoing its imports, the last one first."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.errors import DomainError
from comity.imports import applying
from comity.imports import services as imports
from comity.imports.models import Import
from comity.jobs.progress import Unwatched
from comity.people.models import User
from comity.surveys.models import Wave


def imports_of(wave: Wave) -> QuerySet[Import]:
    """What was imported into a wave, changed something and can be undone, the last file first."""
    found = Import.objects.filter(profile="responses", about__wave=wave.key, state=Import.State.APPLIED)
    return found.exclude(made={}).order_by("-applied_at", "-pk")


def take_back(wave: Wave, *, by: User | None) -> str:
    """Undo all that was imported into a wave, here and now; what was done, in a sentence.

    Raises DomainError if nothing was imported into it, or something was built on it; files undone until then stay undone.
    """
    batches = list(imports_of(wave))
    if not wave.imported or not batches:
        raise DomainError(_("Nothing was imported into “%(wave)s”.") % {"wave": wave})
    for batch in batches:
        imports.undo(batch.pk, by=by, in_background=False)
        applying.undo(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        if batch.state != Import.State.UNDONE:
            raise DomainError(batch.note)
    said = ngettext(
        "“%(wave)s” is taken back: %(count)s import is undone.",
        "“%(wave)s” is taken back: %(count)s imports are undone.",
        len(batches),
    )
    return said % {"wave": wave, "count": len(batches)}
