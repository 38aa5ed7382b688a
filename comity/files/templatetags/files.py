"""{% load files %}{% attachments follow_up %}: the files of a row, with a form to add one where that is allowed."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.db import models
from django.template.context import Context

from comity.files import kinds, services
from comity.files.models import Attachment

register = template.Library()


@register.inclusion_tag("files/_attachments.html", takes_context=True)
def attachments(context: Context, owner: models.Model) -> dict[str, Any]:
    """The page that shows the owner has asked already whether its reader may see it."""
    request = context["request"]
    label = owner._meta.label
    may_add = services.may_add(request.user, label, owner.pk)
    present = list(Attachment.objects.of(owner).present().select_related("added_by"))
    for attachment in present:
        vars(attachment)["removable"] = may_add and services.may_remove(request.user, attachment)
    return {
        "attachments": present,
        "may_add": may_add and len(present) < services.MOST_PER_OWNER,
        "owner_kind": label,
        "owner_id": owner.pk,
        "accept": kinds.ACCEPT,
        "limit": settings.UPLOAD_LIMIT // 1_000_000,
    }
