"""How far a piece of long work is, and all background work together."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.access import Request, requires, signed_in
from comity.jobs import listing
from comity.jobs.capabilities import VIEW_WORK
from comity.jobs.models import Due, Work
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Table

STATE_KINDS = {Work.State.DONE: "good", Work.State.FAILED: "bad", Work.State.RUNNING: "warn"}


@requires(VIEW_WORK)
@require_safe
def everything(request: Request) -> HttpResponseBase:
    """All that runs, waits, has failed or is done, and what comes round by itself."""
    rows = Work.objects.visible_to(request.user)
    table = Table(
        request,
        rows,
        name="work",
        columns=[
            Column("label", _("Work"), sort="", link=True),
            Column(
                "state",
                _("State"),
                sort="",
                value=lambda work: tag(work.get_state_display(), kind=STATE_KINDS.get(work.state, "")),
            ),
            Column("owner", _("Started by"), sort="", value=lambda work: names[work.owner], wide=True),
            Column("created_at", _("Requested")),
            Column(
                "took",
                _("Time taken"),
                value=lambda work: listing.lasted(work.started_at, work.finished_at),
                wide=True,
            ),
        ],
        filters=[Choice("state", _("State"), Work.State.choices, "state")],
        empty=_("No background work yet. Imports, for example, run here."),
    )
    names = listing.began_by(table.page)
    counts = rows.order_by().aggregate(
        **{str(state): Count("pk", filter=Q(state=state)) for state in Work.State.values}
    )
    recurring = _recurring(request)
    return table.respond(
        "jobs/all.html", {"heading": _heading(counts), "recurring": recurring, "failed": counts["failed"]}
    )


def _recurring(request: Request) -> Table:
    """What comes round, the next first."""
    return Table(
        request,
        Due.objects.order_by("next_at", "pk"),
        name="recurring",
        columns=[
            Column("what", _("What it does"), value=listing.what),
            Column("often", _("How often"), value=listing.how_often, whole=True),
            Column("last_started_at", _("Last started"), sort="", wide=True),
            Column("went", _("Last result"), value=_went),
            Column("next_at", _("Next"), sort=""),
        ],
        per_page=200,
        caption=_("Scheduled work"),
    )


def _went(due: Due) -> object:
    """Last result and how long it took; an error is named by its number, under which the log tells the rest."""
    took = listing.lasted(due.last_started_at, due.last_finished_at)
    if due.worker:
        return format_html("{} {}", tag(_("Running"), kind="warn"), took)
    if due.last_error:
        return format_html("{} {}", tag(due.last_error, kind="bad"), took)
    return format_html("{} {}", tag(_("Done"), kind="good"), took) if due.last_finished_at else ""


def _heading(counts: dict[str, int]) -> str:
    """What matters most, in a sentence."""
    if counts["running"]:
        return ngettext("One job is running", "%(n)s jobs are running", counts["running"]) % {
            "n": counts["running"]
        }
    if counts["waiting"]:
        return ngettext("One job is waiting", "%(n)s jobs are waiting", counts["waiting"]) % {
            "n": counts["waiting"]
        }
    return _("Nothing waits in the background")


@signed_in
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """The page of one piece of work, for who started it and for administrators; `?format=json` for scripts."""
    work = get_object_or_404(Work.objects.visible_to(request.user), pk=pk)
    if request.GET.get("format") == "json":
        return JsonResponse(
            {
                "label": work.label,
                "state": work.state,
                "done": work.done,
                "total": work.total,
                "message": work.message,
                "url": work.url,
            }
        )
    return render(request, "jobs/progress.html", {"work": work})
