"""{% load ui %}: every component, by name. What each takes is said where it is made, in comity/ui/components/."""

from __future__ import annotations

from django import template

from comity.ui.components import acts, boxes, charts, days, forms, icons, page, signs, tables, timeline, work

register = template.Library()

# Around other markup
register.simple_block_tag(boxes.card)
register.simple_block_tag(boxes.alert)
register.simple_block_tag(boxes.stats)
register.simple_block_tag(boxes.row)
register.simple_block_tag(boxes.facts)
register.simple_block_tag(boxes.fact)
register.simple_block_tag(boxes.wrap)

# By themselves
register.filter(days.day)
register.filter(days.near_day)
register.simple_tag(signs.ring)
register.simple_tag(signs.mark)
register.simple_tag(signs.tag)
register.simple_tag(signs.bar)
register.simple_tag(icons.icon)
register.simple_tag(boxes.empty)
register.simple_tag(boxes.stat)
register.simple_tag(timeline.timeline)
register.simple_tag(acts.button)
register.simple_tag(acts.button_link)
register.simple_tag(acts.chips)
register.simple_tag(acts.crumb, takes_context=True)
register.simple_tag(acts.post, takes_context=True)
register.simple_tag(charts.chart)
register.simple_tag(work.progress, takes_context=True)
register.simple_tag(page.messages, takes_context=True)

# Forms
register.simple_tag(forms.form, takes_context=True)
register.simple_tag(forms.errors)
register.simple_tag(forms.field)
register.simple_tag(forms.submit_row, name="submit")
register.simple_tag(forms.title_prefix, takes_context=True)

# Tables
register.simple_tag(tables.table, takes_context=True)
register.simple_tag(tables.table_rows, takes_context=True)
register.simple_tag(tables.paging)
