"""What concerns money on one's first page: the month that waits to be billed, disputes, and what services recover.

All from one question on the runs of the fiscal year, each of which keeps what its month came to by service.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, JSONField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.billing import capabilities as can
from comity.billing.models import Dispute, Run
from comity.billing.views.runs import Look, looks
from comity.briefing.numbers_in_words import spelled
from comity.office.services import fiscal_year
from comity.people.models import User
from comity.services.models import Service
from comity.ui.components.days import day, month
from comity.ui.money import money, signed
from comity.usage.models import Period

MONTHS_SHOWN = 3  # on the overview: one that waits, the last, and the one before
NEARLY, TOO_MUCH = 95, 105  # percent recovered, between which nothing is amiss
Where = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Waiting:
    """A month that is to be billed.

    looks  what to look at before it is approved
    where  its steps: what, how far, and where that is
    """

    heading: str
    sentence: str
    url: str
    act: str
    looks: list[Look]
    where: Where


@dataclass(frozen=True)
class Recovery:
    """What a service has billed in the fiscal year, beside the same months' part of what it costs."""

    service: int
    name: str
    billed_cents: int
    cost_cents: int

    @property
    def url(self) -> str:
        return Service(pk=self.service).get_absolute_url()

    @property
    def percent(self) -> Decimal:
        return Decimal(self.billed_cents * 100) / self.cost_cents

    @property
    def kind(self) -> str:
        return "good" if NEARLY <= self.percent <= TOO_MUCH else "warn"

    @property
    def words(self) -> str:
        said = {
            "percent": round(self.percent),
            "billed": money(self.billed_cents),
            "cost": money(self.cost_cents),
        }
        return _("%(percent)s%%: %(billed)s of %(cost)s") % said


@dataclass(frozen=True)
class Money:
    """What a first page says of money; nothing of what its reader has no part in.

    runs  whether its reader runs the bills
    """

    runs: bool = False
    waiting: Waiting | None = None
    recovery: list[Recovery] = field(default_factory=list)


def of(user: User, today: date, owned: Sequence[int], *, overview: bool) -> Money:
    """For whoever runs or approves bills, the month that waits; to who runs them also all services, to others those they own.

    overview  whether they answer for more than money: they read of it on the overview
    """
    runs, approves = (user.can(can_do) and not overview for can_do in (can.RUN, can.APPROVE))
    if not (runs or approves or owned):
        return Money()
    found = list(_runs(fiscal_year(today).first_day, today))
    issued = [run for run in found if run.state == Run.State.ISSUED]
    recovery = recovered(issued, None if runs else owned) if runs or owned else []
    return Money(runs, _waiting(found, today, runs=runs) if runs or approves else None, recovery)


def _runs(first: date, today: date) -> QuerySet[Run, Any]:
    """The runs that stand since a day, the last first: what issued ones came to, and of the others all they found.

    Each says which month is the first that is loaded and not run.
    """
    standing = Run.objects.standing()
    loaded = Period.objects.open().filter(first_on__lt=today.replace(day=1), parts__rows__gt=0)
    loaded = loaded.exclude(Exists(standing.filter(period=OuterRef("pk")))).order_by("first_on")
    none = Value(None, output_field=JSONField())
    rows = standing.filter(period__first_on__gte=first).select_related("period", "run_by", "approved_by")
    runs: QuerySet[Run, Any] = rows.defer("checks", "inputs").annotate(
        services=KT("checks__services"),
        found=Case(When(state=Run.State.ISSUED, then=none), default=F("checks")),
        loaded=Subquery(loaded.values("first_on")[:1]),
    )
    return runs


def _waiting(found: list[Any], today: date, *, runs: bool) -> Waiting | None:
    if found and found[0].state != Run.State.ISSUED:
        return _reviewed(found[0])
    if not runs:
        return None
    if found:
        return _loaded(found[0].loaded) if found[0].loaded else None
    first = (
        Period.objects.open()
        .filter(first_on__lt=today.replace(day=1), parts__rows__gt=0)
        .order_by("first_on")
        .first()
    )
    return _loaded(first.first_on) if first else None


