"""What the office of the State of Franklin offers."""

from __future__ import annotations

from collections.abc import Mapping

from comity.partners.models import Partner
from comity.people.models import User
from comity.services import services

STATE, LOCAL = ["agency", "board", "court", "university"], ["city", "county", "district"]
# name, promise, status
SERVICES = (
    ("Server hosting", "Your applications run in our data center, monitored day and night.", "offered"),
    ("Backup", "What you lose on Monday is back on Tuesday.", "offered"),
    ("State network", "One line connects each of your offices to the state and to the internet.", "offered"),
    ("Email and office software", "Email, calendar and documents, on every device you use.", "offered"),
    ("Security scans", "We find the weak spots in your applications before others do.", "offered"),
    ("Help desk", "Someone answers within a minute, and calls you back when it is fixed.", "offered"),
    ("Telephones", "A phone number for every desk.", "retiring"),
    ("Cloud brokerage", "We buy cloud for you at the state’s price.", "pilot"),
)
# service, name, meter code, unit, funding, kinds
OFFERINGS: tuple[tuple[str, str, str, str, str, list[str]], ...] = (
    ("Server hosting", "Standard server", "HST-STD", "device-month", "billed", []),
    ("Server hosting", "Large server", "HST-LRG", "device-month", "billed", []),
    ("Server hosting", "Disk space", "HST-DSK", "gb-month", "billed", []),
    ("Backup", "Kept for 30 days", "BCK-30", "gb-month", "billed", []),
    ("State network", "Line for a state office", "NET-STA", "instalment", "allocated", STATE),
    ("State network", "Line for a local government", "NET-LOC", "instalment", "billed", LOCAL),
    ("Email and office software", "Account", "MAIL", "user-month", "pass-through", STATE),
    ("Security scans", "Scan of one application", "SEC-SCN", "scan", "billed", []),
    ("Help desk", "Share of the help desk", "HLP", "fte", "allocated", STATE),
    ("Telephones", "Long distance", "TEL-LD", "minute", "billed", STATE),
    ("Cloud brokerage", "Cloud at cost", "CLD", "at-cost", "pass-through", []),
)


def catalogue(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    owner, by = staff["sam"], staff["carla"]
    made = {
        name: services.add_service({"name": name, "promise": said, "owner": owner, "status": status}, by=by)
        for name, said, status in SERVICES
    }
    for service, *facts in OFFERINGS:
        values = dict(zip(("name", "code", "unit", "funding", "kinds"), facts, strict=True))
        services.add_offering({"service": made[service], **values}, by=by)
