"""A year's costs: the list of years, the page of one, its ledger lines, and the forms of all of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import FormPage, act, answer
from comity.editing.forms import RowForm
from comity.people.access import Request, requires
from comity.rates import cost_pictures, cost_tables
from comity.rates.capabilities import EDIT, READ
from comity.rates.forms.costs import CopyForm, LineForm, PoolForm, StepForm, TurnForm, YearForm
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.rates.services import what_if
from comity.rates.services.allocation import BUDGET, reckon
from comity.rates.services.costs import drop, enter, mend
from comity.ui.tables import Table

Crumbs = list[tuple[str, str]]


def year_or_404(request: Request, pk: int) -> CostModel:
    rows = CostModel.objects.visible_to(request.user).select_related("copied_from")
    found: CostModel = get_object_or_404(rows, pk=pk)
    return found


def crumbs(*above: CostModel | tuple[str, str]) -> Crumbs:
    named = [(str(one), one.get_absolute_url()) if isinstance(one, CostModel) else one for one in above]
    return [(_("Costs"), reverse("rates:years")), *named]


def shown(
    request: Request, table: Table, heading: str, add: tuple[str, str], **more: Any
) -> HttpResponseBase:
    """A page of one list; `add`, where one is added, for those who may."""
    context = {"heading": heading, "add": add if request.user.can(EDIT) else None, **more}
    return table.respond("rates/list.html", context)


# --- lists and the page of one ---


@requires(READ)
@require_safe
def years(request: Request) -> HttpResponseBase:
    table, new = cost_tables.years_table(request), (reverse("rates:add_year"), _("Begin a year"))
    return shown(request, table, _("What a year costs"), new, more=(reverse("rates:pools"), _("Cost pools")))


@requires(READ)
@require_safe
def pools(request: Request) -> HttpResponseBase:
    table, new = cost_tables.pools_table(request), (reverse("rates:add_pool"), _("Add a pool"))
    return shown(request, table, _("Cost pools"), new, crumbs=crumbs())


@requires(READ)
@require_safe
def lines(request: Request, pk: int) -> HttpResponseBase:
    year = year_or_404(request, pk)
    table, new = cost_tables.lines_table(request, year), reverse("rates:add_line", args=[pk])
    about = {"crumbs": crumbs(year), "profile": "" if year.is_what_if else "ledger"}
    return shown(request, table, _("Ledger of %(year)s") % {"year": year}, (new, _("Add a line")), **about)


@requires(READ)
@require_safe
def costs(request: Request, pk: int) -> HttpResponse:
    """One year: where its costs come from, how they are passed on, and what each service costs in the end."""
    year = year_or_404(request, pk)
    basis = LedgerLine.Basis.ACTUAL if request.GET.get("basis") == "actual" else BUDGET
    found = reckon(year, basis)
    base = reckon(year.copied_from, basis) if year.copied_from else None
    context = {
        "year": year,
        "costs": found,
        "base": base,
        "more": found.total - base.total if base else 0,
        "chart": cost_pictures.flow_chart(found),
        "steps": cost_pictures.steps(found),
        "services": cost_pictures.services(found, base),
        "sums": cost_pictures.sums(year),
        "bases": [(words, f"?basis={value}", value == basis) for value, words in LedgerLine.Basis.choices],
        "what_ifs": year.what_ifs.all(),
        "may_edit": request.user.can(EDIT),
    }
    return render(request, "rates/costs.html", context)


# --- forms ---


@requires(EDIT)
def add_year(request: Request) -> HttpResponse:
    form = YearForm(request.POST or None)
    return add(request, form, FormPage(_("Begin the costs of a year"), crumbs=crumbs()))


@requires(EDIT)
def edit_year(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    return edit(request, YearForm(request.POST or None, instance=year), year, crumbs(year))


@requires(EDIT)
def add_pool(request: Request) -> HttpResponse:
    above = crumbs((_("Cost pools"), reverse("rates:pools")))
    return add(request, PoolForm(request.POST or None), FormPage(_("Add a cost pool"), crumbs=above))


@requires(EDIT)
def edit_pool(request: Request, pk: int) -> HttpResponse:
    pool = get_object_or_404(CostPool.objects.visible_to(request.user), pk=pk)
    above = crumbs((_("Cost pools"), reverse("rates:pools")))
    return edit(request, PoolForm(request.POST or None, instance=pool), pool, above)


@requires(EDIT)
def add_line(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    page = FormPage(_("Add a ledger line"), crumbs=_of_lines(year))
    return add(request, LineForm(request.POST or None), page, model=year)


@requires(EDIT)
def line(request: Request, pk: int) -> HttpResponse:
    found = _found(LedgerLine, request, pk)
    return edit(request, LineForm(request.POST or None, instance=found), found, _of_lines(found.model))


@requires(EDIT)
def add_step(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    begun = {"pool": request.GET.get("pool", ""), "order": year.steps.count() + 1}
    form = StepForm(request.POST or None, initial=begun)
    page = FormPage(_("Pass a pool’s costs on"), crumbs=crumbs(year))
    return add(request, form, page, template="rates/step.html", model=year)


@requires(EDIT)
def edit_step(request: Request, pk: int) -> HttpResponse:
    step = _found(Step, request, pk)
    form = StepForm(request.POST or None, instance=step)
    return edit(request, form, step, crumbs(step.model), template="rates/step.html")


@requires(EDIT)
@require_POST
def remove(request: Request, pk: int, kind: type[Model]) -> HttpResponse:
    """Remove a pool, a line or a step, each at an address of its own."""
    row = _found(kind, request, pk)
    to = reverse("rates:pools")
    if not isinstance(row, CostPool):
        to = reverse("rates:lines" if isinstance(row, LedgerLine) else "rates:costs", args=[row.model_id])
    told = _("“%(name)s” is removed.") % {"name": row}
    return act(request, lambda: drop(row, by=request.user), told=told, to=to)


# --- what if ---


@requires(EDIT)
def copy(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    lead = _("A copy of its costs, steps and forecasts, in which you may change anything. No bill knows it.")
    page = FormPage(_("What if?"), lead=lead, crumbs=crumbs(year), submit=_("Make a copy"))
    form = CopyForm(request.POST or None)
    return answer(request, form, lambda: what_if.copy(year, by=request.user, **form.cleaned_data), page=page)


@requires(EDIT)
def turn(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    page = FormPage(_("Costs so many percent more or less"), crumbs=crumbs(year), submit=_("Change them"))
    form = TurnForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: what_if.turn(year, by=request.user, **form.cleaned_data),
        page=page,
        told=lambda count: _("%(count)s lines are changed.") % {"count": f"{count:,}"},
        to=year,
    )


@requires(EDIT)
def delete(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    lead = _("Its costs, steps and forecasts go with it. No rate and no bill rests on it.")
    heading = _("Delete “%(name)s”?") % {"name": year}
    page = FormPage(heading, lead=lead, crumbs=crumbs(year), submit=_("Delete it"), danger=True)
    return answer(
        request,
        Form(request.POST),
        lambda: drop(year, by=request.user),
        page=page,
        told=_("“%(name)s” is deleted.") % {"name": year},
        to=reverse("rates:years"),
    )


# --- what the forms share ---


def _found(kind: type[Any], request: Request, pk: int) -> Any:
    rows = kind.objects.visible_to(request.user)
    return get_object_or_404(rows if kind is CostPool else rows.select_related("model__copied_from"), pk=pk)


def _of_lines(year: CostModel) -> Crumbs:
    return crumbs(year, (_("Ledger"), reverse("rates:lines", args=[year.pk])))


def add(request: Request, form: RowForm, page: FormPage, template: str = "", **more: Any) -> HttpResponse:
    kind = form._meta.model
    return answer(
        request,
        form,
        lambda: enter(kind, {**form.values, **more}, by=request.user),
        page=template or page,
        context={"page": page},
        told=_("Saved."),
        to=None if kind is CostModel else page.cancel,
    )


def edit(
    request: Request, form: RowForm, row: Any, above: Crumbs, template: str = "rates/form.html"
) -> HttpResponse:
    page = FormPage(_("Change %(name)s") % {"name": row}, crumbs=above)
    return answer(
        request,
        form,
        lambda: mend(row, form.values, by=request.user, seen=form.seen),
        page=template,
        context={"page": page, "row": row, "remove": _removed_at(row)},
        told=_("Saved."),
        to=page.cancel,
    )


def _removed_at(row: Any) -> str:
    """Where it can be removed; nowhere, of a year."""
    name = {CostPool: "pool", LedgerLine: "line", Step: "step", Forecast: "forecast"}.get(type(row))
    return reverse(f"rates:remove_{name}", args=[row.pk]) if name else ""
