"""A filter by one row of many, found by typing. It asks the database nothing to show itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.forms.renderers import get_default_renderer
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from comity.ui.tables import Filter
from comity.ui.tables.filters import Params, Rows
from comity.ui.widgets import ComboBox


@dataclass(frozen=True)
class Picked(Filter):
    """Picked("contact", _("Contact"), url, by_pk=..., by_words=...)

    url       where its choices come from
    by_pk     function(rows, pk): the rows that go with what was chosen
    by_words  function(rows, text): the same for words that were typed, where scripts are off

    The words chosen stand in the query string beside the key, so the page need not look them up.
    """

    url: Callable[[], str]
    by_pk: Callable[[Any, int], Rows]
    by_words: Callable[[Any, str], Rows]

    def names(self) -> tuple[str, ...]:
        return self.key, f"{self.key}-chosen", f"{self.key}-label"

    def is_on(self, params: Params) -> bool:
        return bool(params.get(self.key, "").strip())

    def apply(self, rows: Rows, params: Params) -> Rows:
        text = params.get(self.key, "").replace("\0", "").strip()[:200]
        if not text:
            return rows
        chosen = self._chosen(params)
        return self.by_words(rows, text) if chosen is None else self.by_pk(rows, chosen)

    def words(self, params: Params) -> str:
        return params.get(self.key, "").strip()[:200]

    def _chosen(self, params: Params) -> int | None:
        words, label, chosen = (
            params.get(name, "") for name in self.names()[:1] + self.names()[2:] + self.names()[1:2]
        )
        number = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
        return int(chosen) if number and words == label else None

    def markup(self, params: Params, prefix: str) -> SafeString:
        attributes = {
            "class": "usa-input",
            "id": f"{prefix}-{self.key}",
            "placeholder": pgettext("filter found by typing", "All; type a name"),
        }
        box = ComboBox(attributes, url=self.url)
        context = box.get_context(self.key, None, box.attrs)
        words, chosen, label = (params.get(name, "") for name in self.names())
        context["widget"].update(value=words, chosen=chosen if words == label else "", label=label)
        return format_html(
            '<div class="filter"><label class="usa-label" for="{0}-{1}">{2}</label>{3}</div>',
            prefix,
            self.key,
            self.label,
            SafeString(get_default_renderer().render(box.template_name, context)),
        )


def picked(key: str, pk: int, words: object) -> str:
    """The query string of a list narrowed to one row: ?part_of=Parks&part_of-chosen=7&..."""
    return urlencode({key: str(words), f"{key}-chosen": pk, f"{key}-label": str(words)})
