"""An entry of the catalog as its reader needs it: what it says, what it costs whom, what was used of it last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Abs
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comity.billing.models import Bill, Line, Run
from comity.briefing.last_bills import last_bills
from comity.core.billing.plans import Plan, rate
from comity.levels.models import AVAILABILITY, MEASURES, OF_TICKETS, Month, Result, Target
from comity.levels.services.reports import by_service
from comity.office.services import words
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates import sheet
from comity.rates.models import RateVersion
from comity.services.models import CustomerClass, Offering, Service, in_language
from comity.services.services import Difference, differences, label_of, named
from comity.tickets.models import PLAIN, Ticket
from comity.ui.components.acts import link
from comity.ui.components.days import month
from comity.ui.money import quantity

EMPLOYEES = 100  # of a body nobody knows
NEAREST, FEWEST = 9, 5  # so many of about the same size are looked at; of fewer nothing is said
MOST_REQUESTS = 5
PER_HEAD = {Offering.Unit.USER_MONTH, Offering.Unit.ADDRESS_MONTH, Offering.Unit.FTE}


@dataclass(frozen=True)
class Reader:
    """For whom an entry is worked out.

    user       None for anybody
    partner    whose price, use and contact are shown; None for the office and for anybody
    employees  the size of the example; `said`, where the reader chose it
    """

    user: User | None
    partner: Partner | None
    employees: int
    said: bool


def texts_of(facts: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What an entry says: of what, in which words, and their language where that is not the page's."""
    spanish = (get_language() or "en").startswith("es")
    return [
        (label_of(name), text, "en" if spanish and not facts.get(f"{name}_es") else "")
        for name in Service.TEXTS
        if (text := in_language(facts, name))
    ]


