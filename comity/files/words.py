"""What the trail calls the acts of this room."""

from django.utils.translation import gettext_lazy as _

from comity.files import services

ACTIONS = {
    services.ATTACH: _("attached a file"),
    services.REMOVE: _("removed a file"),
    services.RESTORE: _("brought a file back"),
}
