"""What the site itself declares: its places, and the acts of its commands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.nouns import Actions, Area, Place
from comity.site.capabilities import MANAGE

# As the commands `backup` and `restore` write them; their modules are loaded only when they are run.
NOUNS = (
    Place(Area.MANAGE, _("Manage"), "manage", MANAGE, order=-1),
    Place(Area.ACCOUNT, _("Help"), "help"),
    Actions({"site.backup": _("made a backup"), "site.restore": _("restored a backup")}),
)
