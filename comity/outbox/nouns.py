"""The nouns of this room: mail that leaves, and addresses that get none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.jobs import Recurring
from comity.nouns import Area, Kept, Noun, Place
from comity.outbox import sending, services
from comity.outbox.capabilities import VIEW_OUTBOX
from comity.outbox.models import Message, Suppression

NOUNS = (
    Noun(
        Message,
        plural=_("Mail"),
        page="outbox:message",
        places=[
            Place(
                Area.MANAGE,
                _("Outbox"),
                "outbox:list",
                VIEW_OUTBOX,
                _("Email on its way out, and email that could not be delivered"),
                order=1,
            )
        ],
        actions={services.TRY_AGAIN: _("sent an email again"), services.GIVE_UP: _("canceled an email")},
        traits=[
            Kept("mail", _("Sent email"), None, services.destroy_ended),
            # In a lane of its own: a mail server that answers slowly keeps nothing else waiting.
            Recurring(
                "outbox.send",
                sending.send_waiting,
                minutes=3 / 60,
                lane="mail",
                when=sending.something_waits,
                label=_("Send waiting email"),
            ),
        ],
    ),
    Noun(
        Suppression,
        places=[
            Place(
                Area.MANAGE,
                _("Blocked addresses"),
                "outbox:suppressions",
                VIEW_OUTBOX,
                _("Addresses that bounced, or asked for no email"),
                under="outbox:list",
            )
        ],
        actions={
            services.STOP: _("blocked an email address"),
            services.LIFT: _("unblocked an email address"),
        },
    ),
)
