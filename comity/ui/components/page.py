"""What a page says of what is done: messages with undo, and how far a long piece of work is, which can be left meanwhile."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as store
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.ui.charts import figure
from comity.ui.components.acts import post
from comity.ui.components.boxes import alert
from comity.ui.components.markup import joined, one_of

_KINDS = {
    store.DEBUG: "info",
    store.INFO: "info",
    store.SUCCESS: "success",
    store.WARNING: "warning",
    store.ERROR: "error",
}
_UNDO = "undo:"
STATES = ("waiting", "running", "done", "failed")
_ENDINGS = {"done": "success", "failed": "error"}


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


def progress(context: Context, work: Any) -> SafeString:
    """{% progress work %}: work has label, done, total, state (waiting, running, done, failed), message, url

    Asks this page once a second for its own new state and stops when the work has ended; then
    `work.url` is where its result is. With scripts off a link does the asking.
    """
    one_of("progress", "work.state", str(work.state), STATES)
    key = f"work-{getattr(work, 'pk', None) or 'now'}"
    if work.state in _ENDINGS:
        return _ended(work, key)
    request = context.get("request")
    figures = _("Waiting to start") if work.state == "waiting" else _("Working")
    if work.total:
        figures = _("%(done)s of %(total)s") % {"done": figure(work.done), "total": figure(work.total)}
    url = request.get_full_path() if request is not None else ""
    return render_to_string("ui/_progress.html", {"work": work, "key": key, "url": url, "figures": figures})


def _ended(work: Any, key: str) -> SafeString:
    there = work.url and work.state == "done"
    link = format_html('<p><a href="{}">{}</a></p>', work.url, _("See the result")) if there else ""
    words = format_html("<p>{}</p>{}", work.message, link) if work.message else link
    return format_html(
        '<div class="progress" id="{}" data-ended="{}">{}</div>',
        key,
        work.url,
        alert(SafeString(words), _ENDINGS[work.state], work.label),
    )
