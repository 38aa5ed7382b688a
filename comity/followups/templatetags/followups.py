"""{% load followups %}: what can be done about a follow-up in a row of a list, unfolding there."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from comity.followups import kinds
from comity.followups.capabilities import WORK
from comity.followups.models import FollowUp
from comity.followups.views.one import next_act

register = template.Library()


@register.inclusion_tag("followups/_next.html", takes_context=True)
def next_step(context: Context, follow_up: FollowUp) -> dict[str, Any]:
    """{% next_step follow_up %}: the button of what the ring waits for; in a `{% row %}`"""
    works = context["request"].user.can(WORK)
    return {
        "next": next_act(follow_up, kinds.get(follow_up.kind)) if works else None,
        "follow_up": follow_up,
        "query": "?row",
    }
