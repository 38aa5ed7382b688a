"""What is said of a wave in words."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.office.services import time_zone
from comity.surveys.models import Wave
from comity.surveys.services.accounts.writing import account_of
from comity.ui.components.signs import tag

STATES = {
    Wave.State.DRAFT: "none",
    Wave.State.OPENING: "warn",
    Wave.State.OPEN: "good",
    Wave.State.CLOSING: "warn",
    Wave.State.CLOSED: "",
}


def state_sign(wave: Wave) -> SafeString:
    """Its state as a tag."""
    return tag(wave.get_state_display(), kind=STATES[Wave.State(wave.state)])


def told_words(wave: Wave) -> str:
    """How far those who were asked have been told what came of it."""
    account = account_of(wave)
    said = account.deeds.count() if account.pk else 0
    if not said and account.published_at is None:
        return _("Nothing has been written yet about what came of it.")
    if account.published_at is None:
        return ngettext(
            "%(count)s thing that came of it is written down, but nobody can read it yet.",
            "%(count)s things that came of it are written down, but nobody can read them yet.",
            said,
        ) % {"count": said}
    if account.mailed_at is None:
        return _("What came of it is published, but nobody has been told yet.")
    day = date_format(account.mailed_at.astimezone(time_zone()), "DATE_FORMAT")
    return _("They were told on %(day)s what came of it.") % {"day": day}
