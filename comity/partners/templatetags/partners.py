"""{% load partners %}: amounts and gaps in words."""

from __future__ import annotations

from django import template

from comity.partners.forms.partners import dollars
from comity.partners.tables.partners import gap_words

register = template.Library()
register.filter(dollars)  # {{ partner.budget_cents|dollars }}: $1,234,567.50
register.filter("gap", gap_words)  # {{ partner.lead_gap_since|gap }}: nobody since Nov 3, 2026
