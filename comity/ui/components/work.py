"""How far a long piece of work is; the page can be left and come back to."""

from __future__ import annotations

from typing import Any

from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts import figure
from comity.ui.components.boxes import alert
from comity.ui.components.checks import one_of

STATES = ("waiting", "running", "done", "failed")
_ENDINGS = {"done": "success", "failed": "error"}


def progress(context: Context, work: Any, *, poll: str = "") -> SafeString:
    """{% progress work %}: work has label, done, total, state (waiting, running, done, failed), message, url

    Asks this page (or `poll`) once a second for its own new state and stops when the work has ended; then
    `work.url` is where its result is. With scripts off a link does the asking.
    """
    one_of("progress", "work.state", str(work.state), STATES)
    key = f"work-{getattr(work, 'pk', None) or 'now'}"
    if work.state in _ENDINGS:
        return _ended(work, key)
    request = context.get("request")
    address = poll or (request.get_full_path() if request is not None else "")
    return format_html(
        '<div class="progress" id="{key}" hx-get="{url}" hx-trigger="load delay:1s" hx-select="#{key}" hx-swap="outerHTML">'
        '<p class="progress-words"><b>{label}</b> <span>{figures}</span></p>{bar}'
        '<p class="soft small">{message}{leave}</p>'
        '<noscript><a href="{url}">{refresh}</a></noscript></div>',
        key=key,
        url=address,
        label=work.label,
        figures=_figures(work),
        bar=_bar(work),
        message=f"{work.message} · " if work.message else "",
        leave=_("You can leave this page. The work continues."),
        refresh=_("See how far along it is"),
    )


def _figures(work: Any) -> str:
    if not work.total:
        return _("Waiting to start") if work.state == "waiting" else _("Working")
    return _("%(done)s of %(total)s") % {"done": figure(work.done), "total": figure(work.total)}


def _bar(work: Any) -> SafeString:
    if not work.total:
        return format_html('<progress aria-label="{}"></progress>', work.label)
    return format_html(
        '<progress value="{}" max="{}" aria-label="{}"></progress>', work.done, work.total, work.label
    )


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
