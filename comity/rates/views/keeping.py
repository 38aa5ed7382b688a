"""What is kept of costs, each row on a form like the others; driver figures; years, which ask what if as copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.editing.answering import SIMPLE, FormPage, act, answer, drop, keep
from comity.editing.forms import RowForm
from comity.editing.keeping import Keeping
from comity.nouns import Words
from comity.people.access import Request, requires, row_or_404
from comity.rates.capabilities import EDIT
from comity.rates.forms import costs as forms
from comity.rates.models import DriverSnapshot
from comity.rates.services import what_if
from comity.rates.services.costs import FIGURES, FORECASTS, LINES, POOLS, STEPS, YEARS
from comity.rates.views.lists import Crumbs, crumbs, figures_crumbs, year_or_404


@dataclass(frozen=True)
class Kind:
    """Rows that are kept alike.

    name    what the names of their addresses end with
    new     what the form of a new one is headed by
    every   where all of them stand, if not on the page of their year: words and the name of an address
    beside  what a row is read with
    """

    name: str
    keeping: Keeping[Any]
    form: type[RowForm]
    new: Words
    every: Sequence[tuple[Words, str]] = ()
    beside: Sequence[str] = ("model__copied_from",)
    template: str = SIMPLE

    def row(self, request: Request, pk: int) -> Any:
        return row_or_404(request, self.keeping.model, pk, *self.beside)

    def above(self, row: Any) -> Crumbs:
        """The way back to where all of them stand."""
        years = [row.model] if hasattr(row, "model_id") else []
        keys = [year.pk for year in years]
        return crumbs(*years, *((words, reverse(name, args=keys)) for words, name in self.every))


FORECASTS_AT = [(_l("Forecasts"), "rates:forecasts")]
PRICED = ("model__copied_from", "offering__service")
POOL = Kind(
    "pool", POOLS, forms.PoolForm, _l("Add a cost pool"), [(_l("Cost pools"), "rates:pools")], beside=()
)
LINE = Kind("line", LINES, forms.LineForm, _l("Add a ledger line"), [(_l("Ledger"), "rates:lines")])
STEP = Kind("step", STEPS, forms.StepForm, _l("Pass a pool’s costs on"), template="rates/step.html")
FORECAST = Kind("forecast", FORECASTS, forms.ForecastForm, _l("Add a forecast"), FORECASTS_AT, PRICED)


@requires(EDIT)
def edit(request: Request, kind: Kind, pk: int = 0, of: int = 0) -> HttpResponse:
    """Change a row; or add one, to a year where it is of one."""
    of_year: dict[str, Any] = {"model": year_or_404(request, of)} if of else {}
    row = kind.row(request, pk) if pk else kind.keeping.model(**of_year)
    form = kind.form(request.POST or None, instance=row)
    own = [(str(row), row.get_absolute_url())] if pk and kind is FORECAST else []
    page = FormPage.of(
        row,
        kind.new,
        crumbs=[*kind.above(row), *own],
        remove=reverse(f"rates:remove_{kind.name}", args=[pk]) if pk else "",
    )
    return keep(request, kind.keeping, form, page, template=kind.template, **of_year)


@requires(EDIT, "POST")
def remove(request: Request, kind: Kind, pk: int) -> HttpResponse:
    row = kind.row(request, pk)
    back = kind.above(row)[-1][1]
    told = _("“%(name)s” is removed.") % {"name": row}
    return act(request, lambda: kind.keeping.drop(row, by=request.user), told=told, to=back)


@requires(EDIT)
def year(request: Request, pk: int = 0) -> HttpResponse:
    """Begin a year's costs, or change how they are passed on."""
    found = year_or_404(request, pk) if pk else None
    form = forms.YearForm(request.POST or None, instance=found)
    page = FormPage.of(found, _("Begin the costs of a year"), crumbs=crumbs(*filter(None, [found])))
    return keep(request, YEARS, form, page, to=lambda done: done, made_by=request.user)


@requires(EDIT)
def copy(request: Request, pk: int) -> HttpResponse:
    found, form = year_or_404(request, pk), forms.CopyForm(request.POST or None)
    lead = _("A copy of its costs, steps and forecasts, in which you may change anything. No bill knows it.")
    page = FormPage(_("What if?"), lead=lead, crumbs=crumbs(found), submit=_("Make a copy"))
    return answer(request, form, lambda: what_if.copy(found, by=request.user, **form.cleaned_data), page=page)


@requires(EDIT)
def turn(request: Request, pk: int) -> HttpResponse:
    found, form = year_or_404(request, pk), forms.TurnForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: what_if.turn(found, by=request.user, **form.cleaned_data),
        page=FormPage(_("Costs so many percent more or less"), crumbs=crumbs(found), submit=_("Change them")),
        told=lambda count: _("%(count)s lines are changed.") % {"count": f"{count:,}"},
        to=found,
    )


@requires(EDIT)
def delete(request: Request, pk: int) -> HttpResponse:
    found = year_or_404(request, pk)
    lead = _("Its costs, steps and forecasts go with it. No rate and no bill rests on it.")
    return drop(request, YEARS, found, crumbs=crumbs(found), lead=lead, to="rates:years")


@requires(EDIT)
def begin_figures(request: Request) -> HttpResponse:
    form = forms.FiguresForm(request.POST or None)
    page = FormPage(_("Begin driver figures"), crumbs=figures_crumbs())
    told = _("Now import the list of partners and amounts.")
    return keep(request, FIGURES, form, page, told=told, to=lambda done: done)


@requires(EDIT)
def remove_figures(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, DriverSnapshot, pk, "offering")
    lead = _("All its amounts go with them.")
    return drop(request, FIGURES, found, crumbs=figures_crumbs(found), lead=lead, to="rates:drivers")
