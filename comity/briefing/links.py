"""Where a number leads: the lists of other rooms, filtered to just the rows that were counted.

A test follows each of these and compares the number with the rows found.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from comity.partners.models import Partner


def follow_ups(**filters: object) -> str:
    """The list of all follow-ups with these filters set; `view` may narrow it to one of the worklists."""
    return f"{reverse('followups:list')}?{urlencode({'view': 'all', **filters})}"


def partners(**filters: object) -> str:
    """The list of partners with these filters set."""
    return f"{reverse('partners:list')}?{urlencode(filters)}"


def raise_about(partner: Partner | None = None) -> str:
    """The form to write down what was heard."""
    address = reverse("followups:new")
    return f"{address}?{urlencode({'partner': partner.pk})}" if partner else address


def log_visit(partner: Partner | None = None) -> str:
    """The form to log a visit."""
    address = reverse("meetings:log")
    return f"{address}?{urlencode({'partner': partner.pk})}" if partner else address
