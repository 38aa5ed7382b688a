"""A chart with its title, and below it always the table of its figures."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts import Chart, Figures, Key, Sheet
from comity.ui.components.checks import HEADING_LEVELS, is_a, one_of


def chart(spec: Chart, *, level: int = 2) -> SafeString:
    """{% chart spec level=2 %}

    A picture that needs no script. The title is the heading.
    """
    is_a("chart", "spec", spec, Chart)
    one_of("chart", "level", level, HEADING_LEVELS)
    return format_html(
        '<figure class="chart"><figcaption><h{0}>{1}</h{0}></figcaption>{2}{3}{4}{5}</figure>',
        level,
        spec.title,
        format_html_join("", "{}", ((one,) for one in _legends(spec))),
        spec.drawing.draw(Sheet(), spec.title),
        format_html('<p class="soft small">{}</p>', spec.note) if spec.note else "",
        _figures(spec),
    )


def _legends(spec: Chart) -> list[SafeString]:
    keys = spec.drawing.legend()
    if not keys:
        return []
    narrow = " narrow" if all(key.only_narrow for key in keys) else ""
    return [
        format_html('<ul class="chart-legend{}">{}</ul>', narrow, format_html_join("", "{}", map(_key, keys)))
    ]


def _key(key: Key) -> tuple[SafeString]:
    sign = format_html(
        '<svg class="drawn" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">{}</svg>',
        key.sign,
    )
    return (format_html("<li>{}{}</li>", sign, key.name),)


def _figures(spec: Chart) -> SafeString:
    words = _("Show as a table")
    if spec.table_url or spec.table is None:
        return format_html('<p><a href="{}">{}</a></p>', spec.table_url, words)
    return format_html(
        '<details class="chart-table"><summary>{}</summary>{}</details>',
        words,
        _table(spec.title, spec.table),
    )


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
