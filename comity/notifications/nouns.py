"""The noun of this room: what somebody is given to know."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.notifications.models import Notice
from comity.notifications.services import CHOOSE_MAIL
from comity.nouns import Noun

NOUNS = (Noun(Notice, actions={CHOOSE_MAIL: _("chose which mail to get")}),)
