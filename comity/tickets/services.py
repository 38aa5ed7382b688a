"""Opening a ticket that is worked here, moving it, and saying whose tickets of other tools are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.forms import RowForm
from comity.editing.keeping import Keeping
from comity.editing.values import Values
from comity.imports import setwise
from comity.office.services import time_zone, today
from comity.partners.models import Membership, Partner, Position
from comity.tickets.models import SETTLED, Owner, State, StateChange, Ticket
from comity.tickets.receiving import Seen, from_source

__all__ = ["OPEN", "SET_STATE", "Seen", "callers", "from_source", "open_ticket", "set_state"]

OPEN, SET_STATE = "tickets.open", "tickets.set_state"
LISTED = 100  # values of each field that nobody has given a partner


@transaction.atomic
def open_ticket(
    *, title: str, partner: Partner, by: audit.Actor, kind: str = Ticket.Kind.REQUEST, **facts: Any
) -> Ticket:
    """Open a ticket that is worked here; its number is its own. Raises DomainError.

    facts  other fields of the ticket: service (that of its offering, unless given), offering, description, priority,
           promised_on, asked_by, order
    """

    def number(ticket: Ticket) -> None:
        ticket.pk = setwise.reserve_ids(Ticket, 1)[0]
        ticket.number = f"{'REQ' if kind == Ticket.Kind.REQUEST else 'INC'}{ticket.pk:06d}"
        ticket.title = " ".join(ticket.title.split())
        ticket.service = ticket.service or (ticket.offering.service if ticket.offering else None)

    known = {
        "title": title,
        "partner": partner,
        "kind": kind,
        "history_known": True,
        "opened_at": timezone.now(),
    }
    made = create(Ticket, known | facts, by=by, action=OPEN, check=number)
    StateChange.objects.create(ticket=made, at=made.opened_at, state=made.state, priority=made.priority)
    return made


@transaction.atomic
def set_state(
    ticket: Ticket,
    state: str,
    *,
    by: audit.Actor,
    at: datetime | None = None,
    hold_reason: str = "",
    priority: int | None = None,
) -> Ticket:
    """From a moment on (now, unless given) a ticket has this state; what was settled is open again if it says so.

    Raises DomainError for a state that it has, or a moment before its last change.
    """
    moment = at or timezone.now()

    def check(row: Ticket) -> None:
        if row.source:
            raise DomainError(_("This ticket is worked in the tool that it comes from. Change it there."))
        last = StateChange.objects.filter(ticket=row).last()
        if last and last.at > moment:
            raise DomainError(_("This ticket has changed since. Look at it again."))
        now = (row.state, row.hold_reason, row.priority)
        if last and (last.state, last.hold_reason, last.priority) == now:
            raise DomainError(_("It has this state already."), "state")
        done = row.resolved_at or moment
        row.resolved_at = done if state in {State.RESOLVED, State.CLOSED} else None
        row.closed_at = moment if state in SETTLED and state != State.RESOLVED else None
        StateChange.objects.create(
            ticket=row, at=moment, state=row.state, hold_reason=row.hold_reason, priority=row.priority
        )

    values: Values = {"state": state, "hold_reason": hold_reason if state == State.ON_HOLD else ""}
    if priority is not None:
        values["priority"] = priority
    return change(Ticket.objects.all(), ticket.pk, values, by=by, action=SET_STATE, check=check).row


def follow(rule: Owner | None = None) -> int:
    """Give the tickets that a rule is about, or all, to whom the rules in force say; how many tickets there are."""
    said = {f"said_{name}": KeyTextTransform(name, "said_by") for name in Owner.Field.values}
    ruled = [
        Subquery(Owner.objects.filter(field=name, value=OuterRef(f"said_{name}")).values("partner")[:1])
        for name in Owner.Field.values
    ]
    rows = Ticket.objects.exclude(source="").exclude(said_by={})
    if rule:
        rows = rows.filter(**{f"said_by__{rule.field}": rule.value})
    return rows.alias(**said).update(partner=Coalesce(*ruled, output_field=IntegerField()))


def callers(first: date, service: int | None = None) -> Iterator[tuple[date, int, int]]:
    """Day, partner and person of each ticket that was resolved since a day, the latest first; of one service, if given.

    A person is whoever asked for it here, else the one at its partner whom the source names as the caller, by name or
    address. Never guessed: nobody where it names none of them, or two.
    """
    rows = Ticket.objects.filter(state__in=[State.RESOLVED, State.CLOSED]).exclude(partner=None)
    rows = rows.filter(settled_at__gte=datetime.combine(first, time(), time_zone()))
    rows = rows.filter(service=service) if service else rows
    users = Membership.objects.standing().exclude(person=None).values_list("user", "partner", "person")
    known: dict[tuple[Any, int], set[int]] = {(user, partner): {person} for user, partner, person in users}
    held = Position.objects.current(today()).held().filter(partner__in=rows.order_by().values("partner"))
    for partner, person, *names in held.values_list("partner", "person", "person__name", "person__email"):
        for name in names:
            known.setdefault((name.casefold(), partner), set()).add(person)
    facts = rows.order_by("-settled_at").values_list("settled_at", "partner", "asked_by", "said_by")
    for moment, partner, user, said in facts.iterator():
        caller = user or said.get(Owner.Field.CALLER, "").casefold()
        if caller and len(people := known.get((caller, partner), set())) == 1:
            yield moment.astimezone(time_zone()).date(), partner, next(iter(people))


def unmapped() -> list[tuple[Owner.Field, str, int]]:
    """What sources say of the tickets that are nobody's yet, with how many there are: the most frequent first."""
    found = []
    for field in Owner.Field:
        said = Ticket.objects.unmapped().annotate(said=KeyTextTransform(field.value, "said_by"))
        counted = said.filter(said__isnull=False).order_by().values_list("said").annotate(count=Count("pk"))
        found += [(field, value, count) for value, count in counted.order_by("-count", "said")[:LISTED]]
    return sorted(found, key=itemgetter(2), reverse=True)


class Rules(Keeping[Owner]):
    """All tickets follow what is said of them."""

    @transaction.atomic
    def save(self, form: RowForm, *, by: audit.Actor, **more: Any) -> Owner:
        kept = super().save(form, by=by, **more)
        follow(kept)
        return kept

    @transaction.atomic
    def drop(self, row: Owner, *, by: audit.Actor) -> None:
        super().drop(row, by=by)
        follow(row)


RULES = Rules(Owner, gettext_lazy("a rule for whose tickets are"))
