"""The parts of a score: what each is called, what it counts unless the office says otherwise, and why it may have no data."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from comity.nouns import Words


@dataclass(frozen=True)
class Part:
    """One part. `missing` says what it means that there is no data."""

    label: Words
    weight: int
    missing: Words


# Their order is that of the page. A key is kept in every snapshot: never rename one.
PARTS = {
    "met": Part(_("Seen face to face"), 20, _("No tier says how often, or they have just joined")),
    "satisfied": Part(_("Satisfaction"), 20, _("No recent survey has results that may be shown")),
    "change": Part(_("Change in satisfaction"), 5, _("There is no earlier survey to compare with")),
    "followups": Part(_("Follow-ups"), 20, _("Nothing was heard or told in the last half year")),
    "disputes": Part(_("Disputes"), 5, _("No bill in the last year")),
    "service": Part(_("Service levels"), 5, _("No closed month of the last year counted a ticket of theirs")),
    "councils": Part(_("Attendance in councils"), 5, _("No seat in a council that met within a year")),
    "contact": Part(_("Continuity of their contact"), 10, ""),
    "sponsor": Part(_("Named sponsor"), 10, _("Neither a supporter nor a head is entered")),
}
USUAL = {key: part.weight for key, part in PARTS.items()}

# Hard stops: what caps the band whatever the score.
STOPS = {
    "alone": _("no lead contact"),
    "late": _("a follow-up more than a week late"),
    "unsponsored": _("their head has left"),
}


def label(key: str) -> str:
    """What a part or a stop is called; nothing for none."""
    return str(PARTS[key].label if key in PARTS else STOPS.get(key, key))
