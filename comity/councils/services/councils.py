"""Keeping councils and their seats, and whether those who sit there are like those whom the office serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.core.health import half_up
from comity.councils.capabilities import READ
from comity.councils.models import Council, Seat
from comity.editing.keeping import Keeping
from comity.office.services import today
from comity.partners.bands import SIZE, Branch, Size, branch_of, size_of
from comity.partners.models import Partner, Person
from comity.people.models import User


def check_council(council: Council) -> None:
    """Tidied, and with its days in order. Raises DomainError."""
    council.name = " ".join(council.name.split())
    if council.ends_on and council.ends_on < council.begun_on:
        raise DomainError(_("It cannot end before it begins."), "ends_on")


def check_seat(seat: Seat) -> None:
    """Of a partner that is served, and of somebody who has no other seat there at the time. Raises DomainError."""
    Council.objects.select_for_update().get(pk=seat.council_id)  # two at once would not see each other
    partner, person, day = seat.partner, seat.person, today()
    gone = partner.merged_into_id or partner.status == Partner.Status.FORMER
    if gone and seat.state(day) != Seat.State.ENDED:
        raise DomainError(_("%(name)s is no longer served.") % {"name": partner}, "partner")
    if seat.ends_on and seat.ends_on <= seat.begins_on:
        raise DomainError(_("A term ends after it begins."), "ends_on")
    if person is None:
        return
    if person.left_on and person.left_on <= seat.begins_on:
        raise DomainError(_("%(name)s has left. Choose somebody else.") % {"name": person}, "person")
    if Seat.objects.filter(council=seat.council_id, person=person).exclude(pk=seat.pk).during(seat).exists():
        taken = _("%(name)s already has a seat here at that time.") % {"name": person}
        raise DomainError(taken, "person")


COUNCILS = Keeping(Council, gettext_lazy("a council"), check_council)
SEATS = Keeping(Seat, gettext_lazy("a seat in a council"), check_seat)


@dataclass(frozen=True)
class Share:
    """What one group has of the filled seats, and of those the office serves."""

    label: str
    seats: int
    served: int
    of_seats: int
    of_served: int

    @property
    def percent_of_seats(self) -> int:
        return half_up(Fraction(100 * self.seats, self.of_seats or 1))

    @property
    def percent_of_served(self) -> int:
        return half_up(Fraction(100 * self.served, self.of_served or 1))


@dataclass(frozen=True)
class Balance:
    """small  the partners with a seat that are small, by name"""

    sizes: list[Share]
    branches: list[Share]
    small: list[Partner]


def balance(seats: Iterable[Seat], reader: User) -> Balance:
    """Filled seats by size and by branch, beside how many of each the office serves; read with their partners."""
    partners = [seat.partner for seat in seats]
    served: dict[tuple[str, str], int] = Counter()
    rows = Partner.objects.visible_to(reader).served().order_by().values_list("kind", SIZE)
    for kind, size, count in rows.annotate(Count("pk")):
        served[size, branch_of(kind)] += count
    sizes = Counter(size_of(each.headcount, each.population) for each in partners)
    branches = Counter(branch_of(each.kind) for each in partners)
    small = {each for each in partners if size_of(each.headcount, each.population) == Size.SMALL}
    return Balance(
        _shares([*Size.choices, ("", _("Size not known"))], sizes, served, 0),
        _shares(Branch.choices, branches, served, 1),
        sorted(small, key=lambda each: each.sort_name),
    )


def _shares(
    groups: Iterable[tuple[Any, Any]], seats: Counter[Any], served: dict[tuple[str, str], int], by: int
) -> list[Share]:
    """Of the groups that have any of either."""
    counted: Counter[str] = Counter()
    for group, count in served.items():
        counted[group[by]] += count
    return [
        Share(str(words), seats[group], counted[group], seats.total(), counted.total())
        for group, words in groups
        if seats[group] or counted[group]
    ]


def hand_over(from_user: User, to_user: User, by: User) -> int:
    """Let somebody else facilitate all that one person did; how many councils."""
    councils = list(Council.objects.running(today()).filter(facilitator=from_user))
    for council in councils:
        COUNCILS.mend(council, {"facilitator": to_user}, by=by)
    return len(councils)


def known_of(person: Person, reader: User) -> Iterator[tuple[str, str]]:
    """The councils in which somebody sits."""
    if reader.can(READ):
        for seat in (
            Seat.objects.visible_to(reader).on(today()).filter(person=person).select_related("council")
        ):
            yield str(seat.council), reverse("councils:council", args=[seat.council_id])
