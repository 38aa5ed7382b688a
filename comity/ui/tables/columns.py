"""What a table shows of a row, and what can be done with many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeAlias

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DecimalField, EmailField, Field, FloatField, IntegerField, Model, TextField
from django.db.models.expressions import Expression, F, OrderBy
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comity.ui.components.days import day, month
from comity.ui.money import money, plain_dollars, quantity

Words: TypeAlias = str | Promise
CENTS = "cents"  # how the name of a field ends that holds an amount
Order: TypeAlias = str | Expression | F


@dataclass(frozen=True)
class Column:
    """One column. What it leaves unsaid is taken from the model's field of its name, where there is one.

    key        its name: in the query string, and the attribute of the row ("lead.name") where `value` is absent
    label      its head, as people read it; else the field's
    value      what the cell says; markup only if it is a SafeString made by a component (`tag(...)`); else the field's
               value, a choice in words
    sort       the field it sorts by, or several ("name", "-since"); not sortable if empty; else the field, unless it
               is a long text; one that points to other rows sorts as they do
    link       where the cell leads, "" for nowhere; True for the page of the row named here: the one a foreign key
               points to, else the row itself; an address of e-mail is written to
    template   a template for the cell instead, given `row` and `value`
    numeric    right-aligned; a field that holds a number is without asking; cents are said in dollars, also those that
               the database added up
    whole      kept on one line, such as a number to call; days are without asking
    wide       only where there is room: a phone, on which a row is two lines, does without
    csv        its head in the CSV; `key` if empty. Keep it stable: people read it back in
    csv_value  what the CSV holds; else the field as it is kept, or `value`
    csv_only   in the CSV, not on the page
    """

    key: str
    label: Words = ""
    value: Callable[[Any], object] | None = None
    sort: Order | Sequence[Order] | None = None
    link: Callable[[Any], str] | bool | None = None
    template: str = ""
    numeric: bool = False
    whole: bool = False
    wide: bool = False
    csv: str = ""
    csv_value: Callable[[Any], object] | None = None
    csv_only: bool = False

    def of(self, model: type[Model] | None) -> Column:
        """The same, with what it leaves unsaid taken from the model's field of its name."""
        field = _field(model, self.key)
        link = _page_of(self.key, field) if self.link is True else self.link
        cents = self.key.endswith(CENTS) and (field is None or isinstance(field, IntegerField))
        one = self._dollars() if cents else self
        if field is None:
            return replace(one, link=link)
        words = dict(field.flatchoices)
        said = (lambda row: words.get(self.read(row), self.read(row))) if words else None
        return replace(
            one,
            label=self.label or capfirst(field.verbose_name),
            value=one.value or said,
            sort=_order_of(self.key, field) if self.sort is None else self.sort,
            link=link,
            numeric=one.numeric
            or (isinstance(field, _NUMBERS) and not (words or self.value or self.template)),
            csv_value=one.csv_value or (self._attribute if words else None),
        )

    def _dollars(self) -> Column:
        """A column of cents: people and CSV have dollars."""
        return replace(
            self,
            value=self.value or (lambda row: money(self._attribute(row))),
            csv=self.csv or self.key.removesuffix(f"_{CENTS}"),
            csv_value=self.csv_value or (lambda row: plain_dollars(self._attribute(row))),
            numeric=True,
        )

    def read(self, row: Any) -> object:
        """What the cell holds, before it is put into words."""
        return self._attribute(row) if self.value is None else self.value(row)

    def _attribute(self, row: Any) -> Any:
        found = row
        for name in self.key.split("."):
            if found is None:
                return None
            found = getattr(found, name)
        return found

    def read_csv(self, row: Any) -> object:
        """What the CSV's cell holds."""
        return self.csv_value(row) if self.csv_value else self.read(row)

    def order(self, *, descending: bool) -> list[Order]:
        """The order by this column, for `order_by`."""
        sort = self.sort or ()
        wanted = [sort] if isinstance(sort, (str, Expression, F)) else list(sort)
        return [_turned(each) for each in wanted] if descending else wanted


def month_column(key: str, first_day: str = "", label: Words = "", **more: Any) -> Column:
    """A column of months, "October 2026" on the page and "2026-10" in the CSV.

    first_day  the attribute that holds a month's first day, by which it sorts ("run.period.first_on"); `key`, unless given
    """
    path = first_day or key
    first: Callable[[Any], date] = attrgetter(path)
    return Column(
        key,
        label,
        value=lambda row: month(first(row)),
        csv_value=lambda row: f"{first(row):%Y-%m}",
        **{"sort": path.replace(".", "__"), **more},
    )


def cents_column(
    key: str,
    label: Words,
    cents: Callable[[Any], int],
    said: Callable[[int], str] = money,
    **more: Any,
) -> Column:
    """A column of amounts that no field holds, in dollars; `said` puts them into words for the page."""
    return Column(
        key,
        label,
        value=lambda row: said(cents(row)),
        csv_value=lambda row: plain_dollars(cents(row)),
        numeric=True,
        **more,
    )


def only_csv(*keys: str) -> list[Column]:
    """Columns that only the CSV has, as the rows keep them."""
    return [Column(key, csv_only=True) for key in keys]


_NUMBERS = (IntegerField, DecimalField, FloatField)


def _field(model: type[Model] | None, key: str) -> Field[Any, Any] | None:
    """The field that a key leads to; none if a step of it is no field of one value."""
    name, _dot, rest = key.partition(".")
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    if not isinstance(field, Field) or field.many_to_many:
        return None
    return _field(field.related_model, rest) if rest else field


def _order_of(key: str, field: Field[Any, Any]) -> Order:
    if isinstance(field, TextField):
        return ""
    path = key.replace(".", "__")
    first = str((field.related_model._meta.ordering or [""])[0]) if field.related_model else ""
    if first.startswith("-"):
        return f"-{path}__{first[1:]}"
    return f"{path}__{first}" if first else path


def _page_of(key: str, field: Field[Any, Any] | None) -> Callable[[Any], str]:
    column = Column(key)
    leads_on = field is not None and field.is_relation
    if isinstance(field, EmailField):
        return lambda row: f"mailto:{column.read(row)}"

    def page(row: Any) -> str:
        named: Any = column.read(row) if leads_on else row
        return str(named.get_absolute_url()) if named is not None else ""

    return page


def _turned(order: Order) -> Order:
    if isinstance(order, str):
        return order[1:] if order.startswith("-") else f"-{order}"
    turned = order.copy() if isinstance(order, OrderBy) else OrderBy(order)
    turned.reverse_ordering()
    return turned


def said(value: Any) -> Any:
    """A value as a person reads it: nothing is empty, numbers are grouped, days and moments are short."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return quantity(value)
    if isinstance(value, (int, float)):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(local, "DATETIME_FORMAT")
    if isinstance(value, date):
        return day(value)
    return value


@dataclass(frozen=True)
class Bulk:
    """An act on many rows: posts "ids", or "all" with the "query" of the list, to `url`; see Table.chosen()."""

    label: Words
    url: str
