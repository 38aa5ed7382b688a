"""What the mail of this room is about."""

from django.utils.translation import gettext_lazy as _

from comity.outbox.kinds import MailKind

# None of it may be stopped: it is how one gets in, or hears that somebody else did.
MAIL_KINDS = (
    MailKind("people.invitation", _("Invitations")),
    MailKind("people.password", _("Links for a new password")),
    MailKind("people.security", _("Changes to how one signs in")),
)
