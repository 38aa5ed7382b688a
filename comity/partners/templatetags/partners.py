"""{% load partners %}: amounts and gaps in words, and what other rooms have."""

from __future__ import annotations

from django import template
from django.template.context import Context

from comity.nouns import Words, all_of
from comity.partners.forms.partners import dollars
from comity.partners.models import Person
from comity.partners.tables.partners import gap_words
from comity.partners.tabs import Known, Tab
from comity.people.access import can

register = template.Library()
register.filter(dollars)  # {{ partner.budget_cents|dollars }}: $1,234,567.50
register.filter("gap", gap_words)  # {{ partner.lead_gap_since|gap }}: nobody since Nov 3, 2026


@register.simple_tag(takes_context=True)
def other_tabs(context: Context) -> list[Tab]:
    """{% other_tabs as more %}: the pages of other rooms about a partner that this reader may open"""
    return [tab for tab in all_of(Tab) if can(context["request"], tab.to)]


@register.simple_tag(takes_context=True)
def known_elsewhere(context: Context, person: Person) -> list[tuple[Words, list[tuple[str, str]]]]:
    """{% known_elsewhere person as known %}: what other rooms know of somebody, heading and lines"""
    told = ((known.heading, list(known.lines(person, context["request"].user))) for known in all_of(Known))
    return [(heading, lines) for heading, lines in told if lines]
