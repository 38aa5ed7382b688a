"""Two years of bills of the State of Franklin, month after month, and what its partners say of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from comity.billing.models import Dispute, Line
from comity.billing.services import righting, running
from comity.core.fiscal import FiscalYear
from comity.demo import belongings as papers
from comity.demo.belongings import attach
from comity.demo.chance import Chance
from comity.demo.diary import Diary
from comity.demo.money.metering import Metering, after
from comity.demo.money.pricing import FIRST_MONTH, Pricing, announced
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import CostCenter, CustomerClass, Fund, Offering, Service
from comity.usage.models import Account, Meter, Period, Source
from comity.usage.services import loading

BILLED = 24  # months
OFFERED = 40  # days ago: after what is newly offered was written down
DISPUTED = 6  # days ago, so that the answer is not due yet
MAPPINGS = {
    "metering": {"id": "id", "partner": "customer", "account": "account", "meter": "meter", "quantity": "quantity",
                 "day": "from", "until": "to", "description": "what"},
    "scanner": {"id": "id", "partner": "customer", "account": "host", "meter": "meter", "quantity": "scans", "day": "day"},
}  # fmt: skip
LABELS = {
    "metering": "Servers, disks, lines, minutes and seats",
    "scanner": "Security scanner",
    "cloud": "Cloud seller’s bill, in FOCUS",
}


@dataclass
class Books:
    """Writes the months into the diary."""

    diary: Diary
    chance: Chance
    staff: Mapping[str, User]
    partners: Mapping[str, Partner]
    seed: int
    sources: dict[str, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        this = self.chance.today.replace(day=1)
        self.months = [after(this, back - BILLED - 1) for back in range(BILLED + 1)]
        self.doubled = self.months[-2]  # the last that is issued
        self.pricing = Pricing(self.staff, self.partners, self.seed)
        joined = min(self.chance.today - timedelta(days=20), after(this) - timedelta(days=1))
        self.metering = Metering(self.partners, self.months[0], self.doubled, joined, self.seed)

    def write(self) -> None:
        """All of it: before the first bill what has to be there, then the years, then each month's bills."""
        began = self._at(after(self.months[0]), 5)
        self.diary.at(began, self._open_books)
        years = sorted({FiscalYear.of(month, FIRST_MONTH).ends_in for month in self.months})
        for place, year in enumerate(FiscalYear(ends_in, FIRST_MONTH) for ends_in in years):
            self._price(place, year, began)
        for month in self.months[:-1]:
            self.diary.at(self._at(after(month), 6), self._load(month))
            self.diary.at(self._at(after(month), 9), self._bill(month))
        self.diary.at(min(self._at(after(self.months[-1]), 6), self.diary.now), self._load(self.months[-1]))
        offered = self.chance.today - timedelta(days=OFFERED)
        self.diary.at(self._at(offered, offered.day), partial(self.pricing.offer, offered))
        self._disputes()

    def _at(self, month: date, day: int, hour: int = 10) -> datetime:
        """A working hour early in a month."""
        found = month.replace(day=day)
        while found.weekday() >= 5:
            found += timedelta(days=1)
        return datetime.combine(found, time(hour), self.chance.zone)

    def _open_books(self) -> None:
        """The funds and cost centers of the office, what it is told of usage, and who pays less than others."""
        righting.set_terms({"dispute_days": 60}, by=self.staff["ines"])
        fund = Fund.objects.create(code="2610", name="Information technology internal service fund")
        for number, name in enumerate(
            Service.objects.order_by("sort_name").values_list("name", flat=True), 1
        ):
            center = CostCenter.objects.create(code=f"{4200 + 10 * number}", name=name, fund=fund)
            Service.objects.filter(name=name).update(cost_center=center)
        CustomerClass.objects.create(
            name="Small agencies", kinds=["agency", "board", "commission"], headcount_max=60
        )
        for name, label in LABELS.items():
            layout = Source.Layout.FOCUS if name == "cloud" else Source.Layout.TABLE
            facts = {"name": name, "label": label, "layout": layout, "mapping": MAPPINGS.get(name, {})}
            self.sources[name] = loading.SOURCES.enter(facts, by=self.staff["ines"])
        Meter.objects.create(
            source=self.sources["cloud"], name="*", offering=Offering.objects.get(code="CLD")
        )
        Account.objects.bulk_create(
            Account(source=self.sources["cloud"], name=name, partner=partner)
            for name, partner in self.metering.subscriptions()
        )

    def _price(self, place: int, year: FiscalYear, began: datetime) -> None:
        """Costs in spring, rates proposed and approved, announced, and the people counted in July."""
        starts_on = max(year.first_day, self.months[0])
        announced_on = announced(starts_on)
        first = began if place == 0 else self._at(after(starts_on, -2), 4)

        def approve() -> None:
            model = self.pricing.cost(place, year)
            self.pricing.approve(self.pricing.propose(place, model, starts_on, announced_on))

        self.diary.at(first, approve)
        self.diary.at(first if place == 0 else self._at(starts_on, 5), partial(self.pricing.count, starts_on))

    def _load(self, month: date) -> Callable[[], None]:
        def do() -> None:
            with TemporaryDirectory() as folder:
                for source in self.metering.sources(month):
                    path = self.metering.write(source, month, Path(folder), strange=month == self.months[-1])
                    batch = loading.receive(
                        path, source=self.sources[source], name=path.name, by=self.staff["ines"]
                    )
                    loading.load(batch.pk, by=self.staff["ines"], here=True)

        return do

    def _bill(self, month: date) -> Callable[[], None]:
        def do() -> None:
            made = running.run(Period.objects.get(first_on=month), by=self.staff["ines"], here=True)
            running.approve(made.pk, by=self.staff["ruth"])
            running.issue(made.pk, by=self.staff["ines"])

        return do

    def _disputes(self) -> None:
        """One that is explained, one that is upheld, and one that waits: the scans that doubled."""
        self._story(self.months[-9], 6, "DOH", "BCK-30", *IMAGES)
        self._story(self.months[-6], 5, "DOR", "HST-STD", *SHUT_DOWN, upheld=True)
        self.diary.at(self.chance.working_moment(DISPUTED), self._scans_doubled)

    def _later(self, month: date, days: int) -> datetime:
        """So many days after a month's bills were issued."""
        return self._at(after(month), 9) + timedelta(days=days, hours=1)

    def _story(
        self, month: date, days: int, key: str, code: str, said: str, answered: str, *, upheld: bool = False
    ) -> None:
        """A line disputed some days after its bill, and decided by the owner of its service within the week."""
        made: list[Dispute] = []

        def dispute() -> None:
            line = self._line(month, key, code)
            cents = line.cents // 5 if upheld else line.cents
            made.append(righting.dispute(line, cents=cents, reason=said, by=self._somebody(key)))

        def decide() -> None:
            if not upheld:
                righting.decide(made[0], outcome="explained", words=answered, by=self.staff["sam"])
                return
            found = righting.decide(made[0], outcome="upheld", words=answered, by=self.staff["sam"])
            assert found.adjustment
            righting.approve(found.adjustment.pk, by=self.staff["ines"])

        self.diary.at(self._later(month, days), dispute)
        self.diary.at(self._later(month, days + 5), decide)

    def _scans_doubled(self) -> None:
        line = self._line(self.doubled, "PRK", "SEC-SCN")
        said = f"Our scan charges doubled in {self.doubled:%B} and nothing here changed."
        made = righting.dispute(line, cents=line.cents // 2, reason=said, by=self._somebody("PRK"))
        before = Line.objects.filter(bill__partner=self.partners["PRK"], offering=line.offering).order_by(
            "month"
        )
        rows = [(f"{each.month:%B %Y}", each.quantity, each.cents) for each in before.reverse()[:3]]
        attach(made.follow_up.pk, "Scans by month.csv", papers.scan_charges(rows), self.staff["ines"])

    def _line(self, month: date, key: str, code: str) -> Line:
        return Line.objects.select_related("offering").get(
            bill__run__period__first_on=month,
            bill__partner=self.partners[key],
            offering__code=code,
            kind="usage",
        )

    def _somebody(self, key: str) -> User:
        return User.objects.filter(memberships__partner=self.partners[key]).earliest("pk")


IMAGES = (
    "We deleted four years of old X-ray images in spring, and the backup costs more than before.",
    (
        "What is deleted stays in the backup for 30 days, so the bill of that month holds both. The next one falls by what you "
        "deleted."
    ),
)
SHUT_DOWN = (
    "The old returns server was shut down for good, and it is still on our bill.",
    "It was shut down on the third; our monitoring went on counting it. You get the month back.",
)
