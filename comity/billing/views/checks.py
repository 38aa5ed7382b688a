"""What to look at before bills are approved, each with its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.billing.capabilities import READ
from comity.billing.models import Run
from comity.billing.services.checking import last_issued
from comity.core.billing.money import half_up
from comity.office.services import words
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.services.models import Offering
from comity.ui.charts import Figures
from comity.ui.components.days import month
from comity.ui.money import money, price, signed


@dataclass(frozen=True)
class Look:
    """One thing to look at: what is so, and where its rows are."""

    sentence: str
    url: str


def looks(run: Run) -> list[Look]:
    """What stands out in a run: what is not billed first, then what is billed otherwise than before."""
    aside = run.checks.get("set_aside", 0)
    found = []
    if aside:
        words_of = ngettext(
            "%(count)s row of usage is set aside.", "%(count)s rows of usage are set aside.", aside
        )
        url = f"{reverse('usage:set_aside')}?period={run.period_id}"
        found.append(Look(words_of % {"count": f"{aside:,}"}, url))
    for slug, check in CHECKS.items():
        if count := check.count(run.checks):
            sentence = check.sentence(count) % {"count": f"{count:,}"}
            found.append(Look(sentence, reverse("billing:run_check", args=[run.pk, slug])))
    if rounding := raw_less_billed(run):
        more = _("Rounding each line once makes it %(amount)s more than the exact amounts.")
        less = _("Rounding each line once makes it %(amount)s less than the exact amounts.")
        sentence = (less if rounding > 0 else more) % {"amount": cents_exactly(abs(rounding))}
        found.append(Look(sentence, reverse("billing:run_lines", args=[run.pk])))
    return found


def raw_less_billed(run: Run) -> Fraction:
    """What all lines come to before they are rounded, less what is billed; exact cents."""
    return Fraction(run.checks.get("raw_cents", run.total_cents)) - run.total_cents


def cents_exactly(cents: Fraction) -> str:
    """To the hundredth of a cent."""
    return price(Decimal(half_up(cents * 100)).scaleb(-4))


@requires(READ)
@require_safe
def page(request: Request, pk: int, slug: str) -> HttpResponse:
    """The rows of one check."""
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("period"), pk=pk)
    check = CHECKS.get(slug)
    if check is None:
        raise Http404
    count = check.count(run.checks)
    heading = check.sentence(count) % {"count": f"{count:,}"}
    context = {"run": run, "heading": heading, "lead": check.lead, "figures": check.rows(run)}
    return render(request, "billing/run_check.html", context)


@dataclass(frozen=True)
class Check:
    """A check: how many rows it found, what it says of them, what to do, and the rows."""

    count: Callable[[dict[str, Any]], int]
    sentence: Callable[[int], str]
    rows: Callable[[Run], Figures]
    lead: str | Promise


def _linked(row: Any) -> str:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row)


def _offerings(pks: set[int]) -> dict[int, Offering]:
    return Offering.objects.select_related("service").in_bulk(pks)


def _unrated(run: Run) -> Figures:
    said = [each for each in run.checks.get("unrated", ()) if each["rows"]]
    known = _offerings({each["offering"] for each in said})
    rows = [
        (_linked(known[each["offering"]]), month(date.fromisoformat(each["month"])), f"{each['rows']:,}")
        for each in said
    ]
    return Figures((_("Offering"), _("Month"), _("Rows")), rows)


def _below_zero(run: Run) -> Figures:
    said = run.checks.get("below_zero", ())
    known = _offerings({each["offering"] for each in said})
    partners = Partner.objects.in_bulk({each["partner"] for each in said})
    rows = [
        (_linked(partners[each["partner"]]), _linked(known[each["offering"]]), f"{each['rows']:,}")
        for each in said
    ]
    return Figures((words().Partner, _("Offering"), _("Rows")), rows)


def _shares(run: Run) -> Figures:
    rows = [(sentence, _("not billed")) for sentence in run.checks.get("without", ())]
    rows += [(sentence, _("older than a year")) for sentence in run.checks.get("stale", ())]
    return Figures((_("Shared amount"), _("Its figures")), rows)


def _missing(run: Run) -> Figures:
    bills = last_issued(run.period.first_on).filter(partner__in=run.checks.get("missing", ()))
    rows = [
        (
            _linked(bill.partner),
            format_html('<a href="{}">{}</a>', bill.get_absolute_url(), money(bill.total_cents)),
        )
        for bill in bills.select_related("partner")
    ]
    return Figures((words().Partner, _("Last bill")), rows)


def _moved(run: Run) -> Figures:
    said = run.checks.get("moved", ())
    partners = Partner.objects.in_bulk({each[0] for each in said})
    known = _offerings({each[1] for each in said})
    bills = dict(run.bills.values_list("partner", "pk"))
    rows = []
    for partner, offering, before, now in said:
        name = str(partners[partner])
        if partner in bills:
            name = format_html('<a href="{}">{}</a>', reverse("billing:bill", args=[bills[partner]]), name)
        rows.append((name, str(known[offering]), money(before), money(now), signed(now - before)))
    return Figures((words().Partner, _("Offering"), _("Last month"), _("This month"), _("Change")), rows)


def _no_center(run: Run) -> Figures:
    known = _offerings(set(run.checks.get("no_center", ()))).values()
    return Figures((_("Offering"), _("Service")), [(_linked(each), _linked(each.service)) for each in known])


CHECKS = {
    "unrated": Check(
        lambda said: sum(each["rows"] for each in said.get("unrated", ())),
        lambda count: ngettext(
            "%(count)s row has no rate on its day.", "%(count)s rows have no rate on their day.", count
        ),
        _unrated,
        _l("They are on no bill. Once there is a rate, run the bills again."),
    ),
    "below-zero": Check(
        lambda said: sum(each["rows"] for each in said.get("below_zero", ())),
        lambda count: ngettext(
            "%(count)s row comes to less than nothing.", "%(count)s rows come to less than nothing.", count
        ),
        _below_zero,
        _l("A quantity below zero has no price, so they are on no bill."),
    ),
    "shares": Check(
        lambda said: len(said.get("without", ())) + len(said.get("stale", ())),
        lambda count: ngettext(
            "%(count)s shared amount has no figures to be split by, or old ones.",
            "%(count)s shared amounts have no figures to be split by, or old ones.",
            count,
        ),
        _shares,
        _l("What is not billed now is spread over the months that are left of the fiscal year."),
    ),
    "missing": Check(
        lambda said: len(said.get("missing", ())),
        lambda count: ngettext(
            "%(count)s had a bill last month and has none now.",
            "%(count)s had a bill last month and have none now.",
            count,
        ),
        _missing,
        "",
    ),
    "moved": Check(
        lambda said: said.get("moved_count", 0),
        lambda count: ngettext(
            "%(count)s amount moved by more than usual.", "%(count)s amounts moved by more than usual.", count
        ),
        _moved,
        _l("What is usual is said in the billing terms. The largest are shown first."),
    ),
    "no-center": Check(
        lambda said: len(said.get("no_center", ())),
        lambda count: ngettext(
            "%(count)s offering earns money for no cost center.",
            "%(count)s offerings earn money for no cost center.",
            count,
        ),
        _no_center,
        _l("Without the cost center of its service, its income cannot be posted."),
    ),
}
