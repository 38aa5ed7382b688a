"""A chart with its title, and below it always the table of its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts import Chart, Figures, Sheet
from comity.ui.components.markup import is_a

STACKS = 3  # so many cells beside the head of a row stand below one another on a phone


def chart(spec: Chart) -> SafeString:
    """{% chart spec %}: a picture that needs no script. The title is the heading."""
    is_a("chart", "spec", spec, Chart)
    return format_html(
        '<figure class="chart"><figcaption><h2>{}</h2></figcaption>{}{}{}{}</figure>',
        spec.title,
        _legend(spec),
        spec.drawing.draw(Sheet(), spec.title),
        format_html('<p class="soft small">{}</p>', spec.note) if spec.note else "",
        _figures(spec),
    )


def _legend(spec: Chart) -> SafeString:
    keys = spec.drawing.legend()
    if not keys:
        return SafeString("")
    narrow = " narrow" if all(key.only_narrow for key in keys) else ""
    sign = '<svg class="drawn" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">{}</svg>'
    lines = format_html_join("", f"<li>{sign}{{}}</li>", ((key.sign, key.name) for key in keys))
    return format_html('<ul class="chart-legend{}">{}</ul>', narrow, lines)


def _figures(spec: Chart) -> SafeString:
    words = _("Show as a table")
    if spec.table_url or spec.table is None:
        return format_html('<p><a href="{}">{}</a></p>', spec.table_url, words)
    table = figures(spec.title, spec.table)
    return format_html('<details class="chart-table"><summary>{}</summary>{}</details>', words, table)


def figures(name: str, table: Figures) -> SafeString:
    """{% figures "From scans to the amount" table %}: a table that needs no picture"""
    first, *heads = table.head
    line, stacks = '<tr><th scope="row">{}</th>{}</tr>', len(heads) >= STACKS
    labels = heads if stacks else []
    foot = (
        format_html(
            "<tfoot>{}</tfoot>", format_html_join("", line, _cells([table.foot], table.words, labels))
        )
        if table.foot
        else ""
    )
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="plain{}"><thead><tr>'
        '<th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody>{}</table></div>',
        name,
        " stacks" if stacks else "",
        first or format_html('<span class="usa-sr-only">{}</span>', _("Axis")),
        format_html_join("", '<th scope="col"{}>{}</th>', _sided(heads, table.words)),
        format_html_join("", line, _cells(table.rows, table.words, labels)),
        foot,
    )


def _cells(
    rows: Iterable[Sequence[str]], words: int, labels: Sequence[str]
) -> Iterator[tuple[str, SafeString]]:
    """The head of each row, and its other cells as markup; with what each is, for where they stand below one another."""
    said = [format_html(' data-label="{}"', label) for label in labels]
    for head, *rest in rows:
        cells = (
            (side, label, cell)
            for (side, cell), label in zip(_sided(rest, words), said or repeat(""), strict=False)
        )
        yield head, format_html_join("", "<td{}{}>{}</td>", cells)


def _sided(cells: Iterable[str], words: int) -> Iterator[tuple[SafeString, str]]:
    """The cells beside the head of a row, each with the class that sets figures to the right."""
    for place, cell in enumerate(cells, 1):
        yield SafeString(' class="n"' if place >= words else ""), cell
