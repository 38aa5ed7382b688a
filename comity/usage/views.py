"""The pages of usage: files and what became of their rows, sources, what was set aside and how it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.editing.answering import FormPage, act, answer, answer_many, keep, typed
from comity.imports.pages import list_page
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.services.models import Offering
from comity.ui import csv
from comity.ui.components.days import month
from comity.ui.money import price, quantity
from comity.usage import forms, tables
from comity.usage.capabilities import LOAD, READ
from comity.usage.judging import OTHERS, explanation
from comity.usage.models import Batch, SetAside, Source
from comity.usage.reading import FIELDS
from comity.usage.services import counts, loading, mending
from comity.usage.services.months import month as first_day

MOST_AT_ONCE = 30  # names that are asked about on one page
UNKNOWN = (SetAside.Reason.ACCOUNT, SetAside.Reason.METER)
TRIED_AGAIN = gettext_lazy("What was set aside is being tried again.")
_SHOWN = 12


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    table, add = tables.files_table(request), (_("Load a file"), reverse("usage:add"), LOAD)
    return list_page(request, table, _("Usage"), lead=f"{counts()}.", add=add)


@requires(READ, "GET")
def months(request: Request) -> HttpResponseBase:
    return list_page(request, tables.months_table(request), _("Usage by month"))


@requires(READ, "GET")
def source_list(request: Request) -> HttpResponseBase:
    table, add = tables.sources_table(request), (_("Add a source"), reverse("usage:add_source"), LOAD)
    return list_page(request, table, _("Sources of usage"), add=add)


@requires(READ, "GET")
def set_aside(request: Request) -> HttpResponseBase:
    lead = _("Open a file or its source to mend what is unknown. What was mended is tried again.")
    return list_page(request, tables.set_aside_table(request), _("Rows set aside"), lead=lead)


@requires(READ, "GET")
def accounts(request: Request) -> HttpResponseBase:
    lead = _("Whose an account is, where no code and no name tells.")
    table = tables.accounts_table(request)
    return list_page(request, table, _("Accounts"), lead=lead, profile=table.name)


@requires(READ, "GET")
def meters(request: Request) -> HttpResponseBase:
    lead = _("Which offering a meter counts, where no meter code tells.")
    table = tables.meters_table(request)
    return list_page(request, table, _("Meters"), lead=lead, profile=table.name)


@requires(LOAD)
def add(request: Request) -> HttpResponse:
    if not Source.objects.exists():
        return redirect("usage:add_source")
    first = {"source": request.GET.get("source", "")}
    form = forms.UploadForm(request.POST or None, request.FILES or None, initial=first)
    page = FormPage(_("Load usage"), crumbs=_crumbs(), submit=_("Read the file"))
    return answer(request, form, lambda: loading.upload(**form.cleaned_data, by=request.user), page=page)


@requires(READ, "GET")
def batch(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Batch, pk, "source", "work")
    seen = found.preview
    groups = seen.get("reasons") or found.set_asides.values_list("reason", "said", "rows")[:_SHOWN]
    context = {
        "batch": found,
        "counts": _counts(found),
        "may_load": request.user.can(LOAD),
        "groups": [(explanation(reason, said), rows) for reason, said, rows in groups],
        "rules": seen.get("rules", []),
        "months": _months(found),
        "unknown": found.set_asides.filter(reason__in=UNKNOWN).exists(),
        "columns": _columns(found.mapping),
        "examples": _examples(seen.get("examples", [])),
        "same": Batch.objects.loaded().filter(sha256=found.sha256).exclude(pk=pk).first(),
    }
    return render(request, "usage/batch.html", context)


def _counts(found: Batch) -> list[tuple[int, str]]:
    """Rows in, and what they came to, or would."""
    rows, *parts = found.counts.values()
    words = (_("rows in"), _("added"), _("known already"), _("left out by rule"), _("set aside"))
    return list(zip((rows, *parts), words, strict=True)) if rows else []


def _months(found: Batch) -> list[tuple[str, int, int]]:
    """The months its rows come into, or would; with how many, and how many of them late, where that is known."""
    if seen := found.preview.get("periods"):
        return [(month(first_day(first)), rows, late) for first, rows, late in seen]
    return [(month(first), rows, 0) for first, rows in found.by_month.items()]


def _columns(mapping: Mapping[str, str]) -> list[tuple[Any, str]]:
    """Our fields, and the columns that hold them."""
    return [(field.label, mapping[field.key]) for field in FIELDS if field.key in mapping]


def _examples(rows: list[list[Any]]) -> list[tuple[str, str, str]]:
    """The first rows as they would be billed: whose and what, where it stands in the file, and how much."""
    partners = Partner.objects.in_bulk([row[2] for row in rows])
    offerings = Offering.objects.in_bulk([row[3] for row in rows])
    return [
        (
            f"{partners[partner]}: {offerings[offering]}",
            " · ".join(filter(None, [_("line %(n)s") % {"n": f"{line:,}"}, account, day])),
            price(Decimal(cost)) if cost else quantity(Decimal(used)),
        )
        for line, account, partner, offering, day, used, cost in rows
    ]


@requires(LOAD)
def columns(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Batch, pk, "source")
    form = forms.ColumnsForm(found, request.POST or None)
    lead = _("We will remember it for the next file of this source.")
    page = FormPage(
        _("Which column is which?"), lead=lead, crumbs=_crumbs(found), submit=_("Read the file again")
    )
    return answer(request, form, lambda: loading.map_again(pk, form.mapping(), by=request.user), page=page)


@requires(LOAD, "POST")
def load(request: Request, pk: int) -> HttpResponse:
    return act(request, lambda: loading.load(pk, by=request.user), to=row_or_404(request, Batch, pk))


@requires(LOAD, "POST")
def discard(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Batch, pk)
    told = _("%(file)s was taken back.") if found.state == "loaded" else _("%(file)s was not loaded.")
    told, to = told % {"file": found}, reverse("usage:list")
    return act(request, lambda: loading.discard(pk, by=request.user), told=told, to=to, refused_to=found)


@requires(READ, "GET")
def set_aside_csv(request: Request, pk: int) -> HttpResponseBase:
    found = row_or_404(request, Batch, pk)
    head, rows = mending.set_aside(found)
    return csv.response(request, f"{found.name.rpartition('.')[0] or found.name}-set-aside", head, rows)


@requires(LOAD, "POST")
def leave_out(request: Request) -> HttpResponse:
    form = forms.LeaveOutForm(typed(request))
    crumbs = [(_("Rows set aside"), reverse("usage:set_aside"))]

    def save(rows: Any) -> int:
        return mending.leave_out(
            rows.select_related("batch__source"), form.cleaned_data["why"], by=request.user
        )

    def told(n: int) -> str:
        words = ngettext("%(n)s row is being left out.", "%(n)s rows are being left out.", n)
        return words % {"n": f"{n:,}"}

    page = FormPage(_("Leave these rows out"), crumbs=crumbs, submit=_("Leave out"))
    return answer_many(request, form, tables.set_aside_table(request), save, page=page, told=told, most=500)


@requires(READ, "GET")
def source(request: Request, pk: int) -> HttpResponseBase:
    found = row_or_404(request, Source, pk, "work")
    aside = SetAside.objects.filter(batch__source=found)
    context = {
        "source": found,
        "aside": aside.aggregate(rows=Sum("rows", default=0))["rows"],
        "unknown": len(_unknown(found)),
        "columns": _columns(found.mapping),
        "rules": forms.rules_as_text(found.excluded),
        "accounts": found.accounts.count(),
        "meters": found.meters.count(),
        "may_load": request.user.can(LOAD),
        "add_url": f"{reverse('usage:add')}?source={pk}",
    }
    return tables.files_table(request, found).respond("usage/source.html", context)


def _unknown(found: Source) -> list[dict[str, Any]]:
    """The accounts and meters of a source that nobody knows, those of most rows first."""
    rows = SetAside.objects.filter(batch__source=found, reason__in=UNKNOWN).exclude(said__in=("", OTHERS))
    sums = rows.order_by().values("reason", "said").annotate(sum=Sum("rows"))
    return list(sums.order_by("-sum", "reason", "said")[:MOST_AT_ONCE])


@requires(LOAD)
def mend(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Source, pk)
    form = forms.MendForm(_unknown(found), request.POST or None, user=request.user)
    lead = _("We will remember it for %(source)s, and try all its rows again that were set aside.")
    page = FormPage(
        _("What do these mean?"),
        lead=lead % {"source": found},
        crumbs=_crumbs(found),
        submit=_("Save and try again"),
    )

    def save() -> Source:
        return mending.mend(found, form.answers(), by=request.user)

    return answer(request, form, save, page=page, told=str(TRIED_AGAIN))


@requires(LOAD, "POST")
def try_again(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Source, pk)
    return act(request, lambda: mending.try_again(found, by=request.user), told=str(TRIED_AGAIN), to=found)


@requires(LOAD)
def edit_source(request: Request, pk: int = 0) -> HttpResponse:
    """Change a source, or add one."""
    found = row_or_404(request, Source, pk) if pk else None
    form = forms.SourceForm(request.POST or None, instance=found)
    page = FormPage(_("Add a source of usage"), crumbs=_crumbs(), back=reverse("usage:sources"))
    if found:
        page = FormPage(_("Change %(name)s") % {"name": found}, crumbs=_crumbs(found))
    return keep(request, loading.SOURCES, form, page, to=lambda row: row)


@requires(LOAD)
def account(request: Request, pk: int) -> HttpResponse:
    return _say(request, forms.AccountForm, pk)


@requires(LOAD)
def meter(request: Request, pk: int) -> HttpResponse:
    return _say(request, forms.MeterForm, pk)


def _say(request: Request, form_of: type[forms.AccountForm | forms.MeterForm], pk: int) -> HttpResponse:
    """Say anew what a name of a source means."""
    model: Any = form_of._meta.model
    found = row_or_404(request, model, pk, "source")
    form = form_of(request.POST or None, instance=found, user=request.user)
    page = FormPage(
        _("What does “%(name)s” mean?") % {"name": found},
        lead=_("Rows that are loaded already stay as they are."),
        crumbs=_crumbs(found.source),
        back=reverse(f"usage:{model._meta.model_name}s"),
    )

    return keep(request, mending.NAMES[model], form, page)


def _crumbs(*rows: Batch | Source) -> list[tuple[str, str]]:
    return [(_("Usage"), reverse("usage:list")), *((str(row), row.get_absolute_url()) for row in rows)]
