"""The noun of this room: what hangs on a row of another."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.files import services
from comity.files.models import Attachment
from comity.nouns import Noun

NOUNS = (
    Noun(
        Attachment,
        actions={
            services.ATTACH: _("attached a file"),
            services.REMOVE: _("removed a file"),
            services.RESTORE: _("brought a file back"),
        },
    ),
)
