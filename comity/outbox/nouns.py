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
                _("Mail that leaves, and mail that could not"),
                order=1,
            )
        ],
        actions={services.TRY_AGAIN: _("sent mail again"), services.GIVE_UP: _("gave mail up")},
        traits=[
            Kept("mail", _("Mail that has left"), None, services.destroy_ended),
            # In a lane of its own: a mail server that answers slowly keeps nothing else waiting.
            Recurring(
                "outbox.send",
                sending.send_waiting,
                minutes=3 / 60,
                lane="mail",
                when=sending.something_waits,
                label=_("Send the mail that waits"),
            ),
        ],
    ),
    Noun(
        Suppression,
        places=[
            Place(
                Area.MANAGE,
                _("Addresses that get no mail"),
                "outbox:suppressions",
                VIEW_OUTBOX,
                _("Where mail came back, or was not wanted"),
                under="outbox:list",
            )
        ],
        actions={
            services.STOP: _("stopped mail to an address"),
            services.LIFT: _("let mail through again"),
        },
    ),
)
