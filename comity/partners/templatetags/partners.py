"""{% load partners %}: amounts and gaps in words."""

from __future__ import annotations

from datetime import date

from django import template

from comity.partners.forms.partners import DollarsField
from comity.partners.tables.partners import gap_words

register = template.Library()


@register.filter
def dollars(cents: int) -> str:
    """{{ partner.budget_cents|dollars }}: $1,234,567.50"""
    return f"${DollarsField().prepare_value(cents)}"


@register.filter
def gap(since: date | None) -> str:
    """{{ partner.lead_gap_since|gap }}: nobody since Nov 3, 2026"""
    return gap_words(since)
