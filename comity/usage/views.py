"""The pages of usage: files and what became of their rows, sources, what was set aside and how it is mended."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from comity.editing import answering
from comity.editing.answering import FormPage, answer, answer_many, typed
from comity.editing.changing import change
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.services.models import Offering
from comity.ui import csv
from comity.ui.components.days import month
from comity.ui.money import price, quantity
from comity.ui.tables import Table
from comity.ui.tables.columns import Words
from comity.usage import downloads, tables
from comity.usage.capabilities import LOAD, READ
from comity.usage.forms import (
    AccountForm,
    ColumnsForm,
    LeaveOutForm,
    MendForm,
    MeterForm,
    SourceForm,
    UploadForm,
    rules_as_text,
)
from comity.usage.judging import OTHERS, explanation
from comity.usage.models import Account, Batch, Meter, SetAside, Source
from comity.usage.reading import FIELDS
from comity.usage.services import counts, loading, mending, sources

MOST_AT_ONCE = 30  # names that are asked about on one page
UNKNOWN = (SetAside.Reason.ACCOUNT, SetAside.Reason.METER)
_SHOWN = 12


@requires(READ)
@require_safe
def listing(request: Request) -> HttpResponseBase:
    every = counts()
    lead = _(
        "%(rows_in)s rows in = %(rated)s rated + %(excluded)s left out by rule + %(set_aside)s set aside."
    ) % {name: f"{count:,}" for name, count in {**vars(every), "rows_in": every.rows_in}.items()}
    return _page(tables.files_table, _("Usage"), lead, (_("Load a file"), "usage:add"))(request)


def _page(
    table_of: Callable[[Request], Table],
    heading: Words,
    lead: Words = "",
    act: tuple[Words, str] = ("", ""),
    profile: str = "",
) -> Callable[..., HttpResponseBase]:
    """A view of a list and no more: what one can add to it, and which list can be imported into it."""

    @requires(READ)
    @require_safe
    def page(request: Request) -> HttpResponseBase:
        shown = (act[0], reverse(act[1])) if act[1] and request.user.can(LOAD) else None
        context = {"heading": heading, "lead": lead, "act": shown, "profile": profile}
        return table_of(request).respond("usage/list.html", context)

    return page


months = _page(tables.months_table, gettext_lazy("Usage by month"))
source_list = _page(
    tables.sources_table,
    gettext_lazy("Sources of usage"),
    act=(gettext_lazy("Add a source"), "usage:add_source"),
)
set_aside = _page(
    tables.set_aside_table,
    gettext_lazy("Rows set aside"),
    gettext_lazy("Open a file or its source to mend what is unknown. What was mended is tried again."),
)
accounts = _page(
    tables.accounts_table,
    gettext_lazy("Accounts"),
    gettext_lazy("Whose an account is, where no code and no name tells."),
    profile="usage-accounts",
)
meters = _page(
    tables.meters_table,
    gettext_lazy("Meters"),
    gettext_lazy("Which offering a meter counts, where no meter code tells."),
    profile="usage-meters",
)


@requires(LOAD)
def add(request: Request) -> HttpResponse:
    if not Source.objects.exists():
        return redirect("usage:add_source")
    first = {"source": request.GET.get("source", "")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=first)
    page = FormPage(_("Load usage"), crumbs=_crumbs(), submit=_("Read the file"))
    return answer(request, form, lambda: loading.upload(**form.cleaned_data, by=request.user), page=page)


@requires(READ)
@require_safe
def batch(request: Request, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    seen = found.preview
    groups = seen.get("reasons") or found.set_asides.values_list("reason", "said", "rows")[:_SHOWN]
    context = {
        "batch": found,
        "counts": _counts_of(found),
        "may_load": request.user.can(LOAD),
        "groups": [(explanation(reason, said), rows) for reason, said, rows in groups],
        "rules": seen.get("rules", []),
        "months": _months(found),
        "unknown": found.set_asides.filter(reason__in=UNKNOWN).exists(),
        "columns": [
            (field.label, found.mapping[field.key]) for field in FIELDS if field.key in found.mapping
        ],
        "examples": _examples(seen.get("examples", [])),
        "same": Batch.objects.loaded().filter(sha256=found.sha256).exclude(pk=pk).first(),
    }
    return render(request, "usage/batch.html", context)


def _months(found: Batch) -> list[tuple[str, int, int]]:
    """The months its rows come into, or would; with how many, and how many of them late, where that is known."""
    if seen := found.preview.get("periods"):
        return [(month(sources.month(first)), rows, late) for first, rows, late in seen]
    parts = found.parts.filter(rows__gt=0).order_by("period__first_on").values_list("period__first_on")
    return [(month(first), rows, 0) for first, rows in parts.annotate(sum=Sum("rows"))]


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


def _counts_of(found: Batch) -> list[tuple[int, str]]:
    """Rows in, and what they came to, or would."""
    words = {
        "in": _("rows in"),
        "added": _("added"),
        "known": _("known already"),
        "excluded": _("left out by rule"),
        "set_aside": _("set aside"),
    }
    return [(found.counts[name], said) for name, said in words.items()] if found.counts["in"] else []


@requires(LOAD)
def columns(request: Request, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    form = ColumnsForm(found, request.POST or None)
    page = FormPage(
        _("Which column is which?"),
        lead=_("We will remember it for the next file of this source."),
        crumbs=_crumbs(found),
        submit=_("Read the file again"),
    )
    return answer(
        request, form, lambda: loading.map_again(pk, mapping=form.mapping(), by=request.user), page=page
    )


@requires(LOAD)
@require_POST
def load(request: Request, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    return answering.act(request, lambda: loading.load(pk, by=request.user), to=found)


@requires(LOAD)
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    told = _("%(file)s was not loaded.") % {"file": found}
    return answering.act(
        request,
        lambda: loading.discard(pk, by=request.user),
        told=told,
        to=reverse("usage:list"),
        refused_to=found,
    )


@requires(READ)
@require_safe
def set_aside_csv(request: Request, pk: int) -> HttpResponseBase:
    found = _batch(request, pk)
    head, rows = downloads.set_aside(found)
    return csv.response(request, f"{found.name.rpartition('.')[0] or found.name}-set-aside", head, rows)


@requires(LOAD)
@require_POST
def leave_out(request: Request) -> HttpResponse:
    form = LeaveOutForm(typed(request))
    page = FormPage(
        _("Leave these rows out"),
        crumbs=[(_("Rows set aside"), reverse("usage:set_aside"))],
        submit=_("Leave out"),
    )
    return answer_many(
        request,
        form,
        tables.set_aside_table(request),
        lambda rows: mending.leave_out(
            rows.select_related("batch__source"), form.cleaned_data["why"], by=request.user
        ),
        page=page,
        told=lambda n: (
            ngettext("%(n)s row is being left out.", "%(n)s rows are being left out.", n) % {"n": f"{n:,}"}
        ),
        most=500,
    )


@requires(READ)
@require_safe
def source(request: Request, pk: int) -> HttpResponseBase:
    found = _source(request, pk)
    aside = SetAside.objects.visible_to(request.user).filter(batch__source=found)
    context = {
        "source": found,
        "aside": aside.aggregate(rows=Sum("rows", default=0))["rows"],
        "unknown": len(_unknown(found)),
        "columns": [
            (field.label, found.mapping[field.key]) for field in FIELDS if field.key in found.mapping
        ],
        "rules": rules_as_text(found.excluded),
        "accounts": found.accounts.count(),
        "meters": found.meters.count(),
        "may_load": request.user.can(LOAD),
        "add_url": f"{reverse('usage:add')}?source={pk}",
    }
    return tables.files_table(request, found).respond("usage/source.html", context)


def _unknown(found: Source) -> list[dict[str, Any]]:
    """The accounts and meters of a source that nobody knows, those of most rows first."""
    return list(
        SetAside.objects.filter(batch__source=found, reason__in=UNKNOWN)
        .exclude(said__in=("", OTHERS))
        .order_by()
        .values("reason", "said")
        .annotate(sum=Sum("rows"))
        .order_by("-sum", "reason", "said")[:MOST_AT_ONCE]
    )


@requires(LOAD)
def mend(request: Request, pk: int) -> HttpResponse:
    found = _source(request, pk)
    form = MendForm(_unknown(found), request.POST or None, user=request.user)
    page = FormPage(
        _("What do these mean?"),
        lead=_("We will remember it for %(source)s, and try all its rows again that were set aside.")
        % {"source": found},
        crumbs=_crumbs(found),
        submit=_("Save and try again"),
    )
    return answer(
        request,
        form,
        lambda: mending.mend(found, form.answers(), by=request.user),
        page=page,
        told=_("What was set aside is being tried again."),
        to=found,
    )


@requires(LOAD)
@require_POST
def try_again(request: Request, pk: int) -> HttpResponse:
    found = _source(request, pk)
    told = _("What was set aside is being tried again.")
    return answering.act(request, lambda: mending.try_again(found, by=request.user), told=told, to=found)


@requires(LOAD)
def add_source(request: Request) -> HttpResponse:
    form = SourceForm(request.POST or None)
    page = FormPage(_("Add a source of usage"), crumbs=_crumbs(), back=reverse("usage:sources"))
    return answer(request, form, lambda: sources.add_source(form.values, by=request.user), page=page)


@requires(LOAD)
def edit_source(request: Request, pk: int) -> HttpResponse:
    found = _source(request, pk)
    form = SourceForm(request.POST or None, instance=found)
    return answer(
        request,
        form,
        lambda: sources.change_source(pk, form.values, by=request.user, seen=form.seen),
        page=FormPage(_("Change %(name)s") % {"name": found}, crumbs=_crumbs(found)),
        told=_("Saved."),
    )


def _named(
    model: type[Account | Meter], form_of: Callable[..., Any], back: str
) -> Callable[..., HttpResponseBase]:
    """A view that says anew what a name of a source means."""

    @requires(LOAD)
    def edit(request: Request, pk: int) -> HttpResponse:
        found = get_object_or_404(model.objects.visible_to(request.user).select_related("source"), pk=pk)
        form = form_of(request.POST or None, instance=found, user=request.user)
        action = mending.MAP_ACCOUNT if model is Account else mending.MAP_METER
        return answer(
            request,
            form,
            lambda: change(
                model.objects.all(), pk, form.values, by=request.user, action=action, seen=form.seen
            ),
            page=FormPage(
                _("What does “%(name)s” mean?") % {"name": found},
                lead=_("Rows that are loaded already stay as they are."),
                crumbs=_crumbs(found.source),
                back=reverse(back),
            ),
            told=_("Saved."),
            to=reverse(back),
        )

    return edit


account = _named(Account, AccountForm, "usage:accounts")
meter = _named(Meter, MeterForm, "usage:meters")


def _batch(request: Request, pk: int) -> Batch:
    found: Batch = get_object_or_404(
        Batch.objects.visible_to(request.user).select_related("source", "work"), pk=pk
    )
    return found


def _source(request: Request, pk: int) -> Source:
    found: Source = get_object_or_404(Source.objects.visible_to(request.user).select_related("work"), pk=pk)
    return found


def _crumbs(*rows: Batch | Source) -> list[tuple[str, str]]:
    return [(_("Usage"), reverse("usage:list")), *((str(row), row.get_absolute_url()) for row in rows)]
