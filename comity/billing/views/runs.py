"""A run of a month's bills: begun, looked at, compared, approved, issued or dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.billing import tables
from comity.billing.capabilities import APPROVE, ISSUE, READ, RUN
from comity.billing.forms import RunForm
from comity.billing.models import Run
from comity.billing.services import exporting, running
from comity.billing.services.comparing import differences
from comity.billing.views.checks import crumbs, looks, run_or_404
from comity.core.errors import DomainError
from comity.editing.answering import FormPage, act, answer, confirm
from comity.imports.pages import list_page
from comity.office.services import words
from comity.people.access import Request, requires
from comity.ui.charts import Figures
from comity.ui.components.acts import link
from comity.ui.components.days import month
from comity.ui.components.page import tell
from comity.ui.money import money, signed

MOST_SHOWN = 500


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    acts = [
        (_("Billing terms"), reverse("billing:terms"), RUN),
        (_("Run a month"), reverse("billing:new_run"), RUN),
    ]
    return list_page(request, tables.runs_table(request), _("Billing periods"), acts=acts)


@requires(RUN)
def new(request: Request) -> HttpResponse:
    """Run a month."""
    form = RunForm(request.POST or None)
    page = FormPage(
        _("Run the bills of a month"),
        lead=_("This makes a draft, which nobody outside the office sees. Somebody else approves it."),
        crumbs=crumbs(),
        submit=_("Run"),
    )
    return answer(request, form, lambda: running.run(form.period(), by=request.user), page=page)


@requires(READ, "GET")
def page(request: Request, pk: int) -> HttpResponseBase:
    """What a month comes to: what to look at first, then by service, then bills."""
    run, user = run_or_404(request, pk), request.user
    may_approve, own = run.state == Run.State.DRAFT and user.can(APPROVE), run.run_by_id == user.pk
    context = {
        "run": run,
        "count": run.bills.count(),
        "looks": looks(run),
        "services": _by_service(run),
        "sign": tables.state_sign(run),
        "own": may_approve and own,
        "may_approve": may_approve and not own,
        "may_issue": run.state == Run.State.APPROVED and user.can(ISSUE),
        "may_run": user.can(RUN),
    }
    return tables.bills_of_run_table(request, run).respond("billing/run.html", context)


def _by_service(run: Run) -> Figures:
    """What each service comes to, beside the month before: as counted when the bills were made."""
    last = Run.objects.last_before(run.period.first_on)
    kept = [of.findings["services"] if of else [] for of in (run, last)]
    now, before = ({each["service"]: each for each in services} for services in kept)

    def row(name: str, services: Iterable[int]) -> tuple[str, ...]:
        count = sum(now[pk]["lines"] for pk in services if pk in now)
        cents, was = (sum(of[pk]["cents"] for pk in services if pk in of) for of in (now, before))
        return name, f"{count:,}", money(was), money(cents), signed(cents - was)

    lines, every = reverse("billing:run_lines", args=[run.pk]), {**before, **now}
    in_order = sorted(every, key=lambda pk: every[pk]["name"].casefold())
    links = {pk: f"{lines}?service={pk}" if pk in now else "" for pk in in_order}
    rows = [row(link(every[pk]["name"], url), [pk]) for pk, url in links.items()]
    head = (_("Service"), _("Lines"), _("Last month"), _("This month"), _("Change"))
    return Figures(head, rows, row(_("Total"), in_order))


@requires(READ, "GET")
def lines(request: Request, pk: int) -> HttpResponseBase:
    """All lines of a run."""
    run = run_or_404(request, pk)
    heading = _("All lines of %(month)s") % {"month": month(run.period.first_on)}
    return list_page(request, tables.lines_table(request, run), heading, crumbs=crumbs(run))


@requires(READ, "GET")
def changes(request: Request, pk: int) -> HttpResponse:
    """What came out otherwise than in the draft that the run replaced."""
    run = run_or_404(request, pk)
    if run.replaces is None:
        raise Http404
    found = differences(run)
    rows = [
        (
            str(each.line.bill.partner),
            link(each.line, each.line.get_absolute_url() if each.now else ""),
            each.why,
            money(each.cents_before),
            money(each.cents),
            signed(each.cents - each.cents_before),
        )
        for each in found[:MOST_SHOWN]
    ]
    head = (words().Partner, _("What"), _("Why"), _("Before"), _("Now"), _("Change"))
    heading = ngettext(
        "%(count)s charge differs from the draft before",
        "%(count)s charges differ from the draft before",
        len(found),
    )
    lead = _("Both were made from the same usage, rates and figures.")
    if what := running.changed(run.inputs, run.replaces.inputs):
        lead = _("Since then this changed: %(what)s.") % {"what": ", ".join(what)}
    more = _("and %(shown)s smaller ones") % {"shown": f"{len(found) - MOST_SHOWN:,}"}
    context = {
        "heading": heading % {"count": f"{len(found):,}"},
        "crumbs": crumbs(run),
        "lead": lead,
        "figures": Figures(head, rows, words=3),
        "nothing": _("Every line came out the same, to the cent."),
        "more": more if len(found) > MOST_SHOWN else "",
    }
    return render(request, "billing/list.html", context)


@requires(RUN, "GET")
def export(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """The run for other systems."""
    run = run_or_404(request, pk)
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


@requires(RUN, "POST")
def again(request: Request, pk: int) -> HttpResponse:
    """Run the month once more."""
    run = run_or_404(request, pk)
    return act(request, lambda: running.run(run.period, by=request.user), refused_to=run)


@requires(APPROVE)
def approve(request: Request, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    count = len(looks(run))
    lead = ngettext("There is %(count)s thing to look at.", "There are %(count)s things to look at.", count)
    lead = lead % {"count": count} if count else _("Nothing stands out.")
    page = FormPage(_("Approve the bills of %(month)s?"), lead=lead, submit=_("Approve"))
    told = _("The bills of %(month)s are approved. They can be issued now.")
    return _confirm(request, run, page, running.approve, told)


@requires(ISSUE)
def issue(request: Request, pk: int) -> HttpResponse:
    lead = _("They go to those who pay them, the month is closed, and nothing of it can be changed anymore.")
    page = FormPage(_("Issue the bills of %(month)s?"), lead=lead, submit=_("Issue"))
    told = _("The bills of %(month)s are issued.")
    return _confirm(request, run_or_404(request, pk), page, running.issue, told)


@requires(RUN)
def drop(request: Request, pk: int) -> HttpResponse:
    lead = _("They are thrown away. The month can be run again at any time.")
    page = FormPage(_("Drop the bills of %(month)s?"), lead=lead, submit=_("Drop"), danger=True)
    told = _("The bills of %(month)s are dropped.")
    return _confirm(request, run_or_404(request, pk), page, running.drop, told)


def _confirm(request: Request, run: Run, page: FormPage, do: Callable[..., Run], told: str) -> HttpResponse:
    said = {"month": month(run.period.first_on)}
    page = replace(page, heading=page.heading % said, crumbs=crumbs(run))
    return confirm(request, page, lambda: do(run.pk, by=request.user), told=told % said, to=run)
