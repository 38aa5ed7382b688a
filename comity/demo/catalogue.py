"""What the State of Franklin's office offers."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.people.models import User
from comity.services import services
from comity.services.models import Offering, Service

STATE = (Partner.Kind.AGENCY, Partner.Kind.BOARD, Partner.Kind.COURT, Partner.Kind.UNIVERSITY)
LOCAL = (Partner.Kind.COUNTY, Partner.Kind.CITY, Partner.Kind.DISTRICT)
UNIT, FUNDING, STATUS = Offering.Unit, Offering.Funding, Service.Status

# name, promise, status; then each offering: name, meter code, unit, funding, kinds
CATALOGUE = (
    (
        "Server hosting",
        "Your programs run in our data center, watched day and night.",
        STATUS.ACTIVE,
        (
            ("Standard server", "HST-STD", UNIT.DEVICE_MONTH, FUNDING.BILLED, ()),
            ("Large server", "HST-LRG", UNIT.DEVICE_MONTH, FUNDING.BILLED, ()),
            ("Disk space", "HST-DSK", UNIT.GB_MONTH, FUNDING.BILLED, ()),
        ),
    ),
    (
        "Backup",
        "What you lose on Monday is back on Tuesday.",
        STATUS.ACTIVE,
        (("Kept for 30 days", "BCK-30", UNIT.GB_MONTH, FUNDING.BILLED, ()),),
    ),
    (
        "State network",
        "One line connects each of your offices to the state and to the internet.",
        STATUS.ACTIVE,
        (
            ("Line for a state office", "NET-STA", UNIT.INSTALMENT, FUNDING.ALLOCATED, STATE),
            ("Line for a local government", "NET-LOC", UNIT.INSTALMENT, FUNDING.BILLED, LOCAL),
        ),
    ),
    (
        "Mail and office programs",
        "Mail, calendar and documents, on every device your people use.",
        STATUS.ACTIVE,
        (("Account", "M365", UNIT.USER_MONTH, FUNDING.PASS_THROUGH, STATE),),
    ),
    (
        "Security scans",
        "We look for the weak spots in your programs before others do.",
        STATUS.ACTIVE,
        (("Scan of one program", "SEC-SCN", UNIT.SCAN, FUNDING.BILLED, ()),),
    ),
    (
        "Help desk",
        "Somebody answers within a minute, and calls you back when it is fixed.",
        STATUS.ACTIVE,
        (("Share of the help desk", "HLP", UNIT.FTE, FUNDING.ALLOCATED, STATE),),
    ),
    (
        "Telephones",
        "A number for every desk.",
        STATUS.RETIRING,
        (("Long distance", "TEL-LD", UNIT.MINUTE, FUNDING.BILLED, STATE),),
    ),
    ("Cloud brokerage", "We buy cloud for you at the state’s price.", STATUS.PILOT, (
        ("Cloud at cost", "CLD", UNIT.AT_COST, FUNDING.PASS_THROUGH, ()),
    )),
)  # fmt: skip


def fill_catalogue(owner: User, by: User) -> None:
    """Enter the services and what is offered of them."""
    for name, promise, status, offerings in CATALOGUE:
        said = {"name": name, "promise": promise, "owner": owner, "status": status}
        service = services.add_service(said, by=by)
        for called, code, unit, funding, kinds in offerings:
            facts = {"name": called, "code": code, "unit": unit, "funding": funding, "kinds": list(kinds)}
            services.add_offering({"service": service, **facts}, by=by)
