"""What the trail calls the acts of this room."""

from django.utils.translation import gettext_lazy as _

from comity.partners import actions
from comity.partners.duplicates import services as duplicates

ACTIONS = {
    actions.CREATE_PARTNER: _("entered"),
    actions.UPDATE_PARTNER: _("changed"),
    actions.RETIRE_PARTNER: _("retired"),
    actions.ADD_PERSON: _("entered"),
    actions.UPDATE_PERSON: _("changed"),
    actions.PERSON_LEFT: _("wrote down that they left"),
    actions.SET_POSITION: _("wrote a position down"),
    actions.END_POSITION: _("ended a position"),
    actions.GRANT_MEMBERSHIP: _("gave access to the portal"),
    actions.END_MEMBERSHIP: _("ended access to the portal"),
    actions.ASSIGN: _("named a contact"),
    actions.END_ASSIGNMENT: _("ended a contact’s assignment"),
    actions.HAND_OVER: _("handed over to another contact"),
    duplicates.MERGE: _("merged two entries"),
    duplicates.UNDO_MERGE: _("took a merge back"),
    duplicates.TELL_APART: _("said that two entries are not one"),
}
