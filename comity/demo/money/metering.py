"""What the machines of the State of Franklin count, month after month: files as the office's own tools would write them.

The same month comes out the same, whichever other months are asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from comity.partners.models import Partner

Row = tuple[object, ...]
LOCAL = {Partner.Kind.COUNTY, Partner.Kind.CITY, Partner.Kind.DISTRICT}
CLOUD = {"DOT": 3, "ENV": 2, "HCA": 3, "FSU": 2, "PRK": 1, "DOH": 2}  # cloud subscriptions
CLOUD_SERVICES = (
    ("Compute", "Virtual machines", "Hours", 0.0416),
    ("Storage", "Object storage", "GB-Months", 0.0230004),
    ("Databases", "Managed database", "Hours", 0.115),
    ("Networking", "Data transfer out", "GB", 0.08999),
)
SCANNER_OWN = (
    18  # months: so long the scans came with everything else, until the scanner sent a file of its own
)
SCANNED = 15, 60  # scans in a month at an agency that has set up its scanner, between these
PARKS_SCANS, PARKS_HOST, PARKS_FROM = 104, "pw-gis-02", 4  # four a day, from the fourth
DEAD = ("PRK", "harold.finch")  # who died two years ago, and still has an account
JOINING = "47019"
HEADS = {
    "metering": ("id", "customer", "account", "meter", "quantity", "from", "to", "what"),
    "scanner": ("id", "customer", "host", "meter", "scans", "day"),
    "cloud": (
        "Id", "BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd",
        "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodStart", "ChargePeriodEnd",
        "ConsumedQuantity", "ConsumedUnit", "ProviderName", "ServiceCategory", "ServiceName", "SubAccountId",
        "SubAccountName",
    ),
}  # fmt: skip


def after(month: date, months: int = 1) -> date:
    """The first day of the month so many months later, or earlier."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Metering:
    """Writes the files.

    partners  by code, FIPS code or name
    began     the first month there is
    doubled   the month in which the scans of Parks doubled
    joined    the day the county that joins got its line
    """

    partners: Mapping[str, Partner]
    began: date
    doubled: date
    joined: date
    seed: int

    def subscriptions(self) -> Iterator[tuple[str, Partner]]:
        """The accounts of the cloud’s seller, and whose they are."""
        for key, count in CLOUD.items():
            yield from ((f"{key.lower()}-{number + 1}", self.partners[key]) for number in range(count))

    def sources(self, month: date) -> list[str]:
        """Those that send a file of a month."""
        return [source for source in HEADS if source != "scanner" or self._months(month) >= SCANNER_OWN]

    def write(self, source: str, month: date, folder: Path, *, strange: bool = False) -> Path:
        """One file of a source.

        strange  with rows that nobody can place yet
        """
        rows = {"metering": self._metering, "scanner": self._scans, "cloud": self._cloud}
        path = folder / f"{source}-{month:%Y-%m}.csv"
        with path.open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEADS[source])
            out.writerows(rows[source](month))
            if strange:
                out.writerows(self._strange(source, month))
        return path

    def _metering(self, month: date) -> Iterator[Row]:
        """Of the whole month, but for what began in the middle of it."""
        last = after(month) - timedelta(days=1)
        for place, (customer, account, meter, quantity, begins, what) in enumerate(self._counted(month)):
            number = f"m{month:%Y%m}-{place:05d}"
            yield number, customer, account, meter, quantity, begins or month, last, what
        yield from ((*row, month, last, "Seat") for row in self._seats(month))
        if "scanner" not in self.sources(month):
            yield from (
                (*row, "", "Scan") for row in self._scans(month)
            )  # of that day, and of no part of a month

    def _counted(self, month: date) -> Iterator[Row]:
        for key, partner in self._served():
            if partner.kind in LOCAL:
                yield from self._local(key, month, partner.name if partner.kind == Partner.Kind.CITY else key)
            else:
                yield from self._hosted(key, partner, month)
                minutes = self._chance(key, month).randint(40, 90 + (partner.headcount or 0))
                yield key, f"{key.lower()}-lines", "TEL-LD", minutes, None, "Long distance, minutes"

    def _strange(self, source: str, month: date) -> Iterator[Row]:
        """A division that was renamed, and a scanner that says what it did and not of what kind."""
        if source == "scanner":
            for place in range(39):
                day = month.replace(day=9 + place % 19)
                yield (
                    f"s{month:%Y%m}-x{place:02d}",
                    "GIS-OFFICE",
                    f"gis-{place % 3 + 1:02d}",
                    "SEC-SCN",
                    1,
                    day,
                )
            for place in range(3):
                yield (
                    f"s{month:%Y%m}-y{place:02d}",
                    "DOT",
                    "dot-web-07",
                    "SEC-SCN-DEEP",
                    1,
                    month.replace(day=20),
                )

    def _hosted(self, key: str, partner: Partner, month: date) -> Iterator[Row]:
        """Servers that come over the years, some in the middle of a month, and what lies on them."""
        fixed, months = Random(f"{self.seed} servers {key}"), self._months(month)
        servers = 1 + (partner.headcount or 0) // 130
        for number in range(servers + servers // 4):
            since = fixed.randint(0, 24) if number >= servers else 0
            day, large, full = fixed.randint(1, 27), fixed.random() < 0.2, fixed.randint(120, 900)
            if since > months:
                continue
            account = f"{key.lower()}-app-{number + 1:02d}"
            meter, what = ("HST-LRG", "Large server") if large else ("HST-STD", "Standard server")
            begins = month.replace(day=day) if since == months and since else None
            yield key, account, meter, 1, begins, what
            used = full * (1 + months / 40) * self._chance(account, month).uniform(0.97, 1.04)
            yield key, account, "HST-DSK", f"{used:.2f}", None, "Disk, gigabytes"
            if number % 3:
                yield key, account, "BCK-30", f"{used * 1.6:.2f}", None, "Kept for 30 days, gigabytes"

    def _local(self, key: str, month: date, called: str) -> Iterator[Row]:
        if key == JOINING:
            if month >= self.joined.replace(day=1):
                begins = self.joined if month == self.joined.replace(day=1) else None
                yield key, "courthouse", "NET-LOC", 1, begins, "Line"
            return
        fixed = Random(f"{self.seed} lines {key}")
        for number in range(fixed.randint(1, 3)):
            yield called, f"line-{number + 1}", "NET-LOC", 1, None, "Line"
        if fixed.random() < 0.45:
            kept = fixed.randint(200, 3000) * (1 + self._months(month) / 30)
            yield called, "backup", "BCK-30", f"{kept:.2f}", None, "Kept for 30 days, gigabytes"

    def _scans(self, month: date) -> Iterator[Row]:
        place = 0
        for key, partner in self._served():
            if partner.kind in LOCAL or (partner.headcount or 0) < 150:
                continue
            for host, day in self._scanned(key, month):
                yield f"s{month:%Y%m}-{place:05d}", key, host, "SEC-SCN", 1, month.replace(day=day)
                place += 1

    def _scanned(self, key: str, month: date) -> Iterator[tuple[str, int]]:
        days, chance = (after(month) - month).days, self._chance(f"scans {key}", month)
        if key != "PRK":
            for _scan in range(chance.randint(*SCANNED)):
                yield f"{key.lower()}-web-{chance.randint(1, 6):02d}", chance.randint(1, days)
            return
        for scan in range(PARKS_SCANS):
            yield f"pw-web-{scan % 5 + 1:02d}", scan % days + 1
        if month >= self.doubled:
            begins = PARKS_FROM if month == self.doubled else 1
            for day in range(begins, days + 1):
                yield from ((PARKS_HOST, day) for _time in range(4))

    def _seats(self, month: date) -> Iterator[Row]:
        """Of the office software."""
        for key, partner in self._served():
            if partner.kind in LOCAL or partner.parent_id:
                continue
            heads = (partner.headcount or 0) // 24 + 2
            kept = int(heads * (1 + self._months(month) / 300))
            names = [f"{key.lower()}.{number:04d}" for number in range(kept)]
            if key == DEAD[0]:
                names.append(DEAD[1])
            for name in names:
                yield f"e{month:%Y%m}-{name}", key, f"{name}@{key.lower()}.franklin.example", "MAIL", 1

    def _cloud(self, month: date) -> Iterator[Row]:
        """In FOCUS, as the seller sends it: eleven decimals, and NULL for nothing."""
        start, end = (
            datetime.combine(month, datetime.min.time()),
            datetime.combine(after(month), datetime.min.time()),
        )
        for account, partner in self.subscriptions():
            chance = self._chance(account, month)
            for category, service, unit, price in CLOUD_SERVICES:
                for part in range(3):
                    used = chance.uniform(300, 4000) * (1 + self._months(month) / 20)
                    begins = start + timedelta(days=9 * part)
                    yield (
                            f"c{month:%Y%m}-{account}-{service[:3]}-{part}", f"{used * price:.11f}", "franklin-oit", "USD",
                            start, end, "Usage", "NULL", f"{service}, {price} a unit", begins,
                            begins + timedelta(days=9), f"{used:.6f}", unit, "Cumulus", category, service, account,
                            partner.name,
                        )  # fmt: skip

    def _served(self) -> Iterable[tuple[str, Partner]]:
        active = Partner.Status.ACTIVE
        served = {Partner.Kind.TRIBE, Partner.Kind.LEGISLATURE, Partner.Kind.TOWN}
        for key, partner in self.partners.items():
            if key == JOINING or (partner.status == active and partner.kind not in served):
                yield key, partner

    def _months(self, month: date) -> int:
        return (month.year - self.began.year) * 12 + month.month - self.began.month

    def _chance(self, what: str, month: date) -> Random:
        return Random(f"{self.seed} {what} {month}")
