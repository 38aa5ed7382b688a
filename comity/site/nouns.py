"""What the site itself declares: its places, the acts of its commands, and the mail to those who keep the trail's heads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.audit.heads import Courier, Line
from comity.nouns import Actions, Area, Place
from comity.outbox import services as outbox
from comity.outbox.kinds import MailKind
from comity.site.capabilities import MANAGE

TRAIL_MAIL = "trail"


def send_head(address: str, line: Line, problem: str) -> None:
    """Mail a head of the trail, or what is wrong with the trail, to somebody who keeps it."""
    said = {"line": line, "problem": problem}
    outbox.put(to=address, kind=TRAIL_MAIL, template="site/mail/trail_head", context=said)


# As the commands `backup` and `restore` write them; their modules are loaded only when they are run.
NOUNS = (
    Place(Area.MANAGE, _("Manage"), "manage", MANAGE, order=-1),
    Place(Area.ACCOUNT, _("Help"), "help"),
    MailKind(TRAIL_MAIL, _("Proof of the trail of changes")),
    Courier(send_head),
    Actions({"site.backup": _("made a backup"), "site.restore": _("restored a backup")}),
)
