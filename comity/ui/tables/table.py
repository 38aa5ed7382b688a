"""One list on one page: reads the query string, asks two queries, answers HTML, a fragment or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import Func, IntegerField
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.ui import csv, saved_views
from comity.ui.orders import alphabetical
from comity.ui.pickers import as_key
from comity.ui.tables.columns import Bulk, Column, Order, Words
from comity.ui.tables.filters import Filter, Rows, Search, UnreadableError

FORMAT, PAGE, SORT = "format", "page", "sort"
MOST_IDS = 2_000
_CSV_CHUNK = 1_000
_COUNT = "(SELECT COUNT(*) FROM %(expressions)s AS counted)"


@dataclass(frozen=True)
class Tab:
    """A view of a list as people choose it: one of the list's own, or one that somebody saved."""

    label: Words
    url: str
    on: bool
    saved: saved_views.View | None = None


class Table:
    """See the package's docstring for a first example, and docs/pages.md for the rest.

    rows            a queryset, already visible_to(user)
    name            unique among tables: saved views hang on it, ids begin with it
    filters         narrow the rows by the query string; every parameter is kept while sorting and paging
    views           the list's own views, each a name and a query string, or the address of another page:
                    [(_("All"), ""), (_("Open"), "state=open")]
    links           what else its menu leads to, each words and an address
    default_sort    a column's key, "-key" for descending
    most_counted    of a list that may have a million rows: up to how many are counted; all, unless given
    alone           whether its filters change nothing of the page but the list; if not, the page is loaded anew
    bulk            acts on chosen rows; adds a box to each row and `row_name(row)` to its label
    export_name     offers CSV under this file name, the table's own unless given; "" offers none
    export_columns  what the CSV has; all columns, those with csv_only too, unless given
    empty, empty_url, empty_action   what to say, and to do, when there is nothing at all
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Rows,
        *,
        name: str,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        views: Sequence[tuple[Words, str]] = (),
        links: Sequence[tuple[Words, str]] = (),
        default_sort: str = "",
        per_page: int = 50,
        most_counted: int | None = None,
        alone: bool = True,
        bulk: Sequence[Bulk] = (),
        row_name: Any = str,
        export_name: str | None = None,
        export_columns: Sequence[Column] | None = None,
        empty: Words = "",
        empty_url: str = "",
        empty_action: Words = "",
        caption: Words = "",
    ) -> None:
        self.request, self.all_rows, self.name = request, rows, name
        every = [column.of(rows.model) for column in columns]
        self.columns = [column for column in every if not column.csv_only]
        self.filters, self.bulk, self.per_page = list(filters), list(bulk), per_page
        self.own_views, self.links, self.alone = views, links, alone
        self.row_name, self.caption, self.most_counted = row_name, caption, most_counted
        self.export_name = name if export_name is None else export_name
        self.export_columns = [column.of(rows.model) for column in export_columns or ()] or every
        self.empty, self.empty_url, self.empty_action = empty, empty_url, empty_action
        self.default_sort = default_sort
        self.problems: list[str] = []
        self.in_force: list[Filter] = []
        self.params = _params(request)
        self._check()

    def _check(self) -> None:
        """A wrong table fails when its page is written."""
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"Table {self.name!r} has two columns of one key.")
        if nameless := [column.key for column in self.columns if not column.label]:
            raise ValueError(f"Table {self.name!r} has a column without a head: {nameless[0]!r}.")
        if self.per_page < 1:
            raise ValueError(f"Table {self.name!r} shows nothing per page.")
        if self.default_sort and self._sorter(self.default_sort) is None:
            raise ValueError(f"Table {self.name!r} cannot be sorted by {self.default_sort!r}.")

    @property
    def id(self) -> str:
        """The id of the part that changes when the list is filtered, sorted or paged."""
        return f"table-{self.name}"

    # --- rows ---

    @cached_property
    def filtered(self) -> Rows:
        """The rows that the filters leave; a filter that cannot be read is left out and said in `problems`."""
        rows = self.all_rows
        for each in self.filters:
            try:
                rows = each.apply(rows, self.params)
            except UnreadableError as problem:
                self.problems.append(str(problem))
            else:
                self.in_force += [each] if each.is_on(self.params) else []
        return rows

    @cached_property
    def sorted(self) -> Rows:
        """The filtered rows in order; rows that are equal keep the order of their keys."""
        return self._in_order(self.filtered)

    def _in_order(self, rows: Rows) -> Rows:
        found = self._sorter(self.sort)
        if found is None:
            return rows if rows.ordered else rows.order_by("pk")
        column, descending = found
        order: list[Order] = [alphabetical(rows.model, each) for each in column.order(descending=descending)]
        return rows.order_by(*order, "-pk" if descending else "pk")

    @cached_property
    def sort(self) -> str:
        """The sort in force: "name", "-name", or "" for the rows' own order."""
        asked = self.params.get(SORT, "")
        return asked if self._sorter(asked) is not None else self.default_sort

    def _sorter(self, sort: str) -> tuple[Column, bool] | None:
        key = sort.removeprefix("-")
        found = next((column for column in self.columns if column.key == key and column.sort), None)
        return (found, sort.startswith("-")) if found and key else None

    @property
    def page(self) -> list[Any]:
        """The rows of this page."""
        return self._read[1]

    @property
    def number(self) -> int:
        """The page shown, from 1; the last one if a page beyond it was asked for."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[int, list[Any]]:
        """Number and rows of the page. Counts only when the answer does not show the total by itself."""
        number = self._asked_page
        rows, more = self._slice(number)
        if rows and not more:
            self.__dict__["total"] = (number - 1) * self.per_page + len(rows)
        elif rows and self.most_counted is not None:
            self.__dict__["total"] = rows[0].in_all
        elif not rows and number == 1:
            self.__dict__["total"] = 0
        elif not rows:
            number = self.pages
            rows, _more = self._slice(number)
        return number, rows

    def _slice(self, number: int) -> tuple[list[Any], bool]:
        start = (number - 1) * self.per_page
        # Found by their keys first, so that only those shown are read whole, with what hangs on them.
        keys = self.sorted.values("pk")[start : start + self.per_page + 1]
        found = self.all_rows.filter(pk__in=keys)
        if self.most_counted is not None:  # counted in the same question
            found = found.annotate(in_all=Func(self._to_count, template=_COUNT, output_field=IntegerField()))
        rows = list(self._in_order(found))
        return rows[: self.per_page], len(rows) > self.per_page

    @property
    def _asked_page(self) -> int:
        text = self.params.get(PAGE, "")
        return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1

    @cached_property
    def total(self) -> int:
        """How many rows the filters leave; of more than are counted one more than those."""
        return self._to_count.count()

    @property
    def _to_count(self) -> Rows:
        rows = self.filtered.values("pk")
        return rows if self.most_counted is None else rows[: self.most_counted + 1]

    @property
    def total_words(self) -> str:
        """How many rows the filters leave, as far as they are counted."""
        if self.most_counted is None or self.total <= self.most_counted:
            return f"{self.total:,}"
        return _("more than %(count)s") % {"count": f"{self.most_counted:,}"}

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    # --- addresses ---

    def url(self, **changes: str | int | None) -> str:
        """This list's address with some parameters changed; None takes one away. Changing anything begins at page 1."""
        params = self.params.copy()
        params.pop(FORMAT, None)
        if PAGE not in changes:
            params.pop(PAGE, None)
        for key, value in changes.items():
            if value is None or value == "":
                params.pop(key, None)
            else:
                params[key] = str(value)
        if params.get(PAGE) == "1":
            params.pop(PAGE)
        for key in [key for key, values in params.lists() if not any(values)]:
            params.pop(key)
        query = params.urlencode()
        return f"{self.request.path}?{query}" if query else self.request.path

    @property
    def query(self) -> str:
        """The filters and the sort as a query string, without page: what a saved view keeps."""
        return self.url().partition("?")[2]

    @property
    def csv_url(self) -> str:
        """Where the CSV of the whole filtered list is."""
        return self.url(**{FORMAT: "csv"})

    @property
    def plain_url(self) -> str:
        """The list without any of this table's filters."""
        return self.without(*self.filters)

    def without(self, *filters: Filter) -> str:
        """The list with some filters taken off."""
        return self.url(**{name: None for each in filters for name in each.names()})

    @property
    def find(self) -> Search | None:
        """The filter by words that is always in sight; the others are folded away until they are on."""
        return next((each for each in self.filters if isinstance(each, Search)), None)

    @property
    def is_filtered(self) -> bool:
        """Whether any filter narrows the list."""
        return any(each.is_on(self.params) for each in self.filters)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters that the filter form must carry along: the sort, and what belongs to others on the page."""
        own = {name for each in self.filters for name in each.names()} | {PAGE, FORMAT}
        return [
            (key, value) for key, values in self.params.lists() if key not in own for value in values if value
        ]

    # --- views ---

    @cached_property
    def tabs(self) -> list[Tab]:
        """The list's own views and the saved ones; the one of which most is in force is on."""
        every: list[tuple[Words, str, saved_views.View | None]]
        every = [(label, query, None) for label, query in self.own_views]
        if self.saved and not every:
            every = [(pgettext("view of a list", "All"), "", None)]
        every += [(saved.name, saved.query, saved) for saved in self.saved]
        path, now = self.request.path, _narrowed_by(self.query)
        urls = [
            query if query.startswith("/") else f"{path}?{query}".removesuffix("?")
            for _label, query, _s in every
        ]
        asked = [_narrowed_by(url.partition("?")[2]) for url in urls]
        fitting = [
            place for place, url in enumerate(urls) if url.partition("?")[0] == path and asked[place] <= now
        ]
        on = max(fitting, key=lambda place: (len(asked[place]), every[place][2] is not None), default=-1)
        return [
            Tab(label, url, place == on, saved)
            for place, ((label, _query, saved), url) in enumerate(zip(every, urls, strict=True))
        ]

    @cached_property
    def saved(self) -> Sequence[saved_views.View]:
        """The saved views of this table that this person may use."""
        keeper = saved_views.provider()
        return keeper.views_of(self.request.user, self.name) if keeper and self.keeps_views else []

    @property
    def shown(self) -> list[Tab]:
        """The views that show just this."""
        now = sorted(parse_qsl(self.query))
        return [tab for tab in self.tabs if sorted(parse_qsl(tab.url.partition("?")[2])) == now]

    @property
    def keeps_views(self) -> bool:
        """Whether somebody keeps views, and this person may have some."""
        user = getattr(self.request, "user", None)
        return saved_views.provider() is not None and user is not None and user.is_authenticated

    @property
    def shares_views(self) -> bool:
        """Whether others may see what this person saves."""
        keeper = saved_views.provider()
        return keeper is not None and self.keeps_views and keeper.may_share(self.request.user)

    # --- answers ---

    def respond(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponseBase:
        """The page, its changing part for htmx, or the CSV, as the request asks; a tidy address for one that is not."""
        if self.export_name and self.params.get(FORMAT) == "csv":
            return self.export()
        every = {**(context or {}), "table": self}
        if self._is_fragment:
            part: HttpResponse = render(self.request, "ui/_table_rows.html", every, status=status)
            part["HX-Push-Url"] = self.url(**{PAGE: self.number})
            patch_vary_headers(part, ["HX-Request"])
            return part
        if self.request.method == "GET" and not all(any(values) for _key, values in self.request.GET.lists()):
            # A form without scripts sent its empty fields along.
            return redirect(self.url(**{PAGE: self.params.get(PAGE)}))
        answer: HttpResponse = render(self.request, template, every, status=status)
        patch_vary_headers(answer, ["HX-Request"])
        return answer

    @property
    def _is_fragment(self) -> bool:
        """Whether htmx asks for our own part. It asks for whole pages too: going back, or for another part."""
        headers = self.request.headers
        if headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true":
            return False
        target = headers.get("HX-Target")
        return target == self.id or (target is None and headers.get("HX-Boosted") != "true")

    def export(self) -> HttpResponseBase:
        """The whole filtered list as CSV."""
        head = [column.csv or column.key for column in self.export_columns]
        return csv.response(self.request, self.export_name, head, self._export_rows())

    def _export_rows(self) -> Iterator[list[object]]:
        for row in self.sorted.iterator(chunk_size=_CSV_CHUNK):
            yield [column.read_csv(row) for column in self.export_columns]

    def chosen(self) -> Rows:
        """In the view a Bulk posts to: the rows ticked, or all that the posted query leaves. None ticked: none.

        Build the same table there (a function of the room's own); it reads the posted "query" as its own.
        """
        if self.request.POST.get("all") == "1":
            return self.filtered
        ids = map(as_key, self.request.POST.getlist("ids")[:MOST_IDS])
        return self.filtered.filter(pk__in=[pk for pk in ids if pk is not None])


def _params(request: HttpRequest) -> QueryDict:
    """The query string; for a bulk act the one of the list it was begun on."""
    if request.method == "POST" and "query" in request.POST:
        return QueryDict(request.POST["query"][:4_000], mutable=True)
    return request.GET.copy()


def _narrowed_by(query: str) -> set[tuple[str, str]]:
    """What a query string narrows a list by, in whatever order."""
    return {(key, value) for key, value in parse_qsl(query) if key != SORT}


def described(table: Table) -> str:
    """How many rows are shown of how many, as a sentence."""
    if not table.page:
        return _("Nothing found") if table.is_filtered else _("Nothing here yet")
    if table.pages == 1:
        return _("%(total)s in all") % {"total": f"{table.total:,}"}
    before = (table.number - 1) * table.per_page
    said = {"first": f"{before + 1:,}", "last": f"{before + len(table.page):,}", "total": table.total_words}
    return _("%(first)s to %(last)s of %(total)s") % said
