"""Notice to those who tend the outbox: mail servers refuse our email, and why."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.notifications.services import notify
from comity.outbox.capabilities import TEND_OUTBOX
from comity.outbox.models import Fault
from comity.people.models import User

REFUSED = "outbox.refused"


def tell(fault: Fault) -> None:
    """Let each of them know of a cause."""
    office = User.objects.active().office().with_roles()

    def text() -> str:
        said = {"cause": fault.get_cause_display(), "words": fault.words}
        return _("Mail servers refuse our email. %(cause)s: “%(words)s”. No address was blocked.") % said

    notify(
        [user for user in office if user.can(TEND_OUTBOX)],
        kind=REFUSED,
        text=text,
        url=f"{reverse('outbox:list')}?state=dead",
    )
