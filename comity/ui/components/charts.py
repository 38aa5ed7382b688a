"""A chart, and beside it always the table of its figures."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts import Chart, Number
from comity.ui.components.checks import HEADING_LEVELS, is_a, one_of


def chart(spec: Chart, *, level: int = 2) -> SafeString:
    """{% chart spec level=2 %}

    Drawn by ECharts in the browser; without scripts the table stands open. The title is the heading.
    """
    is_a("chart", "spec", spec, Chart)
    one_of("chart", "level", level, HEADING_LEVELS)
    data = _data(spec)
    key = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:8]
    return format_html(
        '<figure class="chart"><figcaption><h{level}>{title}</h{level}></figcaption>'
        '<div class="chart-plot" data-chart="chart-{key}" data-library="{library}" hidden></div>{json}'
        '<details class="chart-table" open><summary>{summary}</summary>{table}</details>{note}'
        '<script type="module" src="{script}"></script></figure>',
        level=level,
        title=spec.title,
        key=key,
        library=static("vendor/echarts.js"),
        json=json_script(data, f"chart-{key}"),
        summary=_("The same as a table"),
        table=_table(spec),
        note=format_html('<p class="soft small">{}</p>', spec.note) if spec.note else "",
        script=static("ui/chart.js"),
    )


def _data(spec: Chart) -> dict[str, object]:
    return {
        "title": spec.title,
        "kind": spec.kind,
        "unit": spec.unit,
        "height": spec.height,
        "x": [str(name) for name in spec.x],
        "series": [
            {
                "name": str(series.name),
                "values": [float(value) if isinstance(value, Decimal) else value for value in series.values],
                "urls": list(series.urls or []),
                "tone": series.tone,
            }
            for series in spec.series
        ],
    }


def figure(value: Number) -> str:
    """A figure as people read it: 1,240 or 3.1, an en dash where there is none."""
    if value is None:
        return "–"
    return number_format(value, use_l10n=True, force_grouping=True)


def _table(spec: Chart) -> SafeString:
    heads = format_html_join(
        "", '<th scope="col" class="n">{}</th>', ((_head(s.name, spec.unit),) for s in spec.series)
    )
    lines = []
    for place, name in enumerate(spec.x):
        cells = format_html_join(
            "",
            '<td class="n">{}</td>',
            (
                (_linked(figure(series.values[place]), series.urls[place] if series.urls else ""),)
                for series in spec.series
            ),
        )
        lines.append((name, cells))
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="plain"><thead><tr>'
        '<th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        spec.title,
        spec.x_name or format_html('<span class="usa-sr-only">{}</span>', _("Along the axis")),
        heads,
        format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', lines),
    )


def _head(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _linked(words: str, url: str) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', url, words) if url else words
