"""What stands above a list: its views as tabs, the words looked for, its filters, and a menu with the rest.

All of it works without scripts: filters are a GET form in a <details>, views and chips are links. Where htmx swaps the
rows, the pieces with an id of their own that depend on what is in force are swapped with them.
"""

from __future__ import annotations

from dataclasses import replace

from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.ui.components.acts import csrf_field
from comity.ui.components.markup import joined
from comity.ui.components.signs import icon
from comity.ui.saved_views import View
from comity.ui.tables import Filter, Table
from comity.ui.tables.table import SORT, Tab

# Of the names of views, as many as fit beside the field for words; the rest stand behind "More".
MOST_LETTERS = 72
NOTHING = SafeString("")


def toolbar(context: Context, table: Table) -> SafeString:
    """The whole of it."""
    return format_html(
        '<div class="list-bar">{}{}{}</div>', _tabs(table), _form(table), _menu(context, table)
    )


def swapped(context: Context, table: Table) -> SafeString:
    """Those pieces that change with the rows, for htmx to put in their places."""
    kept = _kept(table, swap=True) if table.filters else NOTHING
    return joined([_tabs(table, swap=True), kept, _menu(context, table, swap=True)])


def _swap(swap: bool) -> SafeString:
    return SafeString(' hx-swap-oob="true"') if swap else NOTHING


# --- views ---


def _tabs(table: Table, *, swap: bool = False) -> SafeString:
    """The views that there is room for, the one in force among them; the rest in a menu beside them."""
    if not table.tabs:
        return NOTHING
    row, more = _that_fit(table.tabs)
    rest = (
        format_html(
            '<details class="list-menu" data-menu><summary>{}{}</summary><ul class="popover">{}</ul></details>',
            pgettext("views of a list", "More"),
            icon("chevron-down", 16),
            joined(map(_tab, more)),
        )
        if more
        else NOTHING
    )
    return format_html(
        '<nav id="{}-views" class="views" aria-label="{}"{}><ul>{}</ul>{}</nav>',
        table.name,
        _("Views of this list"),
        _swap(swap),
        joined(map(_tab, row)),
        rest,
    )


def _that_fit(tabs: list[Tab]) -> tuple[list[Tab], list[Tab]]:
    """Those that stand in the row, and those that stand behind "More"."""
    room = MOST_LETTERS - sum(_letters(tab) for tab in tabs if tab.on)
    row, more = list[Tab](), list[Tab]()
    for tab in tabs:
        room -= 0 if tab.on else _letters(tab)
        (row if tab.on or room >= 0 else more).append(tab)
    return row, more


def _letters(tab: Tab) -> int:
    return len(f"{tab.label}{_whose(tab.saved)}") + 3


def _tab(tab: Tab) -> SafeString:
    whose = _whose(tab.saved)
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        tab.url,
        SafeString(' aria-current="true"') if tab.on else "",
        tab.label,
        format_html(' <span class="soft small">· {}</span>', whose) if whose else "",
    )


def _whose(view: View | None) -> str:
    """Who shares it, or that it is shared; nothing for what is one's own alone."""
    if view is None:
        return ""
    return view.owner or (pgettext("view", "shared") if view.shared else "")


# --- words and filters ---


def _form(table: Table) -> SafeString:
    if not table.filters:
        return NOTHING
    find = table.find
    shown = replace(find, hint=find.hint or find.label).markup(table.params, table.name) if find else ""
    swaps = format_html(
        ' hx-get="{}" hx-target="#{}" hx-swap="outerHTML" hx-trigger="submit, change, search, '
        'input changed delay:400ms from:find input[type=search]"',
        table.request.path,
        table.id,
    )
    return format_html(
        '<form class="list-find" method="get" action="{}" role="search" aria-label="{}" data-filters{}>{}{}{}'
        '<button class="usa-button quiet apply" type="submit">{}</button></form>',
        table.request.path,
        _("Filter: %(list)s") % {"list": table.caption} if table.caption else _("Filter the list"),
        swaps if table.alone else "",
        _kept(table),
        format_html('<div class="words">{}{}</div>', icon("search", 16), shown) if find else "",
        _folded(table, [each for each in table.filters if each is not find]),
        pgettext("filters", "Show"),
    )


def _kept(table: Table, *, swap: bool = False) -> SafeString:
    """What the form has to carry along though it is none of its fields."""
    fields = format_html_join("", '<input type="hidden" name="{}" value="{}">', table.kept)
    return format_html('<span id="{}-kept" hidden{}>{}</span>', table.name, _swap(swap), fields)


def _folded(table: Table, filters: list[Filter]) -> SafeString:
    if not filters:
        return NOTHING
    return format_html(
        '<details class="list-menu" data-menu><summary class="tool">{}{}</summary>'
        '<div class="popover filters" role="group" aria-label="{}">{}</div></details>',
        icon("filter", 18),
        pgettext("of a list", "Filter"),
        _("Filters"),
        joined(each.markup(table.params, table.name) for each in filters),
    )


def in_force(table: Table) -> SafeString:
    """Each filter that is on, with its words and a way to take it off; how much is left, and a way back to all."""
    if not table.is_filtered:
        return NOTHING
    chips = joined(_chip(table, each) for each in table.in_force if each is not table.find)
    return format_html(
        '<ul class="chips" aria-label="{}">{}<li><a class="clear" href="{}" data-clear="{}">{}</a></li></ul>',
        _("Active filters"),
        chips,
        table.plain_url,
        " ".join(name for each in table.filters for name in each.names()),
        _("Show all"),
    )


def _chip(table: Table, each: Filter) -> SafeString:
    words = each.words(table.params)
    return format_html(
        '<li><a class="chip" href="{}" data-clear="{}"><span class="usa-sr-only">{} </span>{}{}{}</a></li>',
        table.without(each),
        " ".join(each.names()),
        pgettext("a filter", "Remove"),
        each.label,
        format_html(": <b>{}</b>", words) if words else "",
        icon("close", 14),
    )


# --- the rest ---


def _menu(context: Context, table: Table, *, swap: bool = False) -> SafeString:
    """Other ways to look at it, the file, how it is sorted (on a phone, where no heads are seen), the view."""
    by, sign = table.sort.removeprefix("-"), "arrow-down" if table.sort.startswith("-") else "arrow-up"
    sorts = [
        (
            column.label,
            table.url(**{SORT: f"-{column.key}" if table.sort == column.key else column.key}),
            sign if column.key == by else "",
        )
        for column in table.columns
        if column.sort
    ]
    view = _view(context, table)
    wide = view or table.links or table.export_name
    said = {"table": table, "sorts": sorts, "view": view, "wide": wide, "swap": swap}
    return render_to_string("ui/_menu.html", said)


def _view(context: Context, table: Table) -> SafeString:
    """Save what is set as a view; or rename, share or forget the one of one's own that is shown."""
    if not table.query or not table.keeps_views:
        return NOTHING
    own = next((tab.saved for tab in table.shown if tab.saved and tab.saved.mine), None)
    if table.shown and own is None:
        return NOTHING
    said = {"table": table, "view": own, "csrf": csrf_field(context), "save": pgettext("view", "Save")}
    return render_to_string("ui/_view.html", said)
