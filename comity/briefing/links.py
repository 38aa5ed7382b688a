"""A number that is a link, and where it leads: the lists of other rooms, filtered to just the rows that were counted.

A test follows each of these and compares the number with the rows found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from comity.followups.models.follow_up import TO_THE_CIO_AFTER
from comity.partners.models import Partner


@dataclass(frozen=True)
class Figure:
    """A number, its words, and the address of the rows it was counted from."""

    number: str
    words: str
    url: str
    kind: str = ""


@cache
def _address(name: str) -> str:
    """Where a list is; asked hundreds of times for one page."""
    return reverse(name)


def follow_ups(**filters: object) -> str:
    """The list of all follow-ups with these filters set; `view` may narrow it to one of the worklists."""
    return f"{_address('followups:list')}?{urlencode({'view': 'all', **filters})}"


def late_for_the_cio(today: date) -> str:
    """The list of what is late by more than a week."""
    return follow_ups(late=1, due_to=today - TO_THE_CIO_AFTER - timedelta(days=1))


def low_ratings(**filters: object) -> str:
    """What became of low ratings, with these filters set."""
    return f"{_address('surveys:loop')}?{urlencode(filters)}"


def silent_partners(wave_id: int) -> str:
    """Of whom nobody has answered in a wave, among those its reader looks after."""
    return f"{reverse('surveys:silent_partners', args=[wave_id])}?mine=1"


def raise_about(partner: Partner | None = None) -> str:
    """The form to write down what was heard."""
    return reverse("followups:new") + (f"?partner={partner.pk}" if partner else "")


def log_visit(partner: Partner | None = None) -> str:
    """The form to log a visit."""
    return reverse("meetings:log") + (f"?partner={partner.pk}" if partner else "")
