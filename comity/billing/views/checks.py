"""What to look at before bills are approved, each with its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext_lazy as _n

from comity.billing.capabilities import READ
from comity.billing.models import Bill, Run
from comity.core.billing.money import half_up
from comity.office.services import words
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.services.models import Offering, Service
from comity.ui.charts import Figures
from comity.ui.components.acts import link
from comity.ui.components.days import month
from comity.ui.money import money, price, signed
from comity.ui.tables.columns import Words, said

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
def page(request: Request, pk: int, slug: str) -> HttpResponse:
    """The rows of one check."""
    run = run_or_404(request, pk)
    check = next((each for each in CHECKS if each.slug == slug), None)
    if check is None:
        raise Http404
    context = {
        "heading": _counted(check.said, check.count(run)),
        "crumbs": crumbs(run),
        "lead": check.lead,
        "figures": check.figures(run),
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
