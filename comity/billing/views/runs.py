"""A run of a month's bills: begun, looked at, compared, approved, issued or dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.db.models import Count
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comity.billing import tables
from comity.billing.capabilities import APPROVE, ISSUE, READ, RUN
from comity.billing.forms import RunForm
from comity.billing.models import Run
from comity.billing.services import exporting, running
from comity.billing.services.comparing import changed_inputs, differences
from comity.billing.views.checks import looks
from comity.core.errors import DomainError
from comity.editing.answering import FormPage, act, answer
from comity.office.services import words
from comity.people.access import Request, requires
from comity.ui.charts import Figures
from comity.ui.components.days import month
from comity.ui.components.page import tell
from comity.ui.money import money, signed

MOST_SHOWN = 500


@requires(RUN)
def new(request: Request) -> HttpResponse:
    """Run a month."""
    form = RunForm(request.POST or None)
    page = FormPage(
        _("Run the bills of a month"),
        lead=_("This makes a draft, which nobody outside the office sees. Somebody else approves it."),
        crumbs=_crumbs(),
        submit=_("Run"),
    )
    return answer(request, form, lambda: running.run(form.period(), by=request.user), page=page)


@requires(READ)
@require_safe
def page(request: Request, pk: int) -> HttpResponseBase:
    """What a month comes to: what to look at first, then by service, then bills."""
    run = _run(request, pk)
    found = run.bills.aggregate(count=Count("pk"))
    steps = _steps(request, run)
    context = {
        "run": run,
        "count": found["count"],
        "looks": looks(run),
        "services": _by_service(run),
        "steps": steps,
        "sign": tables.state_sign(run),
        "own": run.state == Run.State.DRAFT
        and run.run_by_id == request.user.pk
        and request.user.can(APPROVE),
        "may_run": request.user.can(RUN),
    }
    return tables.bills_of_run_table(request, run).respond("billing/run.html", context)


def _steps(request: Request, run: Run) -> list[tuple[str, str]]:
    """What this person can do with it now: words and address."""
    user = request.user
    possible: list[tuple[bool, str, str]] = [
        (
            run.state == Run.State.DRAFT and user.can(APPROVE) and run.run_by_id != user.pk,
            _("Approve"),
            "approve",
        ),
        (run.state == Run.State.APPROVED and user.can(ISSUE), _("Issue"), "issue"),
    ]
    return [(label, reverse(f"billing:{name}", args=[run.pk])) for may, label, name in possible if may]


def _by_service(run: Run) -> Figures:
    """What each service comes to, beside the month before: as counted when the bills were made."""
    issued = Run.objects.filter(state=Run.State.ISSUED, period__first_on__lt=run.period.first_on)
    last = issued.first()
    now, before = (
        {each["service"]: each for each in of.checks.get("services", [])} if of else {} for of in (run, last)
    )
    address = reverse("billing:run_lines", args=[run.pk])
    rows = []
    for pk, said in sorted({**before, **now}.items(), key=lambda item: item[1]["name"].casefold()):
        here, was = pk in now, before[pk]["cents"] if pk in before else 0
        cents, count = (said["cents"], said["lines"]) if here else (0, 0)
        link = (
            format_html('<a href="{}?service={}">{}</a>', address, pk, said["name"]) if here else said["name"]
        )
        rows.append((link, f"{count:,}", money(was), money(cents), signed(cents - was)))
    total, then = (sum(each["cents"] for each in of.values()) for of in (now, before))
    count = sum(each["lines"] for each in now.values())
    return Figures(
        (_("Service"), _("Lines"), _("Last month"), _("This month"), _("Change")),
        rows,
        (_("Total"), f"{count:,}", money(then), money(total), signed(total - then)),
    )


@requires(READ)
@require_safe
def lines(request: Request, pk: int) -> HttpResponseBase:
    """All lines of a run."""
    run = _run(request, pk)
    return tables.lines_table(request, run).respond("billing/run_lines.html", {"run": run})


@requires(READ)
@require_safe
def changes(request: Request, pk: int) -> HttpResponse:
    """What came out otherwise than in the draft that the run replaced."""
    run = _run(request, pk)
    if run.replaces is None:
        raise Http404
    found = differences(run)
    rows = [
        (
            str(each.line.bill.partner),
            format_html('<a href="{}">{}</a>', each.line.get_absolute_url(), each.line)
            if each.now
            else str(each.line),
            each.why,
            money(each.cents_before),
            money(each.cents),
            signed(each.cents - each.cents_before),
        )
        for each in found[:MOST_SHOWN]
    ]
    head = (words().Partner, _("What"), _("Why"), _("Before"), _("Now"), _("Change"))
    context = {
        "run": run,
        "figures": Figures(head, rows),
        "inputs": changed_inputs(run),
        "more": max(0, len(found) - MOST_SHOWN),
        "heading": ngettext(
            "%(count)s charge differs from the draft before",
            "%(count)s charges differ from the draft before",
            len(found),
        )
        % {"count": f"{len(found):,}"},
    }
    return render(request, "billing/run_changes.html", context)


@requires(RUN)
@require_safe
def export(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """The run for other systems."""
    run = _run(request, pk)
    if kind not in exporting.KINDS or not Run.objects.standing().filter(pk=pk).exists():
        raise Http404
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}-{run.period}.csv"
        try:
            exporting.write(kind, run, path)
        except DomainError as error:
            tell(request, str(error), level=messages.ERROR)
            return redirect(run)
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@requires(RUN)
@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Run the month once more."""
    run = _run(request, pk)
    return act(request, lambda: running.run(run.period, by=request.user), refused_to=run)


