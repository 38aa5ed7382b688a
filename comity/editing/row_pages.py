"""Rows that are entered, changed and removed on pages alike: said once for their addresses, forms and ways back.

    FUND = RowPages(FUNDS, FundForm, EDIT, "fund", _l("Add a fund"), _l("Funds"), "services:funds")

    urlpatterns = [*FUND.paths("services/funds"), ...]

gives `services:add_fund`, `edit_fund` and `remove_fund`. Where they all stand is a page of its own. What one kind does
otherwise is said in a class of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse

from comity.access import Capability, Request, requires, row_or_404
from comity.editing.answering import SIMPLE, FormPage, drop, keep
from comity.editing.forms import RowForm
from comity.editing.keeping import Keeping
from comity.ui.tables.columns import Words

Crumbs: TypeAlias = Sequence[tuple[Words, str]]


@dataclass(frozen=True)
class RowPages:
    """The pages of one kind of rows.

    form      takes `data`, `instance`, `initial` and `user`
    to        who may
    name      what the names of the addresses end with
    new       what the form of a new one is headed by
    heading, every  what their list is called, and the name of its address
    has_page  whether one that is there has a page of its own, to which its form leads back
    beside    what a row is read with
    asked     fields of a new one that the address may fill in
    lead      what is said above the form; parting, what is said before one is removed
    told      what is said once it is kept; "Saved.", unless given
    """

    keeping: Keeping[Any]
    form: type[RowForm]
    to: Capability
    name: str
    new: Words
    heading: Words = ""
    every: str = ""
    beside: Sequence[str] = ()
    asked: Sequence[str] = ()
    lead: Words = ""
    parting: Words = ""
    told: Words = ""
    has_page: bool = False
    template: str = SIMPLE

    def row(self, request: Request, pk: int) -> Any:
        """A row that is there, for those who may change it. Raises Http404, PermissionDenied."""
        return row_or_404(request, self.keeping.model, pk, *self.beside)

    def crumbs(self, row: Any) -> Crumbs:
        """The way back to where all stand, of a row that may not be there yet."""
        return [(self.heading, reverse(self.every))] if self.every else []

    def known(self, request: Request, of: int) -> Mapping[str, Any]:
        """Facts of a new one that its form does not ask for; `of` is what its address names. Raises as `row` does."""
        return {}

    def begun(self, request: Request, known: Mapping[str, Any]) -> Any:
        """A new one as its form first shows it."""
        return self.keeping.model(**known)

    def add(self, request: Request, of: int = 0) -> HttpResponse:
        known = self.known(request, of)
        said = {name: request.GET[name] for name in self.asked if name in request.GET}
        return self._form(request, self.begun(request, known), known, said)

    def edit(self, request: Request, pk: int) -> HttpResponse:
        return self._form(request, self.row(request, pk), {}, {})

    def _form(
        self, request: Request, row: Any, known: Mapping[str, Any], said: Mapping[str, str]
    ) -> HttpResponse:
        form = self.form(request.POST or None, instance=row, initial=said, user=request.user)
        gone = f"{self.keeping.model._meta.app_label}:remove_{self.name}"
        own = [(str(row), row.get_absolute_url())] if self.has_page and row.pk else []
        page = FormPage.of(row, self.new, lead=self.lead, crumbs=[*self.crumbs(row), *own], remove=gone)
        return keep(request, self.keeping, form, page, template=self.template, told=str(self.told), **known)

    def remove(self, request: Request, pk: int) -> HttpResponse:
        row = self.row(request, pk)
        return drop(request, self.keeping, row, crumbs=self.crumbs(row), lead=self.parting)

    def paths(self, at: str, *, add: str = "", edit: str = "") -> list[URLPattern]:
        """Their addresses below `at`.

        add   where a new one is entered, if not there; may name an `of`
        edit  where one is changed, if not there
        """
        pages = (
            (self.add, "add", add or f"{at}/add/"),
            (self.edit, "edit", edit or f"{at}/<int:pk>/edit/"),
            (self.remove, "remove", f"{at}/<int:pk>/remove/"),
        )
        return [path(to, requires(self.to)(view), name=f"{act}_{self.name}") for view, act, to in pages]
