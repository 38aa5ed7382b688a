"""A month worked out from its tickets and outages, and closed for good; then each miss of a service is one follow-up.

Working out streams: a ticket costs the same however many there are. Nobody sees a month that is being worked out; it takes the
place of the one before in one short transaction, so wherever a process is killed there is the old one or the new one. Once it is
closed, the database refuses to change it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity import jobs
from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.core.fiscal import month_after
from comity.core.service_levels import MISSED, Span, Verdict, availability
from comity.followups.models import FollowUp
from comity.followups.notices import heard_many
from comity.followups.services import raise_follow_up
from comity.imports.setwise import chunks
from comity.jobs.models import Work
from comity.jobs.progress import Unwatched, Watched
from comity.levels.models import MEASURES, OF_TICKETS, Miss, Month, Result, ResultQuerySet, Target
from comity.levels.services.clocks import Clocks, Measured, Told, changes_of, midnight, seconds, told
from comity.office.services import today
from comity.outages.models import Outage
from comity.people.models import User
from comity.tickets.models import Ticket
from comity.ui.components.days import month

CLOSE = "levels.close"
MISS, BY = "levels.missed", "service levels"  # the kind of follow-up, and who raises it
CHUNK, AT_ONCE, SHOWN = 5_000, 2_000, 20
DAY = timedelta(days=1)
Whose = tuple[int | None, int]  # a partner, and a service
Late: TypeAlias = tuple[int, str, int, int, int, int, bool]  # as a Miss has it


@dataclass
class Counted:
    """What a month comes to, in memory: figures and misses by whose they are; and how many tickets it leaves out, by why."""

    by: dict[Whose, Counter[tuple[str, int, bool]]] = field(default_factory=lambda: defaultdict(Counter))
    misses: dict[Whose, list[Late]] = field(default_factory=lambda: defaultdict(list))
    aside: Counter[str] = field(default_factory=Counter)
    backwards: list[int] = field(default_factory=list)

    def add(self, ticket: Told, found: list[Measured], start: int, end: int) -> None:
        if not found:
            self._leave_out(ticket)
        for one in found:
            if one.level is None or one.level.verdict is Verdict.OUT:
                self.aside["not_known" if one.level is None else "canceled"] += 1
            elif one.decided_within(start, end):
                whose, late = (ticket.partner, ticket.service or 0), one.level.verdict in MISSED
                self.by[whose][one.measure, one.priority, not late] += 1
                if late:
                    due = one.level.due or end  # where it is later than anybody prepared for
                    facts = one.level.elapsed, one.goal.seconds, due, one.level.verdict is Verdict.LATE
                    self.misses[whose].append((ticket.pk, one.measure, one.priority, *facts))

    def _leave_out(self, ticket: Told) -> None:
        if ticket.is_backwards:
            self.aside["resolved_first"] += 1
            if len(self.backwards) < SHOWN:
                self.backwards.append(ticket.pk)
        else:
            self.aside["no_target" if ticket.service else "no_service"] += 1


def work_out(first: date, progress: Watched | None = None) -> Month:
    """Work a month out, in the place of what was worked out before. Raises DomainError for one that is closed, or not over."""
    refuse(first)
    made = Month.objects.create(first=first, last=month_after(first) - DAY)
    clocks = Clocks(month_after(first))
    counted = count(first, clocks, progress or Unwatched())
    made.set_aside = {**counted.aside, "backwards": counted.backwards}
    _write(made, counted, clocks)
    with transaction.atomic():
        before = Month.objects.select_for_update().filter(first=first, stands=True)
        if any(row.frozen_at for row in before):
            raise DomainError(_("%(month)s was closed meanwhile.") % {"month": month(first)})
        before.update(stands=False)
        made.stands, made.worked_at = True, timezone.now()
        made.save()
    _sweep()
    return made


def refuse(first: date) -> None:
    """Raises DomainError for a month that is closed, or not over."""
    if month_after(first) > today():
        raise DomainError(_("%(month)s is not over yet.") % {"month": month(first)})
    if Month.objects.frozen().filter(first=first).exists():
        raise DomainError(_("%(month)s is closed, and does not change anymore.") % {"month": month(first)})


def count(first: date, clocks: Clocks, progress: Watched) -> Counted:
    """Every ticket of a month, one after the other."""
    counted, rows = Counted(), Ticket.objects.of_month(first)
    start, total = seconds(first), rows.count()
    for number, tickets in enumerate(chunks(told(rows), CHUNK)):
        progress.say(number * CHUNK, total, _("Counting tickets"))
        changes = changes_of(ticket.pk for ticket in tickets if ticket.known)
        for ticket in tickets:
            counted.add(ticket, clocks.measured(ticket, changes.get(ticket.pk, ())), start, clocks.now)
    return counted


def _write(made: Month, counted: Counted, clocks: Clocks) -> None:
    results = {whose: _result(made, whose, figures) for whose, figures in counted.by.items()}
    _add_availability(made, results, clocks)
    for row in results.values():
        _promise(row, clocks)
    for some in chunks(results.values(), AT_ONCE):
        Result.objects.bulk_create(some)
    misses = (_miss(results[whose], *late) for whose, rows in counted.misses.items() for late in rows)
    for few in chunks(misses, AT_ONCE):
        Miss.objects.bulk_create(few)


def _miss(result: Result, ticket: int, measure: str, priority: int, *facts: Any) -> Miss:
    elapsed, allowed, due, is_open = facts
    due_at = datetime.fromtimestamp(due, UTC)
    known = {"elapsed": elapsed, "allowed": allowed, "due_at": due_at, "is_open": is_open}
    return Miss(result=result, ticket_id=ticket, measure=measure, priority=priority, **known)


def _result(made: Month, whose: Whose, figures: Counter[tuple[str, int, bool]]) -> Result:
    row = Result(month=made, partner_id=whose[0], service_id=whose[1])
    for measure in OF_TICKETS:
        both = row.by_priority[measure] = {}
        for number in sorted({number for one, number, _met in figures if one == measure}):
            met = figures[measure, number, True]
            both[str(number)] = [met + figures[measure, number, False], met]
        setattr(row, f"{measure}_counted", sum(counted for counted, _met in both.values()))
        setattr(row, f"{measure}_met", sum(met for _counted, met in both.values()))
    return row


def _add_availability(made: Month, results: dict[Whose, Result], clocks: Clocks) -> None:
    """Of each service with a promise: as a whole, and for each partner it was down for, or that has tickets."""
    start, end = midnight(made.first), midnight(month_after(made.first))
    rows = Outage.objects.counted().filter(Q(ended_at=None) | Q(ended_at__gt=start), began_at__lt=end)
    excused = set(rows.excused().values_list("pk", flat=True))
    down: dict[int | None, list[tuple[Span, bool, set[int]]]] = defaultdict(list)
    for row in rows.prefetch_related("partners"):
        over = row.ended_at or (row.planned and row.ends_at) or end
        span = int(row.began_at.timestamp()), int(over.timestamp())
        down[row.service_id].append((span, row.pk in excused, {each.pk for each in row.partners.all()}))
    for service in {service for service, _offering in clocks.rules}:
        rule = clocks.rule(service, None, clocks.now - 1)
        if rule is None or rule.target.availability is None:
            continue
        hit = {partner for _span, _excused, partners in down[service] for partner in partners}
        for whose in {None, *hit, *(partner for partner, of in results if of == service)}:
            mine = [one for one in down[service] if whose is None or whose in one[2]]
            spans = [[span for span, is_excused, _p in mine if is_excused is each] for each in (False, True)]
            up = availability(seconds(made.first), clocks.now, *spans)
            new = Result(month=made, partner_id=whose, service_id=service)
            result = results.setdefault((whose, service), new)
            result.agreed, result.down, result.availability = *up, rule.target.availability
            result.is_down = up.percent < rule.target.availability


def _promise(row: Result, clocks: Clocks) -> None:
    """What the month was to keep, and what it gives back where that was missed: as its last day had it."""
    if rule := clocks.rule(row.service_id, None, clocks.now - 1):
        row.least, row.at_risk = rule.target.least, rule.target.at_risk or Decimal(0)
        weights = ((one, getattr(rule.target, f"{one}_weight")) for one in MEASURES)
        row.weight = sum((weight for one, weight in weights if weight and row.misses_level(one)), Decimal(0))


def _sweep() -> None:
    """Take away what no longer stands, and what a process that was killed left behind; some rows at a time."""
    old = Q(worked_at__isnull=False) | Q(begun_at__lt=timezone.now() - DAY)
    gone = Month.objects.filter(old, stands=False)
    misses = Miss.objects.filter(result__month__in=gone)
    while some := list(misses.values_list("pk", flat=True)[:CHUNK]):
        Miss.objects.filter(pk__in=some).delete()
    gone.delete()


# --- the work in the background, and closing ---


def due() -> list[date]:
    """The months to be worked out: all since the first target that were not, and the last one until it is closed."""
    begun = Target.objects.order_by("starts_on").values_list("starts_on", flat=True).first()
    known = dict(Month.objects.standing().values_list("first", "frozen_at"))
    last, found = month_after(today().replace(day=1), -1), []
    first = begun.replace(day=1) if begun else month_after(last)
    while first <= last:
        if first not in known or (first == last and known[first] is None):
            found.append(first)
        first = month_after(first)
    return found


def work_out_due() -> str:
    for first in due():
        work_out(first)
    return ""


def begin(first: date, *, by: User) -> Work:
    """Close a month in the background. Raises DomainError where that cannot be begun."""
    refuse(first)
    label, url = _("Closing %(month)s") % {"month": month(first)}, Month(first=first).get_absolute_url()
    return jobs.start(CLOSE, {"first": first.isoformat(), "by": by.pk}, label=label, by=by, url=url)


def close(progress: Watched, *, first: str, by: int) -> str:
    """The work that `begin` begins: worked out once more, closed, and told; safe to do again from anywhere."""
    on = date.fromisoformat(first)
    row = Month.objects.frozen().filter(first=on).first()
    if row is None:
        row = work_out(on, progress)
        freeze(row, by=User.objects.get(pk=by))
    raised = raise_misses(Result.objects.filter(month=row))
    words = ngettext(
        "Closed. %(count)s follow-up was raised.", "Closed. %(count)s follow-ups were raised.", raised
    )
    return words % {"count": raised}


@transaction.atomic
def freeze(row: Month, *, by: User) -> None:
    """Close a month for good. Raises DomainError where an earlier one is still open."""
    earlier = Month.objects.standing().filter(first__lt=row.first, frozen_at=None).order_by("first").first()
    if earlier is not None:
        raise DomainError(_("Close %(month)s first.") % {"month": earlier})
    held = Month.objects.select_for_update(of=("self",)).get(pk=row.pk, stands=True)
    held.frozen_at, held.frozen_by = timezone.now(), by
    held.save(update_fields=["frozen_at", "frozen_by"])
    audit.record(by=by, action=CLOSE, target=held)


def raise_misses(results: ResultQuerySet) -> int:
    """One follow-up for each result of a closed month with a miss; none twice. How many were new."""
    missed = results.missed().exclude(partner=None)
    keys = {str(pk): pk for pk in missed.values_list("pk", flat=True)}
    known = FollowUp.objects.filter(kind=MISS, source_id__in=keys).values_list("source_id", flat=True)
    left = [keys[key] for key in sorted(keys.keys() - set(known), key=int)]
    for some in chunks(left, SHOWN):
        # It is the office that reads it.
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            rows = Result.objects.filter(pk__in=some).select_related("partner", "service__owner", "month")
            heard_many([_raise(result) for result in rows], BY)
    return len(left)


def _raise(result: Result) -> FollowUp:
    misses = list(result.misses.select_related("ticket")[: SHOWN + 1])
    lines = [f"{miss.ticket}: {miss.get_measure_display()}" for miss in misses[:SHOWN]]
    if len(misses) > SHOWN:
        lines.append("…")
    if result.is_down:
        promised = {"up": result.up_words, "least": f"{result.availability.normalize():f}"}
        lines.append(_("Available %(up)s, promised %(least)s%%") % promised)
    said = {"service": result.service, "month": month(result.month.first), "count": result.late}
    title = ngettext(
        "%(service)s missed %(count)s level in %(month)s",
        "%(service)s missed %(count)s levels in %(month)s",
        result.late,
    )
    owner = result.service.owner
    return raise_follow_up(
        kind=MISS,
        partner=result.partner,
        title=(title if result.late else _("%(service)s was down too long in %(month)s")) % said,
        said="\n".join(lines),
        by=BY,
        source_id=str(result.pk),
        source_label=str(result),
        owner=owner if owner.is_active else None,
        tell=False,
    )
