"""Boxes that hold a page's content: card, alert, empty state, figures, rows, facts."""

from __future__ import annotations

from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from comity.core.ring import Ring
from comity.ui.components.acts import button_link
from comity.ui.components.markup import HEADING_LEVELS, both_or_none, is_a, one_of
from comity.ui.components.signs import icon
from comity.ui.components.signs import ring as ring_sign
from comity.ui.components.signs import tag as tag_sign

ALERTS = ("info", "success", "warning", "error")
DUE_KINDS = ("", "late", "soon", "good")


def _id(value: str) -> SafeString:
    return format_html(' id="{}"', value) if value else SafeString("")


def card(
    content: SafeString,
    heading: object = "",
    *,
    id: str = "",
    more: object = "",
    more_url: str = "",
) -> SafeString:
    """{% card "Needs you" id="needs-you" more="All 14" more_url=... %} markup {% endcard %}

    more, more_url  a link beside the heading, to all there is
    """
    both_or_none("card", more=more, more_url=more_url)
    if more and not heading:
        raise ValueError("{% card %}: a link to more needs a heading beside it.")
    head = format_html("<h2>{}</h2>", heading) if heading else ""
    if more:
        head = format_html('<div class="card-head">{}<a href="{}">{}</a></div>', head, more_url, more)
    return format_html('<section class="card"{}>{}{}</section>', _id(id), head, content)


def alert(content: SafeString, kind: str, heading: object = "", *, id: str = "") -> SafeString:
    """{% alert "warning" "Overdue" %} any markup {% endalert %}; kind: info, success, warning, error"""
    one_of("alert", "kind", kind, ALERTS)
    words = {
        "info": pgettext("alert", "Note"),
        "success": pgettext("alert", "Done"),
        "warning": pgettext("alert", "Warning"),
        "error": pgettext("alert", "Problem"),
    }
    said = format_html('<p class="usa-alert__heading">{}</p>', heading) if heading else ""
    return format_html(
        '<div class="usa-alert usa-alert--{0}"{1}>{2}<div class="usa-alert__body"><span class="usa-sr-only">{3}: </span>'
        '{4}<div class="usa-alert__text">{5}</div></div></div>',
        kind,
        _id(id),
        icon(kind, 22),
        words[kind],
        said,
        content,
    )


def empty(text: object, *, url: str = "", action: object = "") -> SafeString:
    """{% empty "Nothing is waiting." url=... action="Write down what you heard" %}"""
    both_or_none("empty", url=url, action=action)
    act = button_link(action, url, quiet=True) if action else ""
    return format_html('<div class="empty"><p>{}</p>{}</div>', text, act)


def stats(content: SafeString) -> SafeString:
    """{% stats %}{% stat ... %}{% endstats %}"""
    return format_html('<ul class="stats">{}</ul>', content)


def stat(figure: object, words: object, *, url: str = "", kind: str = "", note: object = "") -> SafeString:
    """{% stat "4 open" "follow-ups, 1 late" url=... kind="bad" note="..." %}: figure, words and note are one link."""
    one_of("stat", "kind", kind, ("", "good", "warn", "bad"))
    small = format_html(" <small>{}</small>", note) if note else ""
    inner = format_html("<b>{}</b> <span>{}</span>{}", figure, words, small)
    held = format_html('<a href="{}">{}</a>', url, inner) if url else format_html("<div>{}</div>", inner)
    return format_html("<li{}>{}</li>", format_html(' class="{}"', kind) if kind else "", held)


def row(
    content: SafeString,
    *,
    title: object = "",
    url: str = "",
    ring: Ring | Literal[""] | None = None,
    when: object = "",
    due: object = "",
    due_note: object = "",
    due_kind: str = "",
    tag: object = "",
    tag_kind: str = "",
    action: object = "",
    action_url: str = "",
    level: int = 3,
) -> SafeString:
    """{% row title=... url=... ring=... due="9 days late" due_note="was due Nov 13" due_kind="late" %} words {% endrow %}

    ring or when       what stands left: the ring, or a time ("10:00 am")
    due, due_note      what stands right, with what stands small below it; due_kind: late, soon, good
    tag, tag_kind      a tag behind the title
    action, action_url a quiet button at the right end, in place of due
    """
    one_of("row", "due_kind", due_kind, DUE_KINDS)
    one_of("row", "level", level, HEADING_LEVELS)
    both_or_none("row", action=action, action_url=action_url)
    if ring:
        is_a("row", "ring", ring, Ring)
        left = ring_sign(ring)
    else:
        left = format_html('<span class="when">{}</span>', when) if when else SafeString("")
    name = format_html('<a href="{}">{}</a>', url, title) if url else title
    said = format_html(" {}", tag_sign(tag, kind=tag_kind)) if tag else ""
    head = format_html("<h{0}>{1}{2}</h{0}>", level, name, said) if title else ""
    return format_html(
        '<div class="row{}">{}<div class="row-body">{}{}</div>{}</div>',
        "" if left else " bare",
        left,
        head,
        format_html('<div class="row-words">{}</div>', content) if content.strip() else "",
        _right(due, due_note, due_kind, action, action_url),
    )


def _right(due: object, note: object, kind: str, action: object, url: str) -> SafeString:
    if action:
        return format_html('<div class="due">{}</div>', button_link(action, url, quiet=True))
    if not due and not note:
        return SafeString("")
    return format_html(
        '<p class="due{}{}">{}{}</p>',
        " " if kind else "",
        kind,
        format_html("<span>{}</span>", due) if due else "",
        format_html(" <small>{}</small>", note) if note else "",
    )


def facts(content: SafeString) -> SafeString:
    """{% facts %}{% fact "Our contact" %}Ana Ruiz{% endfact %}{% endfacts %}"""
    return format_html('<dl class="facts">{}</dl>', content)


def fact(content: SafeString, name: object, *, kind: str = "") -> SafeString:
    """{% fact "Their IT lead" kind="bad" %}vacant, 34 days{% endfact %}"""
    one_of("fact", "kind", kind, ("", "good", "warn", "bad"))
    mark = format_html(' class="{}"', kind) if kind else ""
    return format_html("<div><dt>{}</dt><dd{}>{}</dd></div>", name, mark, content)


def wrap(content: SafeString, element: str, name: str = "", *, label: object = "") -> SafeString:
    """{% wrap "aside" "page-aside" %}{% block aside %}{% endblock %}{% endwrap %}: nothing when the block gives nothing."""
    one_of("wrap", "element", element, ("aside", "div", "nav", "ol", "p", "section"))
    if not content.strip():
        return SafeString("")
    return format_html(
        "<{0}{1}{2}>{3}</{0}>",
        element,
        format_html(' class="{}"', name) if name else "",
        format_html(' aria-label="{}"', label) if label else "",
        content,
    )
