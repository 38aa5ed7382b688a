"""{% load partners %}: amounts and gaps in words, and the tabs of other rooms."""

from __future__ import annotations

from django import template
from django.template.context import Context

from comity.nouns import all_of
from comity.partners.forms.partners import dollars
from comity.partners.tables.partners import gap_words
from comity.partners.tabs import Tab
from comity.people.access import can

register = template.Library()
register.filter(dollars)  # {{ partner.budget_cents|dollars }}: $1,234,567.50
register.filter("gap", gap_words)  # {{ partner.lead_gap_since|gap }}: nobody since Nov 3, 2026


@register.simple_tag(takes_context=True)
def other_tabs(context: Context) -> list[Tab]:
    """{% other_tabs as more %}: the pages of other rooms about a partner that this reader may open"""
    return [tab for tab in all_of(Tab) if can(context["request"], tab.to)]
