"""What narrows a table down. Each filter lives in the query string and is one labelled field of a GET form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from django.db.models import Exists, Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.ui.pickers import LONGEST_TEXT, Picker, as_key, tidy
from comity.ui.tables.columns import Words, said

Rows: TypeAlias = QuerySet[Any, Any]
Params: TypeAlias = Mapping[str, str]
NONE = ("-", "none")  # in an address: of nobody, rather than of anybody


class UnreadableError(ValueError):
    """A filter in the address that cannot be read; the text says so to the person."""


@dataclass(frozen=True)
class Filter(ABC):
    """key: its name in the query string; label: what people read"""

    key: str
    label: Words

    def names(self) -> tuple[str, ...]:
        """The parameters it reads."""
        return (self.key,)

    def is_on(self, params: Params) -> bool:
        """Whether it narrows anything."""
        return any(params.get(name, "").strip() for name in self.names())

    @abstractmethod
    def apply(self, rows: Rows, params: Params) -> Rows:
        """The rows it leaves. Raises UnreadableError."""

    @abstractmethod
    def words(self, params: Params) -> str:
        """What it says while it is on, beside its label; "" where the label says it all."""

    @abstractmethod
    def markup(self, params: Params, prefix: str) -> SafeString:
        """Its labelled field; ids begin with `prefix`."""


@dataclass(frozen=True)
class Search(Filter):
    """Words looked for: Search("q", _("Find"), lambda rows, text: rows.search(text))"""

    find: Callable[[Any, str], Rows]
    hint: Words = ""

    def apply(self, rows: Rows, params: Params) -> Rows:
        text = tidy(params.get(self.key, ""))
        return self.find(rows, text) if text else rows

    def words(self, params: Params) -> str:
        return _("“%(text)s”") % {"text": tidy(params.get(self.key, ""))}

    def markup(self, params: Params, prefix: str) -> SafeString:
        return format_html(
            '<div class="filter search"><label class="usa-label" for="{0}-{1}">{2}</label>'
            '<input class="usa-input" type="search" id="{0}-{1}" name="{1}" value="{3}" maxlength="{4}"{5}></div>',
            prefix,
            self.key,
            self.label,
            params.get(self.key, ""),
            LONGEST_TEXT,
            format_html(' placeholder="{}"', self.hint) if self.hint else "",
        )


@dataclass(frozen=True)
class Choice(Filter):
    """One of several: Choice("kind", _("Kind"), Kind.choices, "kind"); last a field or function(rows, value)

    choices  pairs of value and words, or a function that gives them when asked; in groups, pairs of a heading and pairs;
             or the rows to choose from
    every    the words for no choice
    usual    the value that no choice stands for, where links may name it all the same
    """

    choices: Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]] | Rows
    field: str | Callable[[Any, str], Rows]
    every: Words = ""
    usual: str = ""

    def is_on(self, params: Params) -> bool:
        return params.get(self.key, "") not in {"", self.usual}

    def options(self) -> list[tuple[str, Words]]:
        """The choices, values as the address has them."""
        return [option for _heading, options in self._groups for option in options]

    @cached_property
    def _groups(self) -> list[tuple[Words, list[tuple[str, Words]]]]:
        """The choices under their headings; those that stand alone under an empty one."""
        groups: list[tuple[Words, list[tuple[str, Words]]]] = []
        choices: Iterable[tuple[Any, Any]]
        if isinstance(self.choices, QuerySet):
            choices = [(row.pk, str(row)) for row in self.choices]
        else:
            choices = self.choices() if callable(self.choices) else self.choices
        for value, words in choices:
            if isinstance(words, list):
                groups.append((value, [(str(each), name) for each, name in words if str(each)]))
                continue
            if not groups or groups[-1][0]:
                groups.append(("", []))
            if str(value):
                groups[-1][1].append((str(value), words))
        return groups

    def apply(self, rows: Rows, params: Params) -> Rows:
        value = params.get(self.key, "")
        if not self.is_on(params):
            return rows
        if value not in {known for known, _words in self.options()}:
            raise UnreadableError(
                _("“%(label)s” has no choice “%(value)s”, so that filter was ignored.")
                % {"label": self.label, "value": value[:60]}
            )
        return self.field(rows, value) if callable(self.field) else rows.filter(**{self.field: value})

    def words(self, params: Params) -> str:
        return str(dict(self.options()).get(params.get(self.key, ""), ""))

    def markup(self, params: Params, prefix: str) -> SafeString:
        chosen = params.get(self.key, "")
        options = format_html_join(
            "", "{}", ((_options(heading, found, chosen),) for heading, found in self._groups)
        )
        return format_html(
            '<div class="filter"><label class="usa-label" for="{0}-{1}">{2}</label>'
            '<select class="usa-select" id="{0}-{1}" name="{1}"><option value="">{3}</option>{4}</select></div>',
            prefix,
            self.key,
            self.label,
            self.every or pgettext("filter", "All"),
            options,
        )


def _options(heading: Words, options: Iterable[tuple[str, Words]], chosen: str) -> SafeString:
    markup = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == chosen else "", words) for value, words in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', heading, markup) if heading else markup


@dataclass(frozen=True)
class Toggle(Filter):
    """Only some: Toggle("late", _("Late only"), lambda rows: rows.late(today)); on is `late=1`"""

    only: Callable[[Any], Rows]

    def apply(self, rows: Rows, params: Params) -> Rows:
        return self.only(rows) if params.get(self.key) == "1" else rows

    def is_on(self, params: Params) -> bool:
        return params.get(self.key) == "1"

    def words(self, params: Params) -> str:
        return ""

    def markup(self, params: Params, prefix: str) -> SafeString:
        return format_html(
            '<div class="filter toggle usa-checkbox"><input class="usa-checkbox__input" type="checkbox" id="{0}-{1}" '
            'name="{1}" value="1"{3}><label class="usa-checkbox__label" for="{0}-{1}">{2}</label></div>',
            prefix,
            self.key,
            self.label,
            SafeString(" checked") if self.is_on(params) else "",
        )


@dataclass(frozen=True)
class DateRange(Filter):
    """From a day to a day, both included: DateRange("due", _("Due"), "due_on"); `due_from`, `due_to`

    field  a DateField, or function(rows, first or None, last or None); for a moment name its date: "at__date"
    """

    field: str | Callable[[Any, date | None, date | None], Rows]

    def names(self) -> tuple[str, ...]:
        return f"{self.key}_from", f"{self.key}_to"

    def apply(self, rows: Rows, params: Params) -> Rows:
        first, last = (self._day(params.get(name, "")) for name in self.names())
        if callable(self.field):
            return self.field(rows, first, last) if first or last else rows
        if first:
            rows = rows.filter(**{f"{self.field}__gte": first})
        return rows.filter(**{f"{self.field}__lte": last}) if last else rows

    def words(self, params: Params) -> str:
        first, last = (said(self._day(params.get(name, ""))) for name in self.names())
        if first and last:
            return (
                str(first) if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
            )
        return _("from %(day)s") % {"day": first} if first else _("until %(day)s") % {"day": last}

    def _day(self, text: str) -> date | None:
        if not text.strip():
            return None
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            raise UnreadableError(
                _("“%(value)s” is not a date for “%(label)s”. Enter it as 2026-11-30.")
                % {"label": self.label, "value": text[:60]}
            ) from None

    def markup(self, params: Params, prefix: str) -> SafeString:
        ends = (pgettext("date filter", "from"), pgettext("date filter", "to"))
        fields = format_html_join(
            "",
            '<div><label class="usa-label" for="{0}-{1}">{2} {3}</label>'
            '<input class="usa-input" type="date" id="{0}-{1}" name="{1}" value="{4}"></div>',
            (
                (prefix, name, self.label, words, params.get(name, ""))
                for name, words in zip(self.names(), ends, strict=True)
            ),
        )
        return format_html('<div class="filter range">{}</div>', fields)


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
        # The last two stand in addresses given out before.
        return self.key, f"{self.key}-chosen", f"{self.key}-label"

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