def _reviewed(run: Any) -> Waiting:
    run.checks = run.found or {}
    found, bills = looks(run), run.checks.get("bills", 0)
    said = {
        "month": month(run.period.first_on),
        "bills": ngettext("%(count)s bill", "%(count)s bills", bills) % {"count": f"{bills:,}"},
        "total": money(run.total_cents),
        "looks": ngettext("%(count)s thing to look at", "%(count)s things to look at", len(found))
        % {"count": spelled(len(found), inside=True)},
    }
    if run.state == Run.State.APPROVED:
        sentence = _("%(month)s is approved and waits to be issued: %(bills)s, %(total)s.") % said
    elif found:
        sentence = _("%(month)s is ready to review: %(bills)s, %(total)s, %(looks)s.") % said
    else:
        sentence = _("%(month)s is ready to review: %(bills)s, %(total)s.") % said
    url = run.get_absolute_url()
    approved = f"{day(run.approved_at)}, {run.approved_by}" if run.approved_at else _("not yet")
    where = [
        (_("Run"), f"{day(run.run_at)}, {run.run_by}", url),
        (_("Approved"), approved, ""),
        (_("Issued"), _("not yet"), ""),
    ]
    return Waiting(_heading(run.period.first_on), sentence, url, _("Open the bills"), found, where)


def _loaded(first: date) -> Waiting:
    where = [
        (_("Usage"), _("loaded"), reverse("usage:months")),
        (_("Run"), _("not yet"), ""),
        (_("Approved"), _("not yet"), ""),
        (_("Issued"), _("not yet"), ""),
    ]
    sentence = _("%(month)s is loaded and not run yet.") % {"month": month(first)}
    return Waiting(_heading(first), sentence, reverse("billing:new_run"), _("Run the bills"), [], where)


def _heading(first: date) -> str:
    return _("Where %(month)s stands") % {"month": month(first)}


def recovery_of(services: Sequence[int], today: date) -> dict[int, Recovery]:
    """What each of some services has recovered in the fiscal year, as far as its rates follow from costs."""
    runs = _runs(fiscal_year(today).first_day, today).filter(state=Run.State.ISSUED)
    return {each.service: each for each in recovered(list(runs), services)}


def recovered(issued: Sequence[Any], of: Sequence[int] | None) -> list[Recovery]:
    """Of each service whose rates follow from costs, of all or of some: the least recovered first."""
    sums: dict[int, Recovery] = {}
    for run in reversed(issued):
        for said in json.loads(run.services or "[]"):
            had = sums.get(said["service"], Recovery(said["service"], "", 0, 0))
            sums[said["service"]] = Recovery(
                said["service"],
                said["name"],
                had.billed_cents + said["recovers_cents"],
                had.cost_cents + said["cost_cents"],
            )
    found = [each for each in sums.values() if each.cost_cents and (of is None or each.service in of)]
    return sorted(found, key=lambda each: (each.percent, each.name))


def on_overview(user: User) -> list[tuple[str, str, str]]:
    """What waits to be approved, what was billed last, and open disputes: each with where it is. None before a bill."""
    if not user.can(can.READ):
        return []
    standing = Run.objects.standing().select_related("period").defer("checks", "inputs")
    runs = list(standing[:MONTHS_SHOWN])
    waits = [run for run in runs if run.state != Run.State.ISSUED]
    found = [
        (
            f"{month(run.period.first_on)}, {run.get_state_display()}",
            money(run.total_cents),
            run.get_absolute_url(),
        )
        for run in waits
    ]
    issued = [run for run in runs if run.state == Run.State.ISSUED]
    if not issued:
        return found
    last, before = issued[0], issued[1:2]
    found.append((month(last.period.first_on), money(last.total_cents), last.get_absolute_url()))
    found += [
        (_("Change"), signed(last.total_cents - one.total_cents), last.get_absolute_url()) for one in before
    ]
    disputes = Dispute.objects.visible_to(user).open().count()
    return [*found, (_("Open disputes"), str(disputes), reverse("billing:disputes"))]
