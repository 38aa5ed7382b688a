"""A filter by one row of many, found by typing, or by several that the words mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.ui.pickers import Picker, as_key, tidy
from comity.ui.tables.columns import Words
from comity.ui.tables.filters import Filter, Params, Rows

NONE = ("-", "none")  # in an address: of nobody, rather than of anybody


@dataclass(frozen=True)
class Meant:
    """Which rows an address means: their keys, and the words for them."""

    keys: Any
    words: str


@dataclass(frozen=True)
class Picked(Filter):
    """Picked("owner", _("Owner"), COLLEAGUE, request.user, "owner", none=_("nobody yet"))

    picker  how one is picked
    user    who looks: a row they may not pick is as good as none
    field   the foreign key, or function(rows, keys): the rows of some keys (a list, or a query), of nobody for None
    none    words for rows that are of nobody, where there are such: "-" in the address

    The address has a key, or words: those that name one outright mean that one, others all that have them.
    """

    picker: Picker
    user: Any
    field: str | Callable[[Any, Any], Rows]
    none: Words = ""

    def names(self) -> tuple[str, ...]:
        return (
            self.key,
            f"{self.key}-chosen",
            f"{self.key}-label",
        )  # the last two in addresses given out before

    def is_on(self, params: Params) -> bool:
        return bool(self._text(params))

    def apply(self, rows: Rows, params: Params) -> Rows:
        text = self._text(params)
        if not text:
            return rows
        keys = self._meant(text).keys
        if callable(self.field):
            return self.field(rows, keys)
        return rows.filter(**({self.field: None} if keys is None else {f"{self.field}__in": keys}))

    def words(self, params: Params) -> str:
        return self._meant(self._text(params)).words

    def markup(self, params: Params, prefix: str) -> SafeString:
        text = self._text(params)
        words = self.words(params) if text in NONE or as_key(text) is not None else text
        return format_html(
            '<div class="filter"><label class="usa-label" for="{0}-{1}">{2}</label><div class="combo" data-combo="{3}" '
            'data-combo-one><input class="usa-input" type="text" id="{0}-{1}" name="{1}" value="{4}" maxlength="200" '
            'placeholder="{5}" autocomplete="off"><input type="hidden" value="{6}"></div></div>',
            prefix,
            self.key,
            self.label,
            self.picker.url,
            words,
            pgettext("filter found by typing", "All, or type a name"),
            text,
        )

    def _text(self, params: Params) -> str:
        text, chosen, label = (tidy(params.get(name, "")) for name in self.names())
        return chosen if chosen and text == label else text

    @cached_property
    def _known(self) -> dict[str, Meant]:
        return {}

    def _meant(self, text: str) -> Meant:
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> Meant:
        if text in NONE and self.none:
            return Meant(None, str(self.none))
        row = self.picker.one(self.user, text) if as_key(text) is not None else None
        if row is not None:
            return Meant([row.pk], self.picker.label(row))
        rows = self.picker.rows(self.user).order_by()
        named = rows.filter(self.picker.outright(text)).values("pk")
        found = self.picker.find(rows, text).values("pk")
        keys = rows.filter(Q(pk__in=named) | Q(pk__in=found) & ~Exists(named)).values("pk")
        return Meant(keys, _("“%(text)s”") % {"text": text})
