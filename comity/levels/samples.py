"""What the State of Franklin promises of its services, and what its months came to.

Stories: Agriculture is served late since its contact left; the help desk kept less of its word two years ago than today.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from comity.core.fiscal import month_after
from comity.levels.models import PRIORITIES, Month, Result
from comity.levels.services import keeping, months
from comity.office.services import current_office, today
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Service

OFFICE, ALWAYS = "Office hours", "Around the clock"
WEEKS = {OFFICE: "Mon-Fri 08:00-17:00", ALWAYS: "Mon-Sun 00:00-24:00"}
DAYTIME = ("30 min", "1 h", "5 h", "1 day", "2 days"), ("4 h", "9 h", "2 days", "5 days", "10 days")
NIGHT_AND_DAY = ("45 min", "90 min", "6 h", "16 h", "30 h"), ("5 h", "12 h", "40 h", "100 h", "200 h")
PROMISED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "Help desk": (OFFICE, DAYTIME, {}),
    "Email and office software": (OFFICE, DAYTIME, {"availability": Decimal("99.5")}),
    "Telephones": (OFFICE, DAYTIME, {"least": Decimal(90)}),
    "Backup": (OFFICE, DAYTIME, {"anew": True}),
    "State network": (ALWAYS, NIGHT_AND_DAY, {"availability": Decimal("99.9")}),
    "Server hosting": (ALWAYS, NIGHT_AND_DAY, {"availability": Decimal("99.9"), "from_change": True}),
}
AT_RISK = {
    "at_risk": 12,
    "resolution_weight": 25,
    "response_weight": 15,
    "availability_weight": 60,
    "least": 90,
}


def levels(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Two years of months, all closed but the last; since the last closed one, hosting gives back what it misses."""
    last = month_after(today().replace(day=1), -1)
    begun, by = month_after(last, -23), staff["sam"]
    for name, week in WEEKS.items():
        years = range(begun.year, today().year + 1)
        days = "\n".join(keeping.days_of(year) for year in years) if name == OFFICE else ""
        facts = {
            "name": name,
            "starts_on": begun,
            "zone": current_office().time_zone,
            "week": week,
            "days": days,
        }
        keeping.CALENDARS.enter(facts, by=by)
    for service in Service.objects.filter(name__in=PROMISED):
        calendar, goals, more = PROMISED[service.name]
        said = {
            f"{measure}_{number}": goal
            for measure, row in zip(("response", "resolution"), goals, strict=True)
            for number, goal in zip(PRIORITIES, row, strict=True)
        }
        facts = {
            "service": service,
            "starts_on": begun,
            "calendar": calendar,
            "pauses": ["customer"],
            **said,
            **more,
        }
        keeping.TARGETS.enter(facts, by=by)
        if service.name == "Server hosting":
            keeping.TARGETS.enter({**facts, **AT_RISK, "starts_on": month_after(last, -1)}, by=by)
    months.work_out_due()
    for row in Month.objects.standing().filter(first__lt=last).order_by("first"):
        months.freeze(row, by=staff["carla"])
    closed = Month.objects.frozen().first()
    if closed and "AGR" in partners:
        months.raise_misses(Result.objects.filter(month=closed, partner=partners["AGR"]))
