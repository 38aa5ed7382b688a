"""What if: every partner's bills at the rates of a year's costs against today's."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.core.errors import DomainError
from comity.core.fiscal import FiscalYear
from comity.office.services import current_office, today
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.rates import cost_pictures
from comity.rates.capabilities import READ
from comity.rates.periods import closed_until
from comity.rates.services.effects import Effects, effects
from comity.rates.views.costs import crumbs, year_or_404
from comity.ui.money import money, plain_dollars, signed
from comity.ui.tables import Column, Search, Table

LAST_YEAR = "year"


@requires(READ)
@require_safe
def bills(request: Request, pk: int) -> HttpResponseBase:
    """What each partner would pay more or less, of what it used in the last twelve months or fiscal year."""
    year, problem = year_or_404(request, pk), ""
    found = Effects({}, {}, frozenset())
    by_year = request.GET.get("of") == LAST_YEAR
    first, last = _span(by_year=by_year)
    try:
        found = effects(year, first, last)
    except DomainError as error:
        problem = str(error)
    context = {
        "year": year,
        "crumbs": crumbs(year),
        "problem": problem,
        "together": found.together,
        "less": -found.together.more,
        "spans": [
            (_("Last 12 months"), "?", not by_year),
            (_("Last fiscal year"), f"?of={LAST_YEAR}", by_year),
        ],
        "first": first,
        "last": last,
        "most": cost_pictures.most_changed(found),
        "offerings": cost_pictures.changed_offerings(found),
        "without": cost_pictures.names_of(found.without),
    }
    return _table(request, found).respond("rates/bills.html", context)


def _table(request: Request, found: Effects) -> Table:
    """What each partner would pay."""

    def column(name: str, label: str) -> Column:
        said = signed if name == "more" else money

        def cents(row: Partner) -> int:
            return int(getattr(found.partners[row.pk], name))

        return Column(
            name,
            label,
            value=lambda row: said(cents(row)),
            numeric=True,
            csv_value=lambda row: plain_dollars(cents(row)),
        )

    return Table(
        request,
        Partner.objects.visible_to(request.user).filter(pk__in=found.partners),
        name="effects",
        columns=[
            Column("name", link=True),
            Column("code"),
            column("before", _("Today’s rates")),
            column("after", _("These rates")),
            column("more", _("Change")),
        ],
        filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
        default_sort="name",
        export_name="what each bill would change by",
        empty=_("Nothing was billed in these months."),
    )


def _span(*, by_year: bool) -> tuple[date, date]:
    """The last twelve months for which bills are issued, or the last fiscal year that is over."""
    begins = current_office().fiscal_year_start
    if by_year:
        over = FiscalYear(FiscalYear.of(today(), begins).ends_in - 1, begins)
        return over.first_day, over.last_day
    last = closed_until() or today().replace(day=1) - timedelta(days=1)
    after = last + timedelta(days=1)
    return after.replace(year=after.year - 1), last
