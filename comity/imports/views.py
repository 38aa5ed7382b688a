"""Importing a list: file, columns, preview, apply, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing import answering
from comity.editing.answering import FormPage, answer
from comity.imports import profiles, services
from comity.imports.capabilities import IMPORT
from comity.imports.forms import ColumnsForm, MannerForm, UploadForm, ValuesForm
from comity.imports.models import Import, ImportRow
from comity.imports.preview import row_changes, row_facts, said_of_reading, set_aside_head, set_aside_rows
from comity.people.access import Request, requires
from comity.ui.csv import response
from comity.ui.tables import Choice, Column, Search, Table


@require_safe
@requires(IMPORT)
def listing(request: Request) -> HttpResponseBase:
    mine = profiles.profiles_for(request.user)
    table = Table(
        request,
        Import.objects.visible_to(request.user).select_related("by"),
        name="imports",
        columns=[
            Column("file_name", _("File"), link=True),
            Column("profile", _("List"), value=_profile_label),
            Column("state", _("State")),
            Column("rows_total", _("Rows"), wide=True),
            Column("rows_new", _("New"), wide=True),
            Column("rows_changed", _("Changed"), wide=True),
            Column("rows_set_aside", _("Set aside"), wide=True),
            Column("by", _("By"), value=lambda one: one.by or one.actor, wide=True),
            Column("created_at", _("Imported")),
        ],
        filters=[
            Choice("profile", _("List"), [(one.key, one.label) for one in mine], "profile"),
            Choice("state", _("State"), Import.State.choices, "state"),
        ],
        default_sort="-created_at",
        empty=_("No imports yet."),
        empty_url=reverse("imports:new"),
        empty_action=_("New import"),
    )
    return table.respond("imports/list.html", {})


def _profile_label(batch: Import) -> str:
    return str(profiles.profile(batch.profile).label)


@requires(IMPORT)
def new(request: Request) -> HttpResponse:
    mine = profiles.profiles_for(request.user)
    what = request.GET.get("what")
    form = UploadForm(mine, request.POST or None, request.FILES or None, initial={"profile": what})

    def leads_to(batch: Import) -> str:
        asks = f"{reverse('imports:about', args=[batch.pk])}?{request.GET.urlencode()}"
        return asks if batch.state == Import.State.ABOUT else batch.get_absolute_url()

    return answer(
        request,
        form,
        lambda: services.receive(**form.cleaned_data, by=request.user),
        page="imports/new.html",
        context={"profiles": [one for one in mine if one.key == what] or mine},
        to=leads_to,
    )


@requires(IMPORT)
def about(request: Request, pk: int) -> HttpResponse:
    """What has to be said of a file before it is read; what the link one came by says of it is filled in."""
    batch = _batch(request, pk)
    asks = profiles.profile(batch.profile).about
    if asks is None:
        raise Http404
    form = asks(request.POST or None, initial={**request.GET.dict(), **batch.about})
    return answer(
        request,
        form,
        lambda: services.describe(pk, about=form.cleaned_data, by=request.user),
        page=FormPage(
            _("Tell us about this file"),
            _("About the file"),
            _("You will see what would happen to every row before anything is saved."),
            crumbs=[(_("Import"), reverse("imports:list")), (batch.file_name, batch.get_absolute_url())],
            submit=_("Read the file"),
            back=batch.get_absolute_url(),
        ),
    )


@require_safe
@requires(IMPORT)
def detail(request: Request, pk: int) -> HttpResponseBase:
    batch = _batch(request, pk)
    profile = profiles.profile_of(batch)
    context = {
        "batch": batch,
        "profile": profile,
        "waits": batch.state in services.WAITING,
        "can_undo": batch.state == Import.State.APPLIED and services.can_undo(batch),
        "keeps_rows": profile.handler().keeps_rows,
        "page_url": profile.page(batch) if profile.page and batch.state == Import.State.APPLIED else "",
        "unmatched": sum(len(said) for said in batch.unmatched.values()),
        "steps": profile.steps(batch) if profile.steps and batch.state == Import.State.APPLIED else [],
        "same_file": _same_file(batch),
        "said_of_reading": said_of_reading(batch),
        "leaves_out": batch.rows_set_aside or batch.found.get("partly"),
    }
    if batch.is_busy or not batch.rows_total or batch.rows_wiped_at or batch.state == Import.State.COLUMNS:
        return render(request, "imports/detail.html", context)
    return _rows_table(request, batch, profile).respond("imports/detail.html", context)


def _same_file(batch: Import) -> Import | None:
    """The same file, to the byte, as it was applied last, or waits to be."""
    if batch.state != Import.State.PREVIEW:
        return None
    states = Import.State.APPLIED, Import.State.APPLYING, Import.State.PREVIEW
    same = batch.of_same_file().filter(state__in=states)
    return same.order_by(F("applied_at").desc(nulls_last=True), "-pk").first()


def _rows_table(request: HttpRequest, batch: Import, profile: profiles.Profile) -> Table:
    def shown(row: ImportRow) -> dict[str, Any]:
        return {"changes": row_changes(profile, row), "facts": row_facts(batch, row)}

    return Table(
        request,
        ImportRow.objects.filter(batch=batch),
        name="import-rows",
        export_name="",
        columns=[
            Column("line", _("Line")),
            Column("outcome", _("Outcome"), sort="", template="imports/_outcome.html"),
            Column("label", _("Record"), link=_link(batch, profile)),
            Column("what", _("Details"), value=shown, template="imports/_what.html"),
        ],
        filters=[
            Choice("outcome", _("Outcome"), ImportRow.Outcome.choices, "outcome"),
            Search("q", _("Find"), lambda rows, text: rows.filter(label__icontains=text)),
        ],
        views=[(_("All rows"), ""), *((words, f"outcome={outcome}") for words, outcome in _outcomes(batch))],
        default_sort="line",
        caption=_("Rows in the file"),
    )


def _outcomes(batch: Import) -> list[tuple[str, str]]:
    """How many rows came to what."""
    return [
        (_("%(n)s new") % {"n": f"{batch.rows_new:,}"}, ImportRow.Outcome.NEW),
        (_("%(n)s changed") % {"n": f"{batch.rows_changed:,}"}, ImportRow.Outcome.CHANGED),
        (_("%(n)s the same") % {"n": f"{batch.rows_same:,}"}, ImportRow.Outcome.SAME),
        (_("%(n)s set aside") % {"n": f"{batch.rows_set_aside:,}"}, ImportRow.Outcome.SET_ASIDE),
    ]


def _link(batch: Import, profile: profiles.Profile) -> Any:
    """A row leads to its record once there is one."""
    there = batch.state == Import.State.APPLIED

    def link(row: ImportRow) -> str:
        exists = there or row.outcome in {ImportRow.Outcome.CHANGED, ImportRow.Outcome.SAME}
        undone = batch.state == Import.State.UNDONE and row.outcome == ImportRow.Outcome.NEW
        return profile.link(row) if row.target_id and exists and not undone else ""

    return link


@requires(IMPORT)
def reading_of(request: Request, pk: int) -> HttpResponse:
    """How the file is read: which sheet, from which line, with which numbers."""
    batch = _batch(request, pk)
    form = MannerForm(batch, request.POST or None)
    return answer(
        request,
        form,
        lambda: services.read_otherwise(pk, manner=form.manner(), by=request.user),
        page=FormPage(
            _("How should we read this file?"),
            _("How to read it"),
            " ".join(said_of_reading(batch)) or batch.read_as,
            crumbs=[(_("Import"), reverse("imports:list")), (batch.file_name, batch.get_absolute_url())],
            submit=_("Read the file again"),
            back=batch.get_absolute_url(),
        ),
    )


@requires(IMPORT)
def columns_of(request: Request, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    form = ColumnsForm(batch, profiles.profile_of(batch), request.POST or None)
    return answer(
        request,
        form,
        lambda: services.map_again(pk, mapping=form.mapping(), values=form.values(), by=request.user),
        page="imports/columns.html",
        context={"batch": batch},
    )


@requires(IMPORT)
def values_of(request: Request, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    form = ValuesForm(batch, profiles.profile_of(batch), request.POST or None)
    return answer(
        request,
        form,
        lambda: services.map_again(pk, mapping=batch.mapping, values=form.values(), by=request.user),
        page="imports/values.html",
        context={"batch": batch},
    )


def _act(service: Callable[..., Import]) -> Callable[..., HttpResponseBase]:
    """A view that asks the service and goes back to the import, which shows the work or the reason why not."""

    @require_POST
    @requires(IMPORT)
    def act(request: Request, pk: int) -> HttpResponse:
        return answering.act(request, lambda: service(pk, by=request.user), to=_batch(request, pk))

    return act


apply = _act(services.apply)
undo = _act(services.undo)
discard = _act(services.discard)
try_again = _act(services.try_again)


@require_safe
@requires(IMPORT)
def set_aside_csv(request: Request, pk: int) -> HttpResponseBase:
    batch = _batch(request, pk)
    name = f"{batch.file_name.rpartition('.')[0] or batch.file_name}-set-aside"
    return response(request, name, set_aside_head(batch), set_aside_rows(batch))


def _batch(request: Request, pk: int) -> Import:
    rows = Import.objects.visible_to(request.user).select_related("by", "work")
    return get_object_or_404(rows, pk=pk)
