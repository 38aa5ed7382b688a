"""How far a piece of long work is, and all background work together: whose it is, how long it took, how often it comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.access import Request, requires, signed_in
from comity.jobs.capabilities import VIEW_WORK
from comity.jobs.models import Due, Work
from comity.jobs.registry import Recurring
from comity.nouns import named
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Table

STATE_KINDS = {Work.State.DONE: "good", Work.State.FAILED: "bad", Work.State.RUNNING: "warn"}


@requires(VIEW_WORK, "GET")
def everything(request: Request) -> HttpResponseBase:
    """All that runs, waits, has failed or is done, and what comes round by itself."""
    rows = Work.objects.visible_to(request.user)
    table = Table(
        request,
        rows,
        name="work",
        export_name="",
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
                value=lambda work: lasted(work.started_at, work.finished_at),
                wide=True,
            ),
        ],
        filters=[Choice("state", _("State"), Work.State.choices, "state")],
        empty=_("No background work yet. Imports, for example, run here."),
    )
    names = began_by(table.page)
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
        export_name="",
        columns=[
            Column("what", _("What it does"), value=what),
            Column("often", _("How often"), value=how_often, whole=True),
            Column("last_started_at", _("Last started"), sort="", wide=True),
            Column("went", _("Last result"), value=_went),
            Column("next_at", _("Next"), sort=""),
        ],
        per_page=200,
        caption=_("Scheduled work"),
    )


def _went(due: Due) -> object:
    """Last result and how long it took; an error is named by its number, under which the log tells the rest."""
    took = lasted(due.last_started_at, due.last_finished_at)
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


@signed_in("GET")
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


def began_by(rows: Iterable[Work]) -> dict[str, str]:
    """Who began each, by `Work.owner`: a person by name, a machine as it calls itself. One query for each kind."""
    owners = {row.owner for row in rows}
    names = {owner: owner for owner in owners}
    keys: dict[str, set[str]] = {}
    for owner in owners:
        label, _colon, key = owner.partition(":")
        if key.isdigit() and "." in label:
            keys.setdefault(label, set()).add(key)
    for label, wanted in keys.items():
        for key, row in apps.get_model(label)._base_manager.in_bulk(wanted).items():
            names[f"{label}:{key}"] = str(row)
    return names


def lasted(begun: datetime | None, ended: datetime | None) -> str:
    """How long it took, or has taken so far; "" for what has not begun, or was begun anew since it last ended."""
    if begun is None or (ended is not None and ended < begun):
        return ""
    return in_words((ended or timezone.now()) - begun)


def in_words(length: timedelta) -> str:
    seconds = length.total_seconds()
    if seconds < 1:
        return _("under a second")
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", int(seconds)) % {"n": int(seconds)}
    if seconds < 3600:
        return ngettext("%(n)d minute", "%(n)d minutes", int(seconds // 60)) % {"n": int(seconds // 60)}
    return ngettext("%(n)d hour", "%(n)d hours", int(seconds // 3600)) % {"n": int(seconds // 3600)}


def what(due: Due) -> str:
    """What recurring work does; its name where its room has said nothing, or is installed no more."""
    return str(one.label if (one := named(Recurring, due.name)) else "") or due.name


def how_often(due: Due) -> str:
    """ "every hour", "every day at 2:30 a.m."; for what no room does any more that nobody does it."""
    found = named(Recurring, due.name)
    if found is None:
        return _("no longer run")
    if found.daily_at is not None:
        return _("every day at %(time)s") % {"time": time_format(found.daily_at)}
    return _("every %(time)s") % {"time": _interval(found.interval or timedelta())}


def _interval(length: timedelta) -> str:
    return {
        timedelta(minutes=1): _("minute"),
        timedelta(hours=1): _("hour"),
        timedelta(days=1): _("day"),
    }.get(length) or in_words(length)
