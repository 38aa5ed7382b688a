"""The noun of this room: what somebody is given to know."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from comity.notifications import mail_faults
from comity.notifications.kinds import NoticeKind
from comity.notifications.models import Notice
from comity.notifications.services import CHOOSE_MAIL, MAIL_KIND, forget
from comity.nouns import Area, Kept, Noun, Place
from comity.outbox.faults import Alarm
from comity.outbox.kinds import MailKind

NOUNS = (
    Noun(
        Notice,
        places=[
            Place(Area.ACCOUNT, _("Notifications"), "notifications:list"),
            Place(Area.ACCOUNT, _("Notification settings"), "notifications:preferences"),
        ],
        actions={CHOOSE_MAIL: _("changed notification settings")},
        traits=[
            MailKind(MAIL_KIND, _("Things you should know about"), may_stop=True),
            NoticeKind(
                mail_faults.REFUSED, _("Mail servers refuse our email"), addressed=True, office_only=True
            ),
            Alarm(mail_faults.tell),
            Kept("notices", _("Notifications in Comity"), timedelta(days=365), forget),
        ],
    ),
)
