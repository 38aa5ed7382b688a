"""Parts of the base page that have rules: messages with undo, what scripts need to know."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as store
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from comity.ui.components.acts import post
from comity.ui.components.boxes import alert
from comity.ui.components.markup import joined

_KINDS = {
    store.DEBUG: "info",
    store.INFO: "info",
    store.SUCCESS: "success",
    store.WARNING: "warning",
    store.ERROR: "error",
}
_UNDO = "undo:"


def tell(request: HttpRequest, sentence: str, *, undo: str = "", level: int = store.SUCCESS) -> None:
    """Say something on the next page. `undo` is where a POST takes it back."""
    store.add_message(
        request, level, sentence, extra_tags=f"{_UNDO}{undo}" if undo else "", fail_silently=True
    )


def messages(context: Context) -> SafeString:
    """{% messages %}: what was just said, each once, with a button that takes it back where there is one"""
    said = context.get("messages") or []
    return joined(_message(context, each) for each in said)


def _message(context: Context, message: Message) -> SafeString:
    inner: Any = format_html("<p>{}</p>", message.message)
    undo = (message.extra_tags or "").partition(_UNDO)[2]
    if undo:
        inner = format_html("{}{}", inner, post(context, undo, pgettext("message", "Undo"), quiet=True))
    return format_html(
        '<div class="message" role="status">{}</div>', alert(inner, _KINDS.get(message.level, "info"))
    )
