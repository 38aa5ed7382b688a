"""What a person can press: buttons, links that look like buttons, numbers to call, chips, one-button forms, breadcrumbs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_EXTENSION = re.compile(r"\s*(?<![a-z])(?:extension|ext|x)\.?\s*(?=\d)", re.IGNORECASE)


def _classes(*, quiet: bool, danger: bool) -> str:
    return "usa-button" + (" quiet" if quiet else "") + (" danger" if danger else "")


def button(
    label: object,
    *,
    quiet: bool = False,
    danger: bool = False,
    name: str = "",
    value: object = "",
    form: str = "",
    formaction: str = "",
) -> SafeString:
    """{% button "Save" %}; quiet for the lesser act, danger for one that cannot be undone"""
    given = [("name", name), ("value", value if name else ""), ("form", form), ("formaction", formaction)]
    more = format_html_join("", ' {}="{}"', [(key, said) for key, said in given if said != ""])
    return format_html(
        '<button class="{}" type="submit"{}>{}</button>', _classes(quiet=quiet, danger=danger), more, label
    )


def button_link(label: object, url: str, *, quiet: bool = False, danger: bool = False) -> SafeString:
    """{% button_link "Log a visit" url quiet=True %}"""
    if not url:
        raise ValueError("{% button_link %}: it leads nowhere.")
    return format_html('<a class="{}" href="{}">{}</a>', _classes(quiet=quiet, danger=danger), url, label)


def link(words: object, url: str) -> SafeString:
    """The words, which lead there; only the words where it is nowhere. For a cell of figures, or a sentence."""
    return format_html('<a href="{}">{}</a>', url, words) if url else format_html("{}", words)


def phone(number: str) -> SafeString:
    """{% phone "(555) 010-0112 ext. 7" %}: pressed, a phone calls it and dials the extension after a pause"""
    main, _ext, extension = _EXTENSION.sub("\n", number).partition("\n")
    dialed = ",".join(re.sub(r"[^\d+]", "", part) for part in (main, extension) if part)
    if not dialed.strip("+,"):
        return format_html("{}", number)
    return format_html('<a class="whole" href="tel:{}">{}</a>', dialed, number)


def chips(items: Iterable[tuple[object, str, bool]], *, label: object) -> SafeString:
    """{% chips items label="Kind" %}; items: (label, url, on)"""
    each = format_html_join(
        "",
        '<li><a class="chip" href="{}"{}>{}</a></li>',
        ((url, SafeString(' aria-current="true"') if on else "", name) for name, url, on in items),
    )
    return format_html('<ul class="chips" aria-label="{}">{}</ul>', label, each)


def links(items: Iterable[Any]) -> SafeString:
    """{% links navigation.areas %}: each with label and url, perhaps letter (a key) and current (for aria-current)"""
    each = format_html_join(
        "",
        '<li><a href="{}" data-label="{}"{}{}>{}</a></li>',
        (
            (
                item.url,
                item.label,
                format_html(' data-key="{}"', item.letter) if item.letter else "",
                format_html(' aria-current="{}"', item.current) if item.current else "",
                item.label,
            )
            for item in items
        ),
    )
    return format_html("<ul>{}</ul>", each)


def crumb(context: Context, label: object, url: str = "") -> SafeString:
    """{% crumb "Partners" url %} inside the block `crumbs`; without url for a place that has no page

    One that leads to a place of the row under the header is seen only where there is no row, on a phone.
    """
    inner = format_html('<a class="usa-breadcrumb__link" href="{}">{}</a>', url, label) if url else label
    here = getattr(context.get("navigation"), "here", None)
    in_row = url and here and any(link.url == url for link in here.places)
    return format_html('<li class="usa-breadcrumb__list-item{}">{}</li>', " in-row" if in_row else "", inner)


def csrf_field(context: Context) -> SafeString:
    """The hidden field that proves a form is ours; nothing where no request is at hand."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


def post(
    context: Context,
    url: str,
    label: object,
    *,
    confirm: object = "",
    quiet: bool = False,
    danger: bool = False,
    name: str = "",
    value: object = "",
) -> SafeString:
    """{% post url "Withdraw" confirm="Withdraw this? Nobody is told." quiet=True %}

    A form of one button. `confirm` is asked first where scripts run; what must be asked always has a page of its own.
    name, value  one hidden field
    """
    if not url:
        raise ValueError("{% post %}: it leads nowhere.")
    return format_html(
        '<form class="post" method="post" action="{}"{}>{}{}{}</form>',
        url,
        format_html(' data-confirm="{}"', confirm) if confirm else "",
        csrf_field(context),
        format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else "",
        button(label, quiet=quiet, danger=danger),
    )
