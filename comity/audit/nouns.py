"""The noun of this room: the entries of the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.audit import retention
from comity.audit.models import Entry
from comity.nouns import Noun

NOUNS = (Noun(Entry, actions={retention.DESTROYED: _("destroyed records by the retention schedule")}),)