@requires(APPROVE)
def approve(request: Request, pk: int) -> HttpResponse:
    run = _run(request, pk)
    found = looks(run)
    lead = ngettext(
        "There is %(count)s thing to look at.", "There are %(count)s things to look at.", len(found)
    )
    said = lead % {"count": len(found)} if found else _("Nothing stands out.")
    done = _("The bills of %(month)s are approved. They can be issued now.")
    return _confirm(
        request, run, _("Approve the bills of %(month)s?"), said, _("Approve"), running.approve, done
    )


@requires(ISSUE)
def issue(request: Request, pk: int) -> HttpResponse:
    lead = _("They go to those who pay them, the month is closed, and nothing of it can be changed anymore.")
    done = _("The bills of %(month)s are issued.")
    return _confirm(
        request, _run(request, pk), _("Issue the bills of %(month)s?"), lead, _("Issue"), running.issue, done
    )


@requires(RUN)
def drop(request: Request, pk: int) -> HttpResponse:
    lead = _("They are thrown away. The month can be run again at any time.")
    done = _("The bills of %(month)s are dropped.")
    return _confirm(
        request,
        _run(request, pk),
        _("Drop the bills of %(month)s?"),
        lead,
        _("Drop"),
        running.drop,
        done,
        danger=True,
    )


def _confirm(
    request: Request,
    run: Run,
    heading: str,
    lead: str,
    submit: str,
    do: Callable[..., Run],
    told: str,
    *,
    danger: bool = False,
) -> HttpResponse:
    said = {"month": month(run.period.first_on)}
    page = FormPage(heading % said, lead=lead, crumbs=_crumbs(run), submit=submit, danger=danger)
    return answer(
        request, Form(request.POST), lambda: do(run.pk, by=request.user), page=page, told=told % said, to=run
    )


def _run(request: Request, pk: int) -> Run:
    rows = Run.objects.visible_to(request.user).select_related(
        "period", "replaces", "work", "run_by", "approved_by"
    )
    return get_object_or_404(rows, pk=pk)


def _crumbs(*runs: Run) -> list[tuple[str, str]]:
    return [
        (_("Billing periods"), reverse("billing:runs")),
        *((month(run.period.first_on), run.get_absolute_url()) for run in runs),
    ]
