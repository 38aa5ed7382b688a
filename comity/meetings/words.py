"""What the trail calls the acts of this room."""

from django.utils.translation import gettext_lazy as _

from comity.meetings.services import officers, plans, visits

ACTIONS = {
    visits.LOG: _("wrote a meeting down"),
    visits.EDIT: _("changed what is written of a meeting"),
    visits.WITHDRAW: _("withdrew a meeting"),
    plans.PLAN: _("planned a visit"),
    plans.CHANGE_PLAN: _("changed a planned visit"),
    plans.CALL_OFF: _("called a visit off"),
    officers.NAME_OFFICER: _("said who stands for a part of the office"),
}
