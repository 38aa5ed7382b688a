"""The pages of usage: files and what became of their rows, sources, what was set aside and how it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.editing.answering import FormPage, act, answer, answer_many, keep, typed
from comity.imports.pages import list_page
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.services.models import Offering
from comity.ui import csv
from comity.ui.components.days import day, month
from comity.ui.components.signs import tag
from comity.ui.money import price, quantity
from comity.ui.tables import Bulk, Choice, Column, Picked, Search, Table, Toggle, month_column
from comity.usage import forms
from comity.usage.capabilities import LOAD, READ
from comity.usage.judging import OTHERS, explanation
from comity.usage.models import Account, Batch, Meter, Period, SetAside, Source
from comity.usage.reading import FIELDS
from comity.usage.services import counts, loading, mending

MOST_AT_ONCE = 30  # names that are asked about on one page
UNKNOWN = (SetAside.Reason.ACCOUNT, SetAside.Reason.METER)
TRIED_AGAIN = gettext_lazy("What was set aside is being tried again.")
_SHOWN = 12
_SIGNS = {Batch.State.LOADED: "good", Batch.State.FAILED: "bad", Batch.State.PREVIEW: "warn"}
_LEADS = {
    Account: gettext_lazy("Whose an account is, where no code and no name tells."),
    Meter: gettext_lazy("Which offering a meter counts, where no meter code tells."),
}


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    add = _("Load a file"), reverse("usage:add"), LOAD
    return list_page(request, _files(request), _("Usage"), lead=f"{counts()}.", add=add)


def _files(request: Request, source: Source | None = None) -> Table:
    """All files, or those of a source: with fewer columns, because it stands beside what else is known of it."""
    rows = Batch.objects.visible_to(request.user).select_related("source")
    figures = ["rows_in", "added"] if source else ["rows_in", "added", "known", "excluded"]
    return Table(
        request,
        rows.filter(source=source) if source else rows,
        name="usage-files",
        columns=[
            Column("name", _("File"), link=True),
            *([] if source else [Column("source")]),
            Column("state", value=_state_sign),
            *(Column(name, wide=True) for name in figures),
            Column("set_aside"),
            Column("loaded_at", _("Loaded"), value=lambda row: day(row.loaded_at), wide=True),
            Column("id", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(name__icontains=text)),
            *([] if source else [Choice("source", _("Source"), Source.objects.all(), "source")]),
            Choice("state", _("State"), Batch.State.choices, "state"),
            Toggle("aside", _("With rows set aside"), lambda rows: rows.filter(set_aside__gt=0)),
        ],
        views=[] if source else _tabs(),
        default_sort="-loaded_at",
        empty=_("No usage yet."),
    )


def _state_sign(batch: Batch) -> Any:
    return tag(batch.get_state_display(), kind=_SIGNS.get(Batch.State(batch.state), "none"))


def _tabs() -> list[tuple[Any, str]]:
    """The lists of this room, which lead to one another."""
    pages = {
        "list": _("Files"),
        "months": _("By month"),
        "set_aside": _("Set aside"),
        "sources": _("Sources"),
        "accounts": _("Accounts"),
        "meters": _("Meters"),
    }
    return [(words, reverse(f"usage:{name}")) for name, words in pages.items()]


@requires(READ, "GET")
def months(request: Request) -> HttpResponseBase:
    table = Table(
        request,
        Period.objects.visible_to(request.user).counted(),
        name="usage-months",
        columns=[
            month_column("first_on"),
            Column(
                "state",
                _("State"),
                value=lambda row: (
                    tag(_("Closed"), kind="none") if row.closed_at else tag(_("Open"), kind="good")
                ),
                csv_value=lambda row: "closed" if row.closed_at else "open",
            ),
            Column("rows_in", _("Rows in"), csv="in", sort="rows_in", numeric=True),
            Column("rated", _("Rated"), sort="rated", numeric=True),
            Column("excluded", _("Left out by rule"), sort="excluded", numeric=True, wide=True),
            Column("set_aside", _("Set aside"), sort="set_aside", numeric=True),
        ],
        views=_tabs(),
        default_sort="-first_on",
        empty=_("No usage yet."),
    )
    return list_page(request, table, _("Usage by month"))


@requires(READ, "GET")
def source_list(request: Request) -> HttpResponseBase:
    known = Source.objects.visible_to(request.user)
    table = Table(
        request,
        known.annotate(files=Count("batches"), aside=Sum("batches__set_aside", default=0)),
        name="usage-sources",
        columns=[
            Column("label", _("Source"), value=str, link=lambda row: row.get_absolute_url()),
            Column("name", whole=True),
            Column("layout", wide=True),
            Column("files", _("Files"), sort="files", numeric=True),
            Column("aside", _("Set aside"), sort="aside", numeric=True),
        ],
        views=_tabs(),
        default_sort="name",
        empty=_(
            "No sources yet. A source is where files come from: the telephone company, the monitoring, a cloud."
        ),
    )
    add = _("Add a source"), reverse("usage:add_source"), LOAD
    return list_page(request, table, _("Sources of usage"), add=add)


@requires(READ, "GET")
def set_aside(request: Request) -> HttpResponseBase:
    lead = _("Open a file or its source to mend what is unknown. What was mended is tried again.")
    return list_page(request, _set_aside(request), _("Rows set aside"), lead=lead)


def _set_aside(request: Request) -> Table:
    return Table(
        request,
        SetAside.objects.visible_to(request.user).select_related("batch__source", "period"),
        name="usage-set-aside",
        columns=[
            Column("said", _("What the file says"), link=lambda row: row.batch.get_absolute_url()),
            Column("reason"),
            Column("why", _("Explanation"), value=lambda row: explanation(row.reason, row.said), wide=True),
            Column("batch.source", _("Source"), sort="batch__source__name"),
            month_column("period", "period.first_on", _("Month")),
            Column("rows"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(said__icontains=text)),
            Choice("source", _("Source"), Source.objects.all(), "batch__source"),
            Choice("reason", _("Reason"), SetAside.Reason.choices, "reason"),
            Choice("period", _("Month"), _months, "period"),
        ],
        views=_tabs(),
        default_sort="-rows",
        bulk=[Bulk(_("Leave out"), reverse("usage:leave_out"))] if request.user.can(LOAD) else [],
        empty=_("Nothing is set aside."),
    )


def _months() -> Any:
    return [(each.pk, month(each.first_on)) for each in Period.objects.all()]


@requires(READ, "GET")
def names(request: Request, model: type[Account | Meter]) -> HttpResponseBase:
    """What names of a source mean."""
    fact, kind = model.means, str(model._meta.model_name)
    page = (lambda row: reverse(f"usage:{kind}", args=[row.pk])) if request.user.can(LOAD) else None
    table = Table(
        request,
        model.objects.visible_to(request.user).select_related("source", fact),
        name=f"usage-{kind}s",
        columns=[
            Column("name", link=page),
            Column("source", sort="source__name", csv_value=lambda row: row.source.name),
            Column(fact, link=True, csv_value=lambda row: getattr(row, fact).code or getattr(row, fact)),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(name__icontains=text)),
            Choice("source", _("Source"), Source.objects.all(), "source"),
            Picked(fact, fact.capitalize(), forms.PICKERS[kind], request.user, fact),
        ],
        views=_tabs(),
        default_sort="name",
        empty=_("None yet. You say what they mean where rows were set aside."),
    )
    heading = capfirst(str(model._meta.verbose_name_plural))
    return list_page(request, table, heading, lead=_LEADS[model], profile=table.name)


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
    words = (_("rows in"), _("added"), _("known already"), _("left out by rule"), _("set aside"))
    context = {
        "batch": found,
        "counts": list(zip(found.counts.values(), words, strict=True)) if found.counts["in"] else [],
        "may_load": request.user.can(LOAD),
        "cards": [
            (_("Set aside"), [(explanation(reason, said), "", f"{rows:,}") for reason, said, rows in groups]),
            (_("Left out by rule"), [(why, "", f"{rows:,}") for why, rows in seen.get("rules", [])]),
            (_("As it would be billed"), _examples(seen.get("examples", []))),
        ],
        "months": [(month(first), rows, late) for first, rows, late in found.months],
        "unknown": found.set_asides.filter(reason__in=UNKNOWN).exists(),
        "columns": _columns(found.mapping),
        "same": Batch.objects.loaded().filter(sha256=found.sha256).exclude(pk=pk).first(),
    }
    return render(request, "usage/batch.html", context)


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
    rows = mending.set_aside(found)
    return csv.response(request, f"{Path(found.name).stem}-set-aside", next(rows), rows)


@requires(LOAD, "POST")
def leave_out(request: Request) -> HttpResponse:
    form = forms.LeaveOutForm(typed(request))
    crumbs = [(_("Rows set aside"), reverse("usage:set_aside"))]

    def told(n: int) -> str:
        words = ngettext("%(n)s row is being left out.", "%(n)s rows are being left out.", n)
        return words % {"n": f"{n:,}"}

    return answer_many(
        request,
        form,
        _set_aside(request),
        lambda rows: mending.leave_out(rows, by=request.user, **form.cleaned_data),
        page=FormPage(_("Leave these rows out"), crumbs=crumbs, submit=_("Leave out")),
        told=told,
        most=500,
    )


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
        "may_load": request.user.can(LOAD),
        "add_url": f"{reverse('usage:add')}?source={pk}",
    }
    return _files(request, found).respond("usage/source.html", context)


def _unknown(found: Source) -> list[dict[str, Any]]:
    """The accounts and meters of a source that nobody knows, those of most rows first."""
    rows = SetAside.objects.filter(batch__source=found, reason__in=UNKNOWN).exclude(said__in=("", OTHERS))
    sums: Any = rows.order_by().values("reason", "said").annotate(sum=Sum("rows"))
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
def name(request: Request, form_of: type[forms.AccountForm | forms.MeterForm], pk: int) -> HttpResponse:
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
