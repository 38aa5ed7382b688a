"""{% load ui %}: every component, by name. What each takes is said where it is made, in comity/ui/components/."""

from __future__ import annotations

from django import template

from comity.ui import money
from comity.ui.components import acts, boxes, charts, days, forms, page, signs, tables, timeline

register = template.Library()

for around in (boxes.card, boxes.alert, boxes.stats, boxes.row, boxes.facts, boxes.fact, boxes.wrap):
    register.simple_block_tag(around)
for alone in (
    *(signs.icon, signs.ring, signs.mark, signs.tag, signs.bar),
    *(boxes.empty, boxes.stat),
    *(acts.button, acts.button_link, acts.chips, acts.links, acts.phone),
    *(timeline.timeline, charts.chart, charts.figures),
    *(forms.errors, forms.field),
):
    register.simple_tag(alone)
for of_the_page in (
    *(acts.crumb, acts.post),
    *(page.messages, page.progress),
    *(forms.form, forms.title_prefix),
    *(tables.table, tables.table_rows),
):
    register.simple_tag(of_the_page, takes_context=True)
register.simple_tag(forms.submit_row, name="submit")
for said in (money.money, money.signed, money.price, money.quantity):
    register.filter(said)
register.filter(days.day)
register.filter(days.near_day)
register.filter(days.month)
