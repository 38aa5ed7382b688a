"""What stands behind each part of a score, in words, and where it can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.health.models import Snapshot
from comity.health.parts import PARTS, STOPS, label
from comity.health.services.reading import SPONSOR
from comity.partners.models import Partner
from comity.ui.components.days import month as month_words

Facts = Sequence[int]
SPONSORS = (  # by what is kept of it: half steps from gone to in place, and SPONSOR
    gettext_lazy("their head has left"),
    gettext_lazy("their head is acting"),
    gettext_lazy("their head is in place"),
    gettext_lazy("who decides there supports us"),
)


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
    """What a part says, from the few numbers kept of it."""
    if value is None:
        return str(PARTS[key].missing) if key in PARTS else ""
    kept: tuple[Any, ...] = (key, *facts)
    match kept:
        case "met", days, every:
            since = ngettext("%(days)s day since we met", "%(days)s days since we met", days) % {"days": days}
            return _("%(days)s; the goal is %(every)s") % {"days": since, "every": every}
        case ["met"]:
            return _("never met face to face")
        case "satisfied", _wave, good, every:
            return _("%(good)s of %(all)s satisfied") % {"good": good, "all": every}
        case "change", _wave, good, every, then, of:
            said = {"good": good, "all": every, "then": then, "of": of}
            return _("%(good)s of %(all)s, after %(then)s of %(of)s the time before") % said
        case "followups", open_, late, helpless, every:
            said = {"all": every, "open": open_, "late": late, "helpless": helpless}
            return _("%(all)s lately: %(open)s open, %(late)s late, %(helpless)s told and no help") % said
        case "disputes", 0:
            return _("nothing in dispute")
        case "disputes", count:
            return ngettext("%(count)s line in dispute", "%(count)s lines in dispute", count) % {
                "count": count
            }
        case (("contact" | "councils" | "service"), *numbers):
            said_by: dict[str, Callable[..., str]] = {"councils": _councils, "service": _served}
            return said_by.get(key, _contact)(*numbers)
    return str(SPONSORS[facts[0]])


def _served(year: int, month: int, met: int, every: int) -> str:
    said = {"met": met, "all": every, "month": month_words(date(year, month, 1))}
    return _("%(met)s of %(all)s in time in %(month)s") % said


def _councils(there: int, count: int) -> str:
    said = ngettext("there %(there)s of %(count)s time", "there %(there)s of %(count)s times", count)
    return said % {"there": there, "count": count}


def _contact(people: int, without: int) -> str:
    if not people:
        return _("nobody in the last year")
    said = ngettext("%(count)s person in the last year", "%(count)s people in the last year", people)
    gap = ngettext("nobody for %(days)s day", "nobody for %(days)s days", without) % {"days": without}
    return "; ".join([said % {"count": people}, *([gap] if without else [])])


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
        case "service":
            return f"{reverse('levels:month', args=facts[:2])}?partner={partner.pk}"
        case "councils":
            return f"{reverse('councils:list')}?partner={partner.pk}"
        case "contact":
            return reverse("partners:contacts", args=[partner.pk])
    return reverse(
        "stakeholders:of_partner" if facts[0] == SPONSOR else "partners:people_of", args=[partner.pk]
    )
