"""What the services of the State of Franklin cost in a fiscal year, and the rates that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from comity.core.billing.plans import Plan, Shape, Tier, plain
from comity.core.fiscal import FiscalYear
from comity.demo.money.metering import LOCAL
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import (
    CostModel,
    CostPool,
    Driver,
    DriverSnapshot,
    DriverValue,
    Forecast,
    RateVersion,
    Step,
)
from comity.rates.services import costs, derivation, proposing
from comity.services.models import CustomerClass, Offering

THOUSAND = 100_000  # cents
FIRST_MONTH = 7  # of the fiscal year
# What a service costs by itself: pool, object code, what, dollars of the first year in thousands.
LEDGER = {
    "Server hosting": (
        ("Hardware", "5310", "Servers and disks, depreciation", 412),
        ("Employees", "5010", "Platform team", 296),
        ("Software licenses", "5420", "Virtualization", 118),
    ),
    "Backup": (("Hardware", "5310", "Backup library, depreciation", 84), ("Employees", "5010", "Backup team", 71)),
    "State network": (
        ("Network lines", "5610", "Lines from the carriers", 1_310),
        ("Employees", "5010", "Network operations", 388),
        ("Hardware maintenance", "5340", "Routers, maintenance", 96),
    ),
    "Email and office software": (
        ("Software licenses", "5420", "Seats", 394),
        ("Employees", "5010", "Messaging team", 96),
    ),
    "Security scans": (
        ("Software licenses", "5420", "Scanner", 172),
        ("Employees", "5010", "Application security", 196),
        ("Cloud services", "5440", "Scan engines", 34),
    ),
    "Help desk": (("Employees", "5010", "Agents", 1_870), ("Software licenses", "5420", "Ticket system", 145)),
    "Telephones": (("Voice", "5620", "Long distance", 11),),
    "Cloud brokerage": (("Employees", "5010", "Brokerage", 14),),
}  # fmt: skip
# What serves them all: pool, object code, what, thousands, and by which driver it is passed on.
OVERHEAD = (
    ("Management and administration", "5015", "Office of the CIO", 318, Step.Driver.SPEND),
    ("Office space", "5710", "Rent, Capitol Square", 142, Step.Driver.FTE),
    ("Power", "5720", "Power of the data center", 96, Step.Driver.FIXED),
)
UNALLOWABLE = ("Management and administration", "5890", "Gala of the technology council", 6)
PEOPLE = {
    "Server hosting": 4, "Backup": 1, "State network": 5, "Email and office software": 2, "Security scans": 4,
    "Help desk": 31, "Telephones": 0, "Cloud brokerage": 1,
}  # fmt: skip
POWER = {"Server hosting": 70, "Backup": 15, "State network": 15}
# Expected in the first year: units, and the offering's part of its service's cost.
EXPECTED = {
    "HST-STD": (4_700, 55), "HST-LRG": (1_250, 30), "HST-DSK": (3_700_000, 15), "BCK-30": (5_900_000, 100),
    "NET-STA": (68_000, 70), "NET-LOC": (2_450, 30), "MAIL": (28_900, 100), "SEC-SCN": (22_300, 100),
    "HLP": (68_000, 100), "TEL-LD": (420_000, 100), "CLD": (360_000, 100),
}  # fmt: skip
GROWTH, INFLATION = Decimal("1.06"), Decimal("1.025")
SLOWER = {"MAIL": Decimal(1), "SEC-SCN": Decimal(1), "TEL-LD": Decimal("0.97")}
FIRST = "First rate from costs."
# What is newly offered and bought by the head.
BOUGHT = {
    "TEL-IP": ("18.40", "What the carrier charges for a number, and a dollar for moving it."),
    "IAM-SSO": ("2.85", "What the seller charges for an account, and the log that auditors ask for."),
}
# What changed, and why: in the second year and in the third. What grows faster than its costs gets cheaper.
WHY = {
    "HST-STD": ("New servers do the work of two old ones.", "More servers share the same team, so each costs less."),
    "HST-LRG": ("More large servers share the new hardware.", "Virtualization is licensed for the whole house now."),
    "HST-DSK": ("Disks hold more for the same money.", "Disk space is cheaper with the new storage."),
    "BCK-30": ("The tape library is written off, and backups grew.", "Backup grew faster than its costs did."),
    "NET-STA": ("Carriers raised what the lines to field offices cost.", "The carriers’ contract was renewed, and rises each July."),
    "NET-LOC": ("Lines to the counties became cheaper as more joined.", "A few more counties share the same routers."),
    "MAIL": ("The seller raised its price for a seat.", "A seat costs more again, as the contract has it."),
    "SEC-SCN": ("What was left over of the first year is given back.", "The scan engines cost more from July on."),
    "HLP": ("Two agents more answer from half past six.", "Pay rose with the contract of the service desk."),
    "TEL-LD": ("Fewer people call, and the trunk costs the same.", "The service retires; fewer minutes share what is left of it."),
    "CLD": ("The markup pays for the brokers and stays.", "Nothing changed but the fiscal year."),
}  # fmt: skip


@dataclass(frozen=True)
class Pricing:
    """Enters costs, driver figures and rates of fiscal years."""

    staff: Mapping[str, User]
    partners: Mapping[str, Partner]
    seed: int

    def cost(self, place: int, year: FiscalYear) -> CostModel:
        """A year's budget, the steps of its overhead and its forecasts; `place` counts the years from nought."""
        by = self.staff["ines"]
        model = costs.YEARS.enter({"fiscal_year": year.ends_in, "made_by": by}, by=by)
        pools = {pool.name: pool for pool in CostPool.objects.all()}
        lines = [
            (pool, code, what, thousands, service)
            for service, rows in LEDGER.items()
            for pool, code, what, thousands in rows
        ]
        lines += [(pool, code, what, thousands, "") for pool, code, what, thousands, _driver in OVERHEAD]
        services = {offering.service.name: offering.service for offering in self._offerings().values()}
        for number, (pool, code, what, thousands, service) in enumerate([*lines, (*UNALLOWABLE, "")], 1):
            facts = {
                "model": model,
                "reference": f"{year.ends_in}-{number:03d}",
                "object_code": code,
                "description": what,
                "pool": pools[pool],
                "service": services.get(service),
                "amount_cents": int(thousands * THOUSAND * INFLATION**place),
                "unallowable": what == UNALLOWABLE[2],
            }
            costs.LINES.enter(facts, by=by)
        for order, (pool, _code, _what, _thousands, driver) in enumerate(OVERHEAD, 1):
            weights = POWER if pool == "Power" else PEOPLE
            shares = [["service", services[name].pk, str(weight)] for name, weight in weights.items()]
            facts = {
                "model": model,
                "pool": pools[pool],
                "order": order,
                "driver": driver,
                "source": "Staffing plan",
            }
            costs.STEPS.enter({**facts, "shares": shares}, by=by)
        for code, offering in self._offerings().items():
            units, weight = EXPECTED[code]
            facts = {
                "model": model,
                "offering": offering,
                "units": (units * SLOWER.get(code, GROWTH) ** place).quantize(Decimal(1)),
                "weight": Decimal(weight),
                "carry_forward_cents": -24 * THOUSAND if code == "SEC-SCN" and place else 0,
            }
            costs.FORECASTS.enter(facts, by=by)
        return model

    def propose(self, place: int, model: CostModel, starts_on: date, announced_on: date) -> list[RateVersion]:
        """The rates that follow from the costs, to the cent, or finer where a unit is small."""
        known = {"starts_on": starts_on, "announced_on": announced_on, "model": model}
        last = FiscalYear(model.fiscal_year, FIRST_MONTH).last_day
        months = (last.year - starts_on.year) * 12 + last.month - starts_on.month + 1
        rows = Forecast.objects.filter(model=model).select_related("offering__service", "model")
        found = [
            proposing.propose(
                {
                    **known,
                    "offering": row.offering,
                    "why": _why(row.offering.code, place),
                    **self._charged(row, months),
                },
                by=self.staff["ines"],
            )
            for row in rows
        ]
        server = next(row for row in rows if row.offering.code == "HST-STD")
        small = {"customer_class": CustomerClass.objects.get(name="Small agencies")}
        dear = Decimal(derivation.of(server)["price"])
        plan = {"plan": plain(Plan.flat((dear * Decimal("0.7")).quantize(Decimal("0.01"))))}
        values = {**known, **small, **plan, "offering": server.offering, "why": SMALL[place % len(SMALL)]}
        return [*found, proposing.propose(values, by=self.staff["ines"])]

    def approve(self, proposals: list[RateVersion]) -> None:
        for rate in proposals:
            proposing.approve(rate.pk, version=rate.version, by=self.staff["ruth"])

    def offer(self, day: date) -> None:
        """The first rates of what is newly offered, announced a month before they hold."""
        months = day.year * 12 + day.month + 1  # the one after the next, counted from nought
        known = {"starts_on": date(months // 12, months % 12 + 1, 1), "announced_on": day}
        for offering in Offering.objects.filter(code__in=BOUGHT).order_by("code"):
            price, why = BOUGHT[offering.code]
            facts = {**known, "offering": offering, "plan": plain(Plan.flat(price)), "why": why}
            self.approve([proposing.propose(facts, by=self.staff["ines"])])

    def count(self, as_of: date) -> None:
        """Driver figures: what the state's agencies employ, as personnel counts on the day."""
        state = [
            one
            for one in self.partners.values()
            if one.kind not in LOCAL and one.headcount and not one.parent_id
        ]
        for driver, part in ((Driver.HEADCOUNT, Decimal(1)), (Driver.FTE, Decimal("0.94"))):
            source = "Department of Human Resources, positions filled"
            snapshot = DriverSnapshot.objects.create(driver=driver, as_of=as_of, source=source)
            chance = Random(f"{self.seed} {driver} {as_of}")
            DriverValue.objects.bulk_create(
                DriverValue(
                    snapshot=snapshot,
                    partner=partner,
                    amount=(partner.headcount * part * Decimal(chance.randint(97, 104)) / 100).quantize(
                        Decimal("0.5")
                    ),
                )
                for partner in state
                if partner.status == Partner.Status.ACTIVE and partner.headcount
            )

    def _charged(self, row: Forecast, months: int) -> dict[str, Any]:
        """How an offering is charged for, by what it has to recover; in how many months of the year."""
        said = derivation.of(row)
        price, code = Decimal(said["price"]), row.offering.code
        if code in {"HLP", "NET-STA"}:
            driver = Driver.FTE if code == "HLP" else Driver.HEADCOUNT
            return {
                "basis": RateVersion.Basis.SHARED,
                "annual_cents": said["to_recover_cents"] * months // 12,
                "driver": driver,
            }
        if code == "CLD":
            return {"basis": RateVersion.Basis.COST, "plan": plain(Plan.cost_plus("4"))}
        if code == "HST-DSK":
            tiers = (
                Tier(Decimal(2000), _short(price * Decimal("1.1"))),
                Tier(None, _short(price * Decimal("0.85"))),
            )
            return {"plan": plain(Plan(Shape.GRADUATED, tiers))}
        return {"plan": plain(Plan.flat(_short(price)))}

    def _offerings(self) -> dict[str, Offering]:
        return {row.code: row for row in Offering.objects.filter(code__in=EXPECTED).select_related("service")}


SMALL = (
    "Boards of a few people pay less than a server costs; the rest is shown as imputed revenue.",
    "The small boards asked for one more year of the lower rate, and the commissioner agreed.",
    "As last year: what a board of eleven people can bear.",
)


def _why(code: str, place: int) -> str:
    return FIRST if place == 0 else WHY[code][(place - 1) % 2]


def _short(price: Decimal) -> Decimal:
    return price.quantize(Decimal("0.01") if price >= 1 else Decimal("0.0001"))


def announced(starts_on: date) -> date:
    return starts_on - timedelta(days=45)
