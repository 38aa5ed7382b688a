"""The CIO’s page in one sentence: which relationships are in trouble."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comity.briefing.numbers_in_words import spelled
from comity.briefing.trouble import Trouble
from comity.office.services import words


def sentence(troubled: list[Trouble], *, more: bool, anybody: bool) -> str:
    """What the CIO reads first."""
    said = words()
    if not anybody:
        return _("There are no %(partners)s yet.") % {"partners": said.partners}
    if not troubled:
        return _("No relationship is in trouble today.")
    first = troubled[0].partner.name
    if len(troubled) == 1:
        return _("One relationship is in trouble: %(name)s.") % {"name": first}
    if more:
        return _("More than %(count)d relationships are in trouble, %(name)s first.") % {
            "count": len(troubled),
            "name": first,
        }
    return _("%(count)s relationships are in trouble, %(name)s first.") % {
        "count": spelled(len(troubled)),
        "name": first,
    }
