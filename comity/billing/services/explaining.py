"""Why a bill differs from the one before it: the charges of both, a cause for each cent, and the words for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from comity.billing.models import Bill, Line
from comity.core.billing.change import OF_BOTH, Cause, Charged, Step, differences
from comity.people.models import User
from comity.ui.components.days import month, near_month
from comity.ui.money import money, signed

NAMED = 2  # offerings that the sentence of a cause names
# Each cause by its name, and what happened: where it made the bill dearer, and where it made it cheaper.
WORDS = {
    Cause.PRICE: (_l("Price"), _l("the rate of %(name)s rose"), _l("the rate of %(name)s fell")),
    Cause.VOLUME: (_l("Volume"), _l("more of %(name)s was used"), _l("less of %(name)s was used")),
    Cause.MIX: (
        _l("Mix"),
        _l("more of %(name)s fell into dearer tiers or accounts"),
        _l("more of %(name)s fell into cheaper tiers or accounts"),
    ),
    Cause.NEW: (_l("New"), *(_l("%(name)s is new"),) * 2),
    Cause.GONE: (_l("Gone"), *(_l("%(name)s is no longer on the bill"),) * 2),
    Cause.LATE: (
        _l("Late"),
        _l("more late usage of %(name)s came in"),
        _l("less late usage of %(name)s came in"),
    ),
    Cause.CREDIT: (
        _l("Corrections"),
        _l("corrections of earlier bills add more for %(name)s"),
        _l("corrections of earlier bills take off more for %(name)s"),
    ),
}


@dataclass(frozen=True)
class Because:
    """One cause: what it came to over all offerings, and a sentence that names the largest."""

    label: str
    cents: int
    sentence: str


@dataclass(frozen=True)
class Explained:
    """A bill beside the one before it.

    names   of the offerings of both, by their keys: that of the service, where it stands there with one alone
    steps   what explains the difference, to the cent; none without a bill before
    """

    bill: Bill
    lines: list[Line]
    before: Bill | None
    lines_before: list[Line]

    @property
    def change(self) -> int:
        return self.bill.total_cents - (self.before.total_cents if self.before else 0)

    @property
    def month(self) -> str:
        return month(self.bill.run.period.first_on)

    @property
    def month_before(self) -> str:
        """The month of the bill before; "" without one. Without its year, where that is the same."""
        first = self.bill.run.period.first_on
        return near_month(self.before.run.period.first_on, first) if self.before else ""

    @cached_property
    def names(self) -> dict[str, str]:
        offerings = {line.offering_id: line.offering for line in (*self.lines_before, *self.lines)}
        several = Counter(offering.service_id for offering in offerings.values())
        return {
            str(key): one.full_name if several[one.service_id] > 1 else str(one.service)
            for key, one in offerings.items()
        }

    @cached_property
    def steps(self) -> list[Step]:
        return differences(charged(self.lines_before), charged(self.lines)) if self.before else []

    @cached_property
    def causes(self) -> list[Because]:
        """The steps by their causes."""
        found = []
        for cause, steps in groupby(self.steps, key=lambda step: step.cause):
            some = list(steps)
            said = [f"{self.clause(step)} ({signed(step.cents)})" for step in some[:NAMED]]
            if more := some[NAMED:]:
                rest = ngettext("and %(count)s more (%(cents)s)", "and %(count)s more (%(cents)s)", len(more))
                said.append(rest % {"count": len(more), "cents": signed(sum(step.cents for step in more))})
            total = sum(step.cents for step in some)
            found.append(Because(str(WORDS[cause][0]), total, f"{capfirst('; '.join(said))}."))
        return found

    def clause(self, step: Step) -> str:
        """What happened, as part of a sentence."""
        _label, dearer, cheaper = WORDS[step.cause]
        return str(cheaper if step.cents < 0 else dearer) % {"name": self.names[step.offering]}

    @property
    def sentence(self) -> str:
        """What matters of the bill, in a sentence."""
        said = {"total": money(self.bill.total_cents), "month": self.month, "before": self.month_before}
        if self.bill.total_cents < 0:
            said["total"] = _("A credit of %(total)s") % {"total": money(-self.bill.total_cents)}
        if not self.lines:
            return _("Nothing to pay for %(month)s.") % said
        if self.before is None:
            return _("%(total)s for %(month)s.") % said
        if not self.change:
            return _("%(total)s for %(month)s, the same as %(before)s.") % said
        said["change"] = money(abs(self.change))
        compared = _("%(total)s for %(month)s, %(change)s less than %(before)s")
        if self.change > 0:
            compared = _("%(total)s for %(month)s, %(change)s more than %(before)s")
        # The step that weighs most of those in the direction of the whole.
        biggest = max(self.steps, key=lambda step: step.cents * (1 if self.change > 0 else -1))
        words = _("%(compared)s, first because %(clause)s.")
        if 2 * abs(biggest.cents) > abs(self.change):
            words = _("%(compared)s, mostly because %(clause)s.")
        return words % {"compared": compared % said, "clause": self.clause(biggest)}

    @cached_property
    def changes(self) -> dict[int, int]:
        """What an offering costs more than on the bill before, by its first line; nothing of what was not on it."""
        change: Counter[str] = Counter()
        for step in self.steps:
            if step.cause in OF_BOTH:
                change[step.offering] += step.cents
        before = {line.offering_id for line in self.lines_before if line.is_own}
        first = {line.offering_id: line.pk for line in reversed(self.lines) if line.is_own}
        return {pk: change[str(key)] for key, pk in first.items() if key in before}


def explained(bill: Bill, user: User) -> Explained:
    """The bill and what explains it, as far as this person may see both; three queries. `bill` comes with its run's period."""
    theirs = Bill.objects.visible_to(user).filter(partner=bill.partner_id)
    earlier = theirs.filter(run__period__first_on__lt=bill.run.period.first_on)
    before = earlier.select_related("run__period").order_by("-run__period__first_on").first()
    rows = Line.objects.filter(bill__in=[bill, before] if before else [bill])
    # What was used this month stands before what is late or corrected.
    order = ("offering__service__sort_name", "offering__sort_name", "-month", "pk")
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in rows.select_related("offering__service", "rate", "corrects").order_by(*order):
        lines[line.bill_id].append(line)
    return Explained(bill, lines[bill.pk], before, lines[before.pk] if before else [])


def charged(lines: Iterable[Line]) -> list[Charged]:
    """Lines, as far as a difference hangs on them."""
    earlier = {Line.Kind.LATE: Cause.LATE, Line.Kind.ADJUSTMENT: Cause.CREDIT}
    return [
        Charged(
            str(line.offering_id),
            line.cents,
            Fraction(line.quantity),
            line.plan,
            tuple(Fraction(part["units"]) for part in line.parts),
            earlier.get(Line.Kind(line.kind)),
        )
        for line in lines
    ]
