"""What a line of a bill says of itself, in words and figures."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.billing.models import Line
from comity.core.billing.plans import plan_of
from comity.ui.components.days import month
from comity.ui.money import price


def note_of(line: Line) -> str:
    """What kind of line it is, where it is not simply this month's usage."""
    said = {"month": month(line.month)}
    if line.kind == Line.Kind.LATE:
        return _("late usage of %(month)s") % said
    if line.kind == Line.Kind.ADJUSTMENT:
        return _("correction of %(month)s") % said
    return _("share of a common cost") if line.kind == Line.Kind.SHARE else ""


def rate_words(line: Line) -> str:
    """The line's rate in a few letters: its price, or how many prices there are; "" where it has none."""
    if line.rate is None or line.rate.plan is None:
        return ""
    tiers = plan_of(line.rate.plan).tiers
    if len(tiers) == 1:
        return price(tiers[0].price)
    return ngettext("%(count)s tier", "%(count)s tiers", len(tiers)) % {"count": len(tiers)}
