"""What to look at before bills are approved, each with its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext_lazy as _n

from comity.billing.capabilities import READ
from comity.billing.models import Run
from comity.billing.services.checking import last_issued
from comity.core.billing.money import half_up
from comity.office.services import words
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.services.models import Offering
from comity.ui.charts import Figures
from comity.ui.components.acts import link
from comity.ui.components.days import month
from comity.ui.money import money, price, signed

SET_ASIDE = _n("%(count)s row of usage is set aside.", "%(count)s rows of usage are set aside.", "n")


@dataclass(frozen=True)
class Look:
    """One thing to look at: what is so, and where its rows are."""

    sentence: str
    url: str


def looks(run: Run) -> list[Look]:
    """What stands out in a run: what is not billed first, then what is billed otherwise than before."""
    found = []
    if aside := run.checks.get("set_aside", 0):
        url = f"{reverse('usage:set_aside')}?period={run.period_id}"
        found.append(Look(_counted(SET_ASIDE, aside), url))
    for slug, check in CHECKS.items():
        if count := check.count(run.checks):
            found.append(Look(_counted(check.said, count), reverse("billing:run_check", args=[run.pk, slug])))
    # What all lines come to before they are rounded, less what is billed; exact cents.
    if rounding := Fraction(run.checks.get("raw_cents", run.total_cents)) - run.total_cents:
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
    if slug not in CHECKS:
        raise Http404
    check = CHECKS[slug]
    context = {
        "heading": _counted(check.said, check.count(run.checks)),
        "crumbs": crumbs(run),
        "lead": check.lead,
        "figures": check.rows(run),
        "nothing": _("There are none."),
    }
    return render(request, "billing/list.html", context)


@dataclass(frozen=True)
class Check:
    """A check: how many rows it found, what it says of them, the rows, and what to do."""

    count: Callable[[dict[str, Any]], int]
    said: Any
    rows: Callable[[Run], Figures]
    lead: str | Promise = ""


def _counted(said: Any, count: int) -> str:
    """What is said of so many."""
    return str(said % {"n": count, "count": f"{count:,}"})


def _rows(said: Iterable[dict[str, Any]]) -> int:
    return sum(each["rows"] for each in said)


def _offerings(pks: Iterable[int]) -> dict[int, SafeString]:
    """Offerings by their keys, each a link to it."""
    return {pk: _linked(row) for pk, row in Offering.objects.in_bulk(set(pks)).items()}


def _partners(pks: Iterable[int]) -> dict[int, SafeString]:
    return {pk: _linked(row) for pk, row in Partner.objects.in_bulk(set(pks)).items()}


def _linked(row: Any) -> SafeString:
    return link(row, row.get_absolute_url())


def _unrated(run: Run) -> Figures:
    said = [each for each in run.checks.get("unrated", ()) if each["rows"]]
    known = _offerings(each["offering"] for each in said)
    rows = [
        (known[each["offering"]], month(date.fromisoformat(each["month"])), f"{each['rows']:,}")
        for each in said
    ]
    return Figures((_("Offering"), _("Month"), _("Rows")), rows)


def _below_zero(run: Run) -> Figures:
    said = run.checks.get("below_zero", ())
    known = _offerings(each["offering"] for each in said)
    partners = _partners(each["partner"] for each in said)
    rows = [(partners[each["partner"]], known[each["offering"]], f"{each['rows']:,}") for each in said]
    return Figures((words().Partner, _("Offering"), _("Rows")), rows)


def _shares(run: Run) -> Figures:
    rows = [(sentence, _("not billed")) for sentence in run.checks.get("without", ())]
    rows += [(sentence, _("older than a year")) for sentence in run.checks.get("stale", ())]
    return Figures((_("Shared amount"), _("Its figures")), rows)


def _missing(run: Run) -> Figures:
    bills = last_issued(run.period.first_on).filter(partner__in=run.checks.get("missing", ()))
    rows = [
        (_linked(bill.partner), link(money(bill.total_cents), bill.get_absolute_url()))
        for bill in bills.select_related("partner")
    ]
    return Figures((words().Partner, _("Last bill")), rows)


def _moved(run: Run) -> Figures:
    said = run.checks.get("moved", ())
    known, partners = _offerings(each[1] for each in said), _partners(each[0] for each in said)
    bills = run.bills.filter(partner__in=partners).select_related("partner")
    partners |= {bill.partner_id: link(bill.partner, bill.get_absolute_url()) for bill in bills}
    rows = [
        (partners[partner], known[offering], money(before), money(now), signed(now - before))
        for partner, offering, before, now in said
    ]
    return Figures((words().Partner, _("Offering"), _("Last month"), _("This month"), _("Change")), rows)


def _no_center(run: Run) -> Figures:
    known = Offering.objects.filter(pk__in=run.checks.get("no_center", ())).select_related("service")
    return Figures((_("Offering"), _("Service")), [(_linked(each), _linked(each.service)) for each in known])


CHECKS = {
    "unrated": Check(
        lambda said: _rows(said.get("unrated", ())),
        _n("%(count)s row has no rate on its day.", "%(count)s rows have no rate on their day.", "n"),
        _unrated,
        _l("They are on no bill. Once there is a rate, run the bills again."),
    ),
    "below-zero": Check(
        lambda said: _rows(said.get("below_zero", ())),
        _n("%(count)s row comes to less than nothing.", "%(count)s rows come to less than nothing.", "n"),
        _below_zero,
        _l("A quantity below zero has no price, so they are on no bill."),
    ),
    "shares": Check(
        lambda said: len(said.get("without", ())) + len(said.get("stale", ())),
        _n(
            "%(count)s shared amount has no figures to be split by, or old ones.",
            "%(count)s shared amounts have no figures to be split by, or old ones.",
            "n",
        ),
        _shares,
        _l("What is not billed now is spread over the months that are left of the fiscal year."),
    ),
    "missing": Check(
        lambda said: len(said.get("missing", ())),
        _n(
            "%(count)s had a bill last month and has none now.",
            "%(count)s had a bill last month and have none now.",
            "n",
        ),
        _missing,
    ),
    "moved": Check(
        lambda said: said.get("moved_count", 0),
        _n("%(count)s amount moved by more than usual.", "%(count)s amounts moved by more than usual.", "n"),
        _moved,
        _l("What is usual is said in the billing terms. The largest are shown first."),
    ),
    "no-center": Check(
        lambda said: len(said.get("no_center", ())),
        _n(
            "%(count)s offering earns money for no cost center.",
            "%(count)s offerings earn money for no cost center.",
            "n",
        ),
        _no_center,
        _l("Without the cost center of its service, its income cannot be posted."),
    ),
}
