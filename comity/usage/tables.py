"""The lists of files, months, sources, accounts and meters, and of what was set aside."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comity.partners.pickers import PARTNER
from comity.people.access import Request
from comity.services.pickers import OFFERING
from comity.ui.components.days import day, month
from comity.ui.components.signs import tag
from comity.ui.pickers import Picker
from comity.ui.tables import Bulk, Choice, Column, Picked, Search, Table, Toggle, month_column
from comity.usage.capabilities import LOAD
from comity.usage.judging import explanation
from comity.usage.models import Account, Batch, Meter, Period, SetAside, Source

_SIGNS = {Batch.State.LOADED: "good", Batch.State.FAILED: "bad", Batch.State.PREVIEW: "warn"}


def state_sign(batch: Batch) -> Any:
    return tag(batch.get_state_display(), kind=_SIGNS.get(Batch.State(batch.state), "none"))


def _months() -> Any:
    return [(each.pk, month(each.first_on)) for each in Period.objects.all()]


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


def files_table(request: Request, source: Source | None = None) -> Table:
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
            Column("state", value=state_sign),
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


def months_table(request: Request) -> Table:
    return Table(
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
            Column(
                "in", _("Rows in"), value=lambda row: row.rated + row.excluded + row.set_aside, numeric=True
            ),
            Column("rated", _("Rated"), sort="rated", numeric=True),
            Column("excluded", _("Left out by rule"), sort="excluded", numeric=True, wide=True),
            Column("set_aside", _("Set aside"), sort="set_aside", numeric=True),
        ],
        views=_tabs(),
        default_sort="-first_on",
        empty=_("No usage yet."),
    )


def sources_table(request: Request) -> Table:
    return Table(
        request,
        Source.objects.visible_to(request.user).annotate(
            files=Count("batches"), aside=Sum("batches__set_aside", default=0)
        ),
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


def set_aside_table(request: Request) -> Table:
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


def accounts_table(request: Request) -> Table:
    return _names_table(request, Account, "partner", PARTNER)


def meters_table(request: Request) -> Table:
    return _names_table(request, Meter, "offering", OFFERING)


def _names_table(request: Request, model: Any, fact: str, picker: Picker) -> Table:
    """What names of a source mean."""
    name, label = model._meta.model_name, capfirst(model._meta.get_field(fact).verbose_name)
    page = (lambda row: reverse(f"usage:{name}", args=[row.pk])) if request.user.can(LOAD) else None
    return Table(
        request,
        model.objects.visible_to(request.user).select_related("source", fact),
        name=f"usage-{name}s",
        columns=[
            Column("name", link=page),
            Column("source", sort="source__name", csv_value=lambda row: row.source.name),
            Column(fact, link=True, csv_value=lambda row: getattr(row, fact).code or getattr(row, fact)),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(name__icontains=text)),
            Choice("source", _("Source"), Source.objects.all(), "source"),
            Picked(fact, label, picker, request.user, fact),
        ],
        views=_tabs(),
        default_sort="name",
        empty=_("None yet. You say what they mean where rows were set aside."),
    )
