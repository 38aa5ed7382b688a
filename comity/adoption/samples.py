"""In the State of Franklin: one county more nearly each month over four years, the county that joins, and who said no and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from comity.adoption import services
from comity.adoption.models import Stage
from comity.adoption.services import Said
from comity.core.fiscal import month_after
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Service

Staff = Mapping[str, User]
YEARS, FIRST = 46, 36  # months of the curve; counties that were there before
LOCAL = ["city", "county", "district", "town"]
ELIGIBLE: tuple[tuple[Any, ...], ...] = (
    # service, kinds, condition, offer, basis, counts as
    ("Backup", LOCAL, "", "Copies kept for 30 days, in two places.", "Franklin Code 4-3-5501", "backup"),
    ("State network", LOCAL, "", "One line for each of your buildings.", "Franklin Code 4-3-5502", "network"),
    (
        *("Security scans", [*LOCAL, "tribe"], "One contact who acts on what we find."),
        *("A scan of each public website every month, paid by the state’s grant.", "Franklin Code 4-3-5510"),
        "security",
    ),
    (
        *("Server hosting", ["county", "city"], "An agreement of at least two years."),
        *("Servers in our data center, watched day and night.", "Franklin Code 4-3-5503", "hosting"),
    ),
)
REQUEST: dict[str, Any] = {
    "requirements": "Backups of two servers and of 40 desks that nobody has to carry home.",
    "present_cost_cents": 31_200_00,
    "levels": "A file back within four hours, a server within a day.",
}
CARTER: tuple[tuple[Any, ...], ...] = (
    ("Backup", 106, Stage.INTERESTED, "They asked after the first visit.", {}),
    ("Backup", 50, Stage.TALKS, "Two commissioners and the clerk.", {}),
    ("Backup", 47, Stage.REQUESTED, "", REQUEST),
    (
        *("Backup", 39, Stage.ANALYZED, "Sam counted with the clerk, line by line."),
        {
            "analysis": "1.9 terabytes, a tenth new each month; their line is fast enough.",
            "cost_cents": 18_400_00,
        },
    ),
    (
        *("Backup", 32, Stage.OFFERED, ""),
        {"scope": "Two servers and 40 desks, kept for 30 days.", "price_cents": 18_400_00, "starts_on": 40},
    ),
    (
        "Backup",
        12,
        Stage.AGREED,
        "The commission voted nine to one.",
        {"volume": "1.9 terabytes", "starts_on": 40},
    ),
    ("State network", 6, Stage.USING, "The courthouse came first.", {}),
)
OTHERS: tuple[tuple[Any, ...], ...] = (
    ("47009", "Security scans", 200, Stage.INTERESTED, "Met at the meeting of county clerks.", {}),
    ("47027", "Security scans", 90, Stage.TALKS, "Their one technician is for it; the mayor asks what it is for.", {}),
    ("47045", "State network", 150, Stage.TALKS, "They share a building with the school district.", {}),
    ("47045", "State network", 100, Stage.NO, "Their own line is paid until next summer.", {"reason": "contract"}),
    ("47063", "Security scans", 300, Stage.TALKS, "A call with the county attorney.", {}),
    ("47063", "Security scans", 260, Stage.NO, "They do not want us to see inside.", {"reason": "trust"}),
    ("47081", "Backup", 210, Stage.TALKS, "They keep tapes in the vault of the bank.", {}),
    ("47081", "Backup", 180, Stage.NO, "Tapes are paid for, and a tape costs nothing, they say.", {"reason": "price"}),
    ("47099", "Server hosting", 30, Stage.REQUESTED, "For the new records system.", {
        "requirements": "Four servers, two of them for records that may not leave the state.",
        "present_cost_cents": 64_000_00,
    }),
)  # fmt: skip


def _county(fips: str) -> Partner:
    return Partner.objects.standing().get(fips=fips)


def told(staff: Staff, _partners: Mapping[str, Partner]) -> None:
    """All of it, as it was written down afterwards by those who were there."""
    sam = staff["sam"]
    for name, kinds, *facts in ELIGIBLE:
        values = dict(zip(("condition", "offer", "basis", "national"), facts, strict=True))
        service = Service.objects.get(name=name)
        services.ELIGIBLE.enter({"service": service, "kinds": kinds, **values}, by=sam)
    _joined(staff["priya"])
    _used(staff["priya"])
    for name, back, stage, words, facts in CARTER:
        _take("47019", name, back, stage, words, facts, staff["priya"])
    for fips, name, back, stage, words, facts in OTHERS:
        _take(fips, name, back, stage, words, facts, staff["priya"])
    row = _take("47117", "Server hosting", 25, Stage.REQUESTED, "Together they run one sheriff’s system.", {
        "requirements": "Six servers for one dispatch system, and a line between both sheriffs.",
        "present_cost_cents": 120_000_00,
    }, staff["priya"])  # fmt: skip
    services.add_body(row, _county("47135"), by=staff["priya"])


def _joined(by: User) -> None:
    """Those that have a line each got it long ago; scans came later, one county a month."""
    counties = list(
        Partner.objects.served().filter(kind=Partner.Kind.COUNTY, fips__startswith="47").exclude(fips="47019")
    )
    counties.sort(key=lambda row: int(row.fips) * 37 % 101)
    network, scans = (Service.objects.get(name=name) for name in ("State network", "Security scans"))
    this = today().replace(day=1)
    for place, row in enumerate(counties):
        late = max(0, place - FIRST)  # which month of the curve
        line = month_after(this, late // 2 - YEARS - 12).replace(day=1 + place % 27)
        services.begin(network, row, Stage.USING, Said(line), by=by)
        scanned = month_after(this, min(late, YEARS) - YEARS)
        services.begin(scans, row, Stage.USING, Said(scanned), by=by)


def _used(by: User) -> None:
    """What all but the counties are billed for was written down; of the counties' backup nobody has thought yet."""
    others = set(Partner.objects.exclude(kind=Partner.Kind.COUNTY).values_list("pk", flat=True))
    services.record_billed(
        {pair: first for pair, first in services.billed().items() if pair[0] in others}, by=by
    )


def _take(fips: str, name: str, back: int, stage: Stage, words: str, facts: Any, by: User) -> Any:
    """A step of a story, so many days before it was written down; a number among its facts is of days ahead."""
    partner, service = _county(fips), Service.objects.get(name=name)
    found = partner.adoptions.filter(service=service).first()
    ahead = {key: today() + timedelta(days=value) for key, value in facts.items() if key.endswith("_on")}
    said = Said(today() - timedelta(days=back), {**facts, **ahead}, words)
    if found is None:
        return services.begin(service, partner, stage, said, by=by)
    return services.step(found.pk, stage, said, by=by)


STORY = ((14, told),)
