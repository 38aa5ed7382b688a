"""The noun of this room: a list brought in."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from comity.imports import applying, services, staging, tending
from comity.imports.models import Import
from comity.jobs import LongWork, Recurring
from comity.nouns import Kept, Noun

NOUNS = (
    Noun(
        Import,
        plural=_("Imports"),
        page="imports:detail",
        actions={
            services.RECEIVED: _("brought a file in"),
            services.MAPPED: _("said what the columns are"),
            services.LET_BE: _("left a file be"),
            applying.APPLIED: _("applied an import"),
            applying.UNDONE: _("took an import back"),
            applying.ROW_MADE: _("made from a file"),
            applying.ROW_CHANGED: _("changed from a file"),
            applying.ROW_REMOVED: _("removed as an import was taken back"),
            applying.ROW_RESTORED: _("put back as before an import"),
        },
        traits=[
            LongWork(services.READ_WORK, staging.read),
            LongWork(services.APPLY_WORK, applying.apply),
            LongWork(services.UNDO_WORK, applying.undo),
            Recurring("imports.mend", tending.mend, minutes=60, label=_("Mend imports that were cut off")),
            Kept(
                "import_rows", _("Files brought in, and their rows"), timedelta(days=90), tending.destroy_rows
            ),
        ],
    ),
)
