"""A run of a month's bills: begun, looked at, compared, approved, issued or dropped; and each thing to look at, with its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.utils.translation import ngettext_lazy as _n

from comity.billing import tables
from comity.billing.capabilities import APPROVE, ISSUE, READ, RUN
from comity.billing.forms import RunForm
from comity.billing.models import Bill, Run
from comity.billing.services import exporting, running
from comity.billing.services.checking import differences
from comity.core.billing.money import half_up
from comity.core.errors import DomainError
from comity.editing.answering import FormPage, act, answer, confirm
from comity.imports.pages import list_page
from comity.office.services import words
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.services.models import Offering, Service
from comity.ui.charts import Figures
from comity.ui.components.acts import link
from comity.ui.components.days import month
from comity.ui.components.page import tell
from comity.ui.money import money, price, signed
from comity.ui.tables.columns import Words, said

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


# --- what to look at ---

SET_ASIDE = _n("%(count)s row of usage is set aside.", "%(count)s rows of usage are set aside.", "n")


@dataclass(frozen=True)
class Look:
    """One thing to look at: what is so, and where its rows are."""

    sentence: str
    url: str


def looks(run: Run) -> list[Look]:
    """What stands out in a run: what is not billed first, then what is billed otherwise than before."""
    found = []
    if aside := run.findings["set_aside"]:
        url = f"{reverse('usage:set_aside')}?period={run.period_id}"
        found.append(Look(_counted(SET_ASIDE, aside), url))
    for check in CHECKS:
        if count := check.count(run):
            url = reverse("billing:run_check", args=[run.pk, check.slug])
            found.append(Look(_counted(check.said, count), url))
    # What all lines come to before they are rounded, less what is billed; exact cents.
    if rounding := Fraction(run.findings["raw_cents"] or run.total_cents) - run.total_cents:
        more = _("Rounding each line once makes it %(amount)s more than the exact amounts.")
        less = _("Rounding each line once makes it %(amount)s less than the exact amounts.")
        hundredths = half_up(abs(rounding) * 100)
        sentence = (less if rounding > 0 else more) % {"amount": price(Decimal(hundredths).scaleb(-4))}
        found.append(Look(sentence, reverse("billing:run_lines", args=[run.pk])))
    return found


def run_or_404(request: Request, pk: int) -> Run:
    """A run that this person may see."""
    return row_or_404(request, Run, pk, "period", "replaces", "work", "run_by", "approved_by")


def crumbs(*runs: Run) -> list[tuple[str, str]]:
    """The way to all months, and to one."""
    way = [(_("Billing periods"), reverse("billing:runs"))]
    return [*way, *((month(run.period.first_on), run.get_absolute_url()) for run in runs)]


@requires(READ, "GET")
def check(request: Request, pk: int, slug: str) -> HttpResponse:
    """The rows of one check."""
    run = run_or_404(request, pk)
    asked = next((each for each in CHECKS if each.slug == slug), None)
    if asked is None:
        raise Http404
    context = {
        "heading": _counted(asked.said, asked.count(run)),
        "crumbs": crumbs(run),
        "lead": asked.lead,
        "figures": asked.figures(run),
        "nothing": _("There are none."),
    }
    return render(request, "billing/list.html", context)


def _counted(said: Any, count: int) -> str:
    """What is said of so many."""
    return str(said % {"n": count, "count": f"{count:,}"})


# What a row of a check may say: other rows, by their keys; and what else, as services/checking.py keeps it.
ROWS: dict[str, Any] = {"partner": Partner, "offering": Offering, "service": Service, "bill": Bill}
WORDS = {"partner", "offering", "service", "month", "shared", "figures"}  # they stand first
HEADS = {
    "offering": _l("Offering"),
    "service": _l("Service"),
    "bill": _l("Last bill"),
    "month": _l("Month"),
    "rows": _l("Rows"),
    "shared": _l("Shared amount"),
    "figures": _l("Its figures"),
    "before": _l("Last month"),
    "now": _l("This month"),
    "change": _l("Change"),
}
SAID: dict[str, Callable[[Any], str]] = {
    "bill": lambda bill: money(bill.total_cents),
    "month": lambda first: month(date.fromisoformat(first)),
    "before": money,
    "now": money,
    "change": signed,
}


@dataclass(frozen=True)
class Check:
    """One check: what it says of so many rows, what it shows of each, and what to do."""

    slug: str
    said: Any
    shows: Sequence[str]
    lead: Words = ""

    @property
    def name(self) -> str:
        """As the run keeps it."""
        return self.slug.replace("-", "_")

    def count(self, run: Run) -> int:
        return int(run.findings["counts"][self.name])

    def figures(self, run: Run) -> Figures:
        heads = {**HEADS, "partner": words().Partner}
        rows = [row for row in run.findings[self.name] if row.get("rows", 1)]
        columns = (_cells(run, name, [row[name] for row in rows]) for name in self.shows)
        shown = list(zip(*columns, strict=True))
        return Figures([str(heads[name]) for name in self.shows], shown, words=len(WORDS & set(self.shows)))


def _cells(run: Run, name: str, facts: Sequence[Any]) -> list[str]:
    """One fact of each row of a check, as far as it is known. A partner leads to its bill, where it has one."""
    say: Callable[[Any], str] = SAID.get(name, said)
    if name not in ROWS:
        return [say(fact) for fact in facts]
    found = ROWS[name].objects.in_bulk(set(facts))
    bills = {bill.partner_id: bill for bill in run.bills.all()} if name == "partner" else {}
    leads_to = {pk: bills.get(pk, row).get_absolute_url() for pk, row in found.items()}
    return [link(say(found[pk]), leads_to[pk]) if pk in found else "" for pk in facts]


CHECKS = (
    Check(
        "unrated",
        _n("%(count)s row has no rate on its day.", "%(count)s rows have no rate on their day.", "n"),
        ("partner", "offering", "month", "rows"),
        _l("They are on no bill. Once there is a rate, run the bills again."),
    ),
    Check(
        "below-zero",
        _n("%(count)s row comes to less than nothing.", "%(count)s rows come to less than nothing.", "n"),
        ("partner", "offering", "rows"),
        _l("A quantity below zero has no price, so they are on no bill."),
    ),
    Check(
        "shares",
        _n(
            "%(count)s shared amount has no figures to be split by, or old ones.",
            "%(count)s shared amounts have no figures to be split by, or old ones.",
            "n",
        ),
        ("shared", "figures"),
        _l("What is not billed now is spread over the months that are left of the fiscal year."),
    ),
    Check(
        "missing",
        _n(
            "%(count)s had a bill last month and has none now.",
            "%(count)s had a bill last month and have none now.",
            "n",
        ),
        ("partner", "bill"),
    ),
    Check(
        "moved",
        _n("%(count)s amount moved by more than usual.", "%(count)s amounts moved by more than usual.", "n"),
        ("partner", "offering", "before", "now", "change"),
        _l("What is usual is said in the billing terms. The largest are shown first."),
    ),
    Check(
        "no-center",
        _n(
            "%(count)s offering earns money for no cost center.",
            "%(count)s offerings earn money for no cost center.",
            "n",
        ),
        ("offering", "service"),
        _l("Without the cost center of its service, its income cannot be posted."),
    ),
)
