"""A Table as markup: its toolbar, rows, paging. Cells are escaped; on a phone a row is a name and a line below it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.template.context import Context
from django.template.loader import get_template, render_to_string
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from comity.ui.components.acts import csrf_field
from comity.ui.components.boxes import empty
from comity.ui.components.markup import is_a, joined
from comity.ui.components.signs import icon
from comity.ui.components.toolbar import in_force, swapped, toolbar
from comity.ui.tables import Column, Table
from comity.ui.tables.columns import said
from comity.ui.tables.table import described


def table(context: Context, table: Table) -> SafeString:
    """{% table table %}: views, filters and a menu above, then the rows and the paging"""
    is_a("table", "table", table, Table)
    rows = _part(context, table)  # drawn first: reading them tells which filters are in force
    return format_html(
        '<div class="table-frame">{}{}{}</div>', toolbar(context, table), _bulk_form(context, table), rows
    )


def table_rows(context: Context, table: Table) -> SafeString:
    """The answer to htmx: the part that changes when the list is filtered, sorted or paged, and what goes with it."""
    return format_html("{}{}", _part(context, table), swapped(context, table))


def _part(context: Context, table: Table) -> SafeString:
    rows = table.page  # asked first: it finds the total
    said = described(table)
    count = format_html('<p class="count">{}</p>', said) if rows else SafeString("")
    body = format_html("{}{}", _grid(table, rows), _bulk_bar(table)) if rows else _nothing(table)
    return format_html(
        '<div id="{}" class="table-part" tabindex="-1" data-announce="{}">{}{}{}<div class="list-foot">{}{}</div></div>',
        table.id,
        said,
        _problems(table),
        in_force(table),
        body,
        count,
        paging(table),
    )


def _problems(table: Table) -> SafeString:
    lines = format_html_join("", "<p>{}</p>", ((problem,) for problem in table.problems))
    return format_html('<div class="table-problems" role="alert">{}</div>', lines) if lines else lines


# --- the rows ---


def _grid(table: Table, rows: list[Any]) -> SafeString:
    head = [_head(table, column) for column in table.columns]
    if table.bulk:
        box = '<input type="checkbox" data-bulk-page="{}-bulk" aria-label="{}" hidden>'
        page = format_html(box, table.name, _("Select this page"))
        head.insert(0, format_html('<th scope="col" class="box">{}</th>', page))
    return format_html(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0"><table class="grid">'
        '<thead hx-boost="true" hx-target="#{}" hx-swap="outerHTML"><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        table.caption or _("The list"),
        table.id,
        joined(head),
        mark_safe("".join(_lines(table, rows))),  # every cell is escaped below
    )


def _head(table: Table, column: Column) -> SafeString:
    number = SafeString(' class="n"') if column.numeric else SafeString("")
    if not column.sort:
        return format_html('<th scope="col"{}>{}</th>', number, column.label)
    state = {column.key: "ascending", f"-{column.key}": "descending"}.get(table.sort, "")
    sign = {"ascending": "arrow-up", "descending": "arrow-down"}.get(state, "sort")
    target = f"-{column.key}" if state == "ascending" else column.key
    return format_html(
        '<th scope="col"{}{}><a id="{}-by-{}" href="{}">{}{}</a></th>',
        number,
        format_html(' aria-sort="{}"', state) if state else "",
        table.name,
        column.key,
        table.url(sort=target),
        column.label,
        icon(sign, 16),
    )


def _lines(table: Table, rows: list[Any]) -> Iterator[str]:
    """Each row as markup. Written with plain strings: this is where a list page spends its time."""
    columns = [_cell_writer(column, first=place == 0) for place, column in enumerate(table.columns)]
    choose, form = escape(pgettext("row of a list", "Select")), escape(f"{table.name}-bulk")
    for row in rows:
        box = ""
        if table.bulk:
            box = (
                f'<td class="box"><input type="checkbox" name="ids" value="{escape(row.pk)}" form="{form}" '
                f'aria-label="{choose} {escape(table.row_name(row))}"></td>'
            )
        yield f"<tr>{box}{' '.join(write(row) for write in columns)}</tr>"


def _cell_writer(column: Column, *, first: bool) -> Any:
    """A function from a row to its cell, with all that is the same for every row worked out once."""
    element = 'th scope="row"' if first else "td"
    names = [
        name for name, on in (("n", column.numeric), ("whole", column.whole), ("wide", column.wide)) if on
    ]
    opening = _opening(element, column, *names)
    day_opening = _opening(element, column, *names, "whole", "day")
    closing = "</th>" if first else "</td>"
    template = get_template(column.template) if column.template else None

    def write(row: Any) -> str:
        value = column.read(row)
        if template is not None:
            return f"{opening}{template.render({'row': row, 'value': value}).strip()}{closing}"
        words: str = conditional_escape(said(value))
        # A day reads as one; a moment may have its time below its day.
        begun = day_opening if isinstance(value, date) and not isinstance(value, datetime) else opening
        url = column.link(row) if callable(column.link) and words else ""
        if url:
            words = f'<a href="{escape(url)}">{words}</a>'
        return f"{begun}{words}{closing}"

    return write


def _opening(element: str, column: Column, *names: str) -> str:
    classes = f' class="{" ".join(dict.fromkeys(names))}"' if names else ""
    return f'<{element}{classes} data-label="{escape(column.label)}">'


def _nothing(table: Table) -> SafeString:
    if table.is_filtered:
        return empty(_("Nothing matches these filters."))
    return empty(
        table.empty or _("There is nothing here yet."), url=table.empty_url, action=table.empty_action
    )


# --- many rows ---


def _bulk_form(context: Context, table: Table) -> SafeString:
    """The form the boxes belong to; it stands outside the rows, which hold forms of their own."""
    if not table.bulk:
        return SafeString("")
    return format_html(
        '<form id="{}-bulk" class="bulk-form" method="post" action="{}">{}</form>',
        table.name,
        table.bulk[0].url,
        csrf_field(context),
    )


def _bulk_bar(table: Table) -> SafeString:
    """Where scripts run it comes once something is chosen, and stays in sight."""
    if not table.bulk:
        return SafeString("")
    count, whole = f"{table.total:,}", ""
    if table.total > len(table.page):
        whole = ngettext("Select all %(count)s found", "Select all %(count)s found", table.total)
    said = {"table": table, "form": f"{table.name}-bulk", "total": count, "whole": whole % {"count": count}}
    return render_to_string("ui/_bulk.html", said)


# --- paging ---


def paging(table: Table) -> SafeString:
    """Pages around this one, the first and the last; nothing if there is one page."""
    now, last = table.number, max(table.number, table.pages)
    if last == 1:
        return SafeString("")
    near = [number for number in sorted({1, now - 1, now, now + 1, last}) if 1 <= number <= last]
    said = {
        "table": table,
        "pages": [
            (number, table.url(page=number), f"{number:,}", number - before > 1)
            for before, number in pairwise([0, *near])
        ],
        "previous": table.url(page=now - 1) if now > 1 else "",
        "next": table.url(page=now + 1) if now < last else "",
        "words": (pgettext("paging", "Previous"), pgettext("paging", "Next")),
    }
    return render_to_string("ui/_paging.html", said)
