"""The noun of this room: what hangs on a row of another."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from comity.files import services
from comity.files.models import Attachment
from comity.nouns import Kept, Noun

NOUNS = (
    Noun(
        Attachment,
        actions={
            services.ATTACH: _("attached a file"),
            services.REMOVE: _("removed a file"),
            services.RESTORE: _("restored a file"),
        },
        traits=[
            Kept(
                "removed_attachments",
                _("Attachments someone removed"),
                timedelta(days=30),
                services.destroy_removed,
            )
        ],
    ),
)
