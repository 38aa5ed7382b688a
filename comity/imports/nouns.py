"""The noun of this room: an import."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from comity.imports import applying, services, staging
from comity.imports.capabilities import IMPORT
from comity.imports.models import Import
from comity.jobs import LongWork, Recurring
from comity.nouns import Act, Area, Kept, Noun, Place

NOUNS = (
    Noun(
        Import,
        plural=_("Imports"),
        page="imports:detail",
        places=[
            Place(
                Area.MANAGE,
                _("Import"),
                "imports:list",
                IMPORT,
                _("Bring in a spreadsheet, preview it first, undo it"),
            )
        ],
        acts=[Act(_("New import"), _("a list from a spreadsheet"), "imports:new", IMPORT)],
        actions={
            services.RECEIVED: _("uploaded a file to import"),
            services.DESCRIBED: _("described a file to import"),
            services.READ_OTHERWISE: _("said how a file to import is read"),
            services.MAPPED: _("mapped the columns of an import"),
            services.DISCARDED: _("discarded an import"),
            applying.APPLIED: _("applied an import"),
            applying.UNDONE: _("undid an import"),
            applying.ROW_MADE: _("imported"),
            applying.ROW_CHANGED: _("changed by an import"),
            applying.ROW_REMOVED: _("removed by undoing an import"),
            applying.ROW_RESTORED: _("restored by undoing an import"),
        },
        traits=[
            LongWork(services.READ_WORK, staging.read),
            LongWork(services.APPLY_WORK, applying.apply),
            LongWork(services.UNDO_WORK, applying.undo),
            Recurring("imports.mend", applying.mend, minutes=60, label=_("Recover interrupted imports")),
            Kept("import_rows", _("Imported files and their rows"), timedelta(days=90), staging.destroy_rows),
        ],
    ),
)
