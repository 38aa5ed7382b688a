"""What a table shows of a row, and what can be done with many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models.expressions import Expression, F, OrderBy
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Words: TypeAlias = str | Promise
Order: TypeAlias = str | Expression | F


@dataclass(frozen=True)
class Column:
    """One column.

    key        its name: in the query string, and the attribute of the row ("lead.name") where `value` is absent
    label      its head, as people read it
    value      what the cell says; markup only if it is a SafeString made by a component (`tag(...)`)
    sort       the field it sorts by, or several ("name", "-since"); not sortable if empty
    link       where the cell leads, "" for nowhere
    template   a template for the cell instead, given `row` and `value`
    numeric    right-aligned
    whole      kept on one line, such as a number to call; days are without asking
    wide       only where there is room: a phone, on which a row is two lines, does without
    csv        its head in the CSV; `key` if empty. Keep it stable: people read it back in
    csv_value  what the CSV holds; `value`, if absent
    csv_only   in the CSV, not on the page
    """

    key: str
    label: Words
    value: Callable[[Any], object] | None = None
    sort: Order | Sequence[Order] = ""
    link: Callable[[Any], str] | None = None
    template: str = ""
    numeric: bool = False
    whole: bool = False
    wide: bool = False
    csv: str = ""
    csv_value: Callable[[Any], object] | None = None
    csv_only: bool = False

    def read(self, row: Any) -> object:
        """What the cell holds, before it is put into words."""
        if self.value is not None:
            return self.value(row)
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
        wanted = [self.sort] if isinstance(self.sort, (str, Expression, F)) else list(self.sort)
        return [_turned(each) for each in wanted] if descending else wanted


def _turned(order: Order) -> Order:
    if isinstance(order, str):
        return order[1:] if order.startswith("-") else f"-{order}"
    turned = order.copy() if isinstance(order, OrderBy) else OrderBy(order)
    turned.reverse_ordering()
    return turned


def said(value: object) -> object:
    """A value as a person reads it: nothing is empty, numbers are grouped, days and moments are short."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float, Decimal)):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(local, "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, pgettext("date format", "M j, Y"))
    return value


@dataclass(frozen=True)
class Bulk:
    """An act on many rows: posts "ids", or "all" with the "query" of the list, to `url`; see Table.chosen()."""

    label: Words
    url: str
    danger: bool = False
