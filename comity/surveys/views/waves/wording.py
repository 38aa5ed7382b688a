"""What is said of a wave in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.office.models import VisitTier
from comity.office.services import time_zone, words
from comity.partners.models import Partner, Position
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
MOST_NAMED = 5


def state_sign(wave: Wave) -> SafeString:
    """Its state as a tag."""
    return tag(wave.get_state_display(), kind=STATES[Wave.State(wave.state)])


def described(audience: Mapping[str, Any]) -> list[tuple[str, str]]:
    """An audience in words, a line for each choice; empty when nothing narrows it down."""
    lines = []
    if kinds := audience.get("kinds"):
        lines.append((_("Kinds"), _listed(Partner.Kind(kind).label for kind in kinds)))
    if tiers := audience.get("tiers"):
        lines.append(
            (_("Visit tiers"), _listed(VisitTier.objects.filter(pk__in=tiers).values_list("name", flat=True)))
        )
    if functions := audience.get("functions"):
        lines.append((_("What their post does"), _listed(Position.Function(one).label for one in functions)))
    if view := audience.get("view"):
        lines.append((_("Saved view"), view["name"]))
    if partners := audience.get("partners"):
        names = Partner.objects.filter(pk__in=partners).order_by("name").values_list("name", flat=True)
        lines.append((words().Partners, _listed(names)))
    return lines


def told_words(wave: Wave) -> str:
    """How far those who were asked have been told what came of it."""
    account = account_of(wave)
    said = account.deeds.count() if account.pk else 0
    if not said and account.published_at is None:
        return _("Nothing has been written yet of what came of it.")
    if account.published_at is None:
        return ngettext(
            "%(count)s thing that came of it is written down; nobody can read it yet.",
            "%(count)s things that came of it are written down; nobody can read them yet.",
            said,
        ) % {"count": said}
    if account.mailed_at is None:
        return _("What came of it is published; nobody has been told yet.")
    day = date_format(account.mailed_at.astimezone(time_zone()), "DATE_FORMAT")
    return _("They were told on %(day)s what came of it.") % {"day": day}


def _listed(names: Any) -> str:
    found = [str(name) for name in names]
    if len(found) <= MOST_NAMED:
        return ", ".join(found)
    more = _("and %(count)s more") % {"count": len(found) - MOST_NAMED}
    return f"{', '.join(found[:MOST_NAMED])} {more}"