def changes_of(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """What is new in an entry, in the language of the reader."""
    lists = ("data_classes", "needs")

    def read(facts: dict[str, Any]) -> dict[str, Any]:
        said = {name: in_language(facts, name) for name in ("promise", *Service.TEXTS)}
        return {**said, **{name: facts.get(name, []) for name in lists}}

    return differences(read(before), read(after))


def chosen_by(facts: dict[str, Any], name: str) -> list[Any]:
    """The rows of a list that an entry names."""
    return named(name, facts.get(name, []))


# --- what it costs ---


def prices(service: Service, reader: Reader, on: date) -> list[RateVersion]:
    """The rates that hold: those that the partner pays, or all there are."""
    if reader.partner:
        return _paid(service, reader.partner, on)
    return list(_rates(service, sheet.sheet_on(on, reader.user)))


def announced(service: Service, reader: Reader, on: date) -> list[sheet.Changed]:
    """The rates that begin later, each with what it follows."""
    return [each for each in sheet.coming(on, reader.user) if each.rate.offering.service_id == service.pk]


def whose(reader: Reader) -> str:
    """Of whom an example is."""
    said = {"partner": str(reader.partner or _("someone")), "count": f"{reader.employees:,}"}
    return (
        ngettext(
            "A month of %(partner)s with %(count)s employee.",
            "A month of %(partner)s with %(count)s employees.",
            reader.employees,
        )
        % said
    )


def _rates(service: Service, rows: Any) -> QuerySet[RateVersion]:
    found: QuerySet[RateVersion] = rows.filter(offering__service=service, offering__retired_on=None)
    return found


@dataclass(frozen=True)
class Example:
    """One line of an example bill: of what, how much of it and why so much, and what that costs."""

    offering: Offering
    quantity: str
    why: str
    cents: int


def example(rates: list[RateVersion], bill: list[Line], reader: Reader) -> list[Example]:
    """What a month costs a body of the reader's size at these rates; without what nobody can tell.

    bill  the lines of the partner's last one
    """
    found = []
    own = {} if reader.said else {line.offering_id: line for line in bill}
    last = Run.objects.filter(state=Run.State.ISSUED).select_related("period").first()
    for rate_ in rates if reader.partner else [each for each in rates if each.customer_class is None]:
        if said := _quantity(rate_.offering, own.get(rate_.offering_id), reader, last):
            amount, why, cents = said
            if isinstance(rate_.terms, Plan):
                cents = rate(rate_.terms, {"": amount}).cents
            shown = quantity(amount) if rate_.basis == RateVersion.Basis.UNITS else ""
            found.append(Example(rate_.offering, shown, why, cents))
    return found


def _paid(service: Service, partner: Partner, on: date) -> list[RateVersion]:
    """The one rate of each offering that a partner pays."""
    own = CustomerClass.objects.of([partner])[partner.pk]
    rows = RateVersion.objects.on(on).select_related("offering__service", "customer_class")
    found: dict[int, RateVersion] = {}
    for each in _rates(service, rows).order_by(
        "offering__sort_name", F("customer_class").asc(nulls_first=True)
    ):
        kinds = each.offering.kinds
        if (not kinds or partner.kind in kinds) and each.customer_class in {None, own}:
            found[each.offering_id] = each
    return list(found.values())


def _quantity(
    offering: Offering, own: Line | None, reader: Reader, last: Run | None
) -> tuple[Decimal, str, int] | None:
    """How much of it in a month, why so much, and in cents what others paid for that."""
    if own is not None:
        said = {"month": month(own.month)}
        return own.quantity, _("as on your bill for %(month)s") % said, own.cents
    count = {"count": f"{reader.employees:,}"}
    if offering.unit in PER_HEAD and offering.funding != Offering.Funding.ALLOCATED:
        return Decimal(reader.employees), _("one for each of %(count)s employees") % count, 0
    others = _like(offering, reader.employees, last)
    if len(others) < FEWEST or last is None:
        return None
    middle = others[(len(others) - 1) // 2]
    said = {"count": str(len(others)), "partners": words().partners, "month": month(last.period.first_on)}
    why = _("the middle of what the %(count)s %(partners)s nearest in size had in %(month)s") % said
    return middle[0], why, middle[1]


def _like(offering: Offering, employees: int, last: Run | None) -> list[tuple[Decimal, int]]:
    """Quantity and cents of those nearest in size, the least first."""
    rows = Line.objects.filter(
        bill__run=last, offering=offering, kind__in=Line.OWN, bill__partner__headcount__gt=0
    )
    near = rows.annotate(far=Abs(F("bill__partner__headcount") - employees)).order_by("far", "pk")
    return sorted(near.values_list("quantity", "cents")[:NEAREST])


# --- what was used, and who is there ---


def used(service: Service, reader: Reader) -> list[Line]:
    """The lines of the partner's last bill that are of the service."""
    if reader.partner is None or reader.user is None:
        return []
    bills: list[Bill] = [each.bill for each in last_bills([reader.partner], reader.user)]
    rows = Line.objects.filter(bill__in=bills, offering__service=service, kind__in=Line.OWN)
    return list(rows.select_related("offering", "bill"))


def levels(service: Service, reader: Reader, on: date) -> list[tuple[str, list[str]]]:
    """What is promised of it, each with what the last closed month came to: for the partner, or for all together."""
    targets = Target.objects.filter(service=service, offering=None, starts_on__lte=on)
    target = targets.order_by("-starts_on").first()
    if target is None:
        return []
    rows = Result.objects.closed().filter(service=service)
    if reader.partner and reader.user:
        rows = rows.visible_to(reader.user).filter(partner=reader.partner)
    last = Month.objects.frozen().filter(pk__in=rows.order_by().values("month")).order_by("-first").first()
    found = by_service(rows.filter(month=last)) if last else []
    measured = {name: share.full for _service, shares, _up in found for name, share in shares.items()}
    promised = {name: target.goal_words(name) for name in OF_TICKETS}
    if target.availability is not None:
        promised[AVAILABILITY] = _("at least %(percent)s%%") % {"percent": quantity(target.availability)}
        measured[AVAILABILITY] = next((up for _service, _shares, up in found), "")
    month_of = {"month": month(last.first)} if last else {}
    return [
        (
            str(MEASURES[name]),
            [words, *([_("%(month)s: %(share)s") % {**month_of, "share": share}] if share else [])],
        )
        for name, words in promised.items()
        if words
        for share in [measured.get(name, "")]
    ]


def solved_in_time(keys: list[int], user: User) -> dict[int, str]:
    """What the last closed month came to for some services, each a link to its results."""
    last = Month.objects.frozen().order_by("-first").first()
    rows = Result.objects.visible_to(user).filter(month=last, service__in=keys)
    return {
        service.pk: link(shares["resolution"].words, f"{last.get_absolute_url()}?service={service.pk}")
        for service, shares, _up in (by_service(rows) if last else [])
        if last and shares["resolution"].counted
    }


def askable(service: Service, reader: Reader) -> list[tuple[str, str]]:
    """What the partner’s people can ask for on a form, and where."""
    if reader.partner is None or reader.user is None:
        return []
    rows = Offering.objects.visible_to(reader.user).filter(service=service)
    asked = rows.filter(request_forms__published_at__isnull=False).distinct()
    return [(each.name, reverse("requests:ask", args=[each.pk])) for each in asked]


def requests(service: Service, reader: Reader) -> list[tuple[str, str, str]]:
    """What the partner asked for and waits for: what, where it stands, and where that is."""
    if reader.partner is None or reader.user is None:
        return []
    rows = Ticket.objects.visible_to(reader.user).open().filter(service=service, partner=reader.partner)
    return [
        (each.title, f"{each.number} · {PLAIN[each.state]}", reverse("tickets:portal_ticket", args=[each.pk]))
        for each in rows.filter(kind=Ticket.Kind.REQUEST).order_by("-opened_at", "-pk")[:MOST_REQUESTS]
    ]
