"""A chart with its title, and below it always the table of its figures."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts import Chart, Figures, Sheet
from comity.ui.components.markup import is_a


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
    table = _table(spec.title, spec.table)
    return format_html('<details class="chart-table"><summary>{}</summary>{}</details>', words, table)


def _table(name: str, table: Figures) -> SafeString:
    first, *heads = table.head
    lines = (
        (row[0], format_html_join("", '<td class="n">{}</td>', ((cell,) for cell in row[1:])))
        for row in table.rows
    )
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="plain"><thead><tr>'
        '<th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        name,
        first or format_html('<span class="usa-sr-only">{}</span>', _("Axis")),
        format_html_join("", '<th scope="col" class="n">{}</th>', ((head,) for head in heads)),
        format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', lines),
    )
