"""What the trail calls the acts of this room."""

from django.utils.translation import gettext_lazy as _

from comity.office.services import changing, retaining, setting_up

ACTIONS = {
    setting_up.SET_UP: _("set the office up"),
    changing.UPDATE_OFFICE: _("changed the office’s settings"),
    changing.SET_LOGO: _("changed the logo"),
    changing.ADD_CLOSURE: _("closed the office on a day"),
    changing.REMOVE_CLOSURE: _("opened the office after all"),
    changing.SAVE_TIER: _("wrote a visit tier down"),
    changing.REMOVE_TIER: _("removed a visit tier"),
    retaining.SET_RULE: _("set a retention rule"),
    retaining.REMOVE_RULE: _("removed a retention rule"),
    retaining.PLACE_HOLD: _("placed a legal hold"),
    retaining.LIFT_HOLD: _("lifted a legal hold"),
}
