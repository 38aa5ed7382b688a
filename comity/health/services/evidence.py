"""What stands behind each part of a score, in words, and where it can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.health.models import Snapshot
from comity.health.parts import PARTS, STOPS, label
from comity.health.services.reading import SPONSOR
from comity.partners.models import Partner

Facts = Sequence[int]


@dataclass(frozen=True)
class Line:
    """One part as the page reckons with it: percent × weight = points; None without data."""

    label: str
    value: int | None
    weight: int
    on: date | None
    words: str
    url: str

    @property
    def points(self) -> int | None:
        return None if self.value is None else self.value * self.weight


def lines(snapshot: Snapshot) -> list[Line]:
    """Every part of a snapshot, by the weights it was taken with."""
    health = snapshot.under(snapshot.weights.values)
    return [
        Line(
            label(key),
            value,
            health.weights[key],
            date.fromisoformat(on) if on else None,
            _words(key, value, facts),
            "" if value is None else _url(key, snapshot.partner, facts),
        )
        for key, (value, on, facts) in snapshot.readings.items()
    ]


def reason(snapshot: Snapshot) -> str:
    """Why it came into its band, in words; "" where nobody knows."""
    value, _on, facts = snapshot.readings.get(snapshot.why, [None, None, []])
    if snapshot.why in STOPS or value is None:
        return label(snapshot.why)
    said = {"part": label(snapshot.why), "words": _words(snapshot.why, value, facts)}
    return _("%(part)s (%(words)s)") % said


def _words(key: str, value: int | None, facts: Facts) -> str:
    if value is None:
        return str(PARTS[key].missing) if key in PARTS else ""
    return WORDS[key](facts)


def _met(facts: Facts) -> str:
    if not facts:
        return _("never met face to face")
    days = ngettext("%(days)s day since we met", "%(days)s days since we met", facts[0])
    return _("%(days)s; the goal is %(every)s") % {"days": days % {"days": facts[0]}, "every": facts[1]}


def _satisfied(facts: Facts) -> str:
    return _("%(good)s of %(all)s satisfied") % {"good": facts[1], "all": facts[2]}


def _change(facts: Facts) -> str:
    said = {"good": facts[1], "all": facts[2], "then": facts[3], "of": facts[4]}
    return _("%(good)s of %(all)s, after %(then)s of %(of)s the time before") % said


def _followups(facts: Facts) -> str:
    open_, late, helpless, every = facts
    said = {"all": every, "open": open_, "late": late, "helpless": helpless}
    return _("%(all)s lately: %(open)s open, %(late)s late, %(helpless)s told and no help") % said


def _disputes(facts: Facts) -> str:
    if not facts[0]:
        return _("nothing in dispute")
    return ngettext("%(count)s line in dispute", "%(count)s lines in dispute", facts[0]) % {"count": facts[0]}


def _contact(facts: Facts) -> str:
    people, without = facts
    if not people:
        return _("nobody in the last year")
    said = ngettext("%(count)s person in the last year", "%(count)s people in the last year", people)
    gap = ngettext("nobody for %(days)s day", "nobody for %(days)s days", without) % {"days": without}
    return "; ".join([said % {"count": people}, *([gap] if without else [])])


def _sponsor(facts: Facts) -> str:
    return (
        _("their head has left"),
        _("their head is acting"),
        _("their head is in place"),
        _("who decides there supports us"),
    )[facts[0]]


WORDS: dict[str, Callable[[Facts], str]] = {
    "met": _met,
    "satisfied": _satisfied,
    "change": _change,
    "followups": _followups,
    "disputes": _disputes,
    "contact": _contact,
    "sponsor": _sponsor,
}


def _url(key: str, partner: Partner, facts: Facts) -> str:
    """The rows behind a part, in the room that keeps them."""
    match key:
        case "met":
            return f"{partner.get_absolute_url()}?kind=meetings"
        case "satisfied" | "change":
            return (
                f"{reverse('surveys:breakdown', args=[facts[0], 'partner'])}?{urlencode({'q': partner.name})}"
            )
        case "followups":
            return f"{reverse('followups:list')}?view=all&partner={partner.pk}"
        case "disputes":
            return f"{reverse('billing:disputes')}?partner={partner.pk}"
        case "contact":
            return reverse("partners:contacts", args=[partner.pk])
    return reverse(
        "stakeholders:of_partner" if facts[0] == SPONSOR else "partners:people_of", args=[partner.pk]
    )
