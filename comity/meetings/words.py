"""What the trail calls the acts of this room."""

from django.utils.translation import gettext_lazy as _

from comity.meetings.services import visits

ACTIONS = {
    visits.LOG: _("wrote a meeting down"),
    visits.EDIT: _("changed what is written of a meeting"),
    visits.WITHDRAW: _("withdrew a meeting"),
}
