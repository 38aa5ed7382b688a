"""What the site itself declares: the acts of its commands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.nouns import Actions

# As the commands `backup` and `restore` write them; their modules are loaded only when they are run.
NOUNS = (Actions({"site.backup": _("made a backup"), "site.restore": _("put a backup back")}),)
