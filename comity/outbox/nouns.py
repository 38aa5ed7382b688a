"""The nouns of this room: mail that leaves, and addresses that get none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.nouns import Kept, Noun
from comity.outbox import services
from comity.outbox.models import Message, Suppression

NOUNS = (
    Noun(
        Message,
        plural=_("Mail"),
        page="outbox:message",
        actions={services.TRY_AGAIN: _("sent mail again"), services.GIVE_UP: _("gave mail up")},
        traits=[Kept("mail", _("Mail that has left"), None, services.destroy_ended)],
    ),
    Noun(
        Suppression,
        actions={
            services.STOP: _("stopped mail to an address"),
            services.LIFT: _("let mail through again"),
        },
    ),
)
