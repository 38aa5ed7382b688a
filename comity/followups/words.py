"""What the mail of this room is about."""

from django.utils.translation import gettext_lazy as _

from comity.followups.services import asking
from comity.outbox.kinds import MailKind

# Not to be stopped: whoever raises something is told what came of it, once.
MAIL_KINDS = (MailKind(asking.TOLD_MAIL, _("What came of what was raised")),)
