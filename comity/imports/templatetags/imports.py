"""The way from a list to importing one."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.imports import profiles
from comity.imports.capabilities import IMPORT
from comity.ui.components.acts import button_link

register = template.Library()


@register.simple_tag(takes_context=True)
def import_button(
    context: Context, profile: str, known: Mapping[str, object] | None = None, **about: object
) -> SafeString:
    """{% import_button "responses" wave=wave.key %}: where such a list is imported; nothing for those who may not

    known, about  what is filled in of the form about the file
    """
    user = context["request"].user
    if not user.can(IMPORT) or not user.can(profiles.profile(profile).to):
        return SafeString("")
    return button_link(
        _("Import"),
        f"{reverse('imports:new')}?{urlencode({'what': profile, **(known or {}), **about})}",
        quiet=True,
    )
