"""In the State of Franklin: 400 applications and the 900 items they stand on, and one storage array under too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle

from django.utils import timezone

from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.business.models import Process
from comity.partners.models import Partner
from comity.people.models import User

APPLICATIONS, ITEMS = 400, 900
# What bodies of each kind work with; the first of a kind are what most have.
OF_KIND = {
    "agency": (
        *(
            "Case management",
            "Licensing",
            "Grants",
            "Public website",
            "Document archive",
            "Payroll interface",
        ),
        *("Inspections", "Call center", "Reporting", "Field app", "Permits", "Data exchange"),
    ),
    "county": ("Land records", "Jail roster", "Tax collection", "County website"),
    "city": ("Utility billing", "Building permits", "Court dates"),
    "court": ("Dockets", "Jury calls", "E-filing"),
    "university": ("Enrollment", "Library catalog", "Dormitories"),
}
OTHERS = ("Website", "Meeting papers")
# The systems that people name when they tell of their work: whose, what, for which process, how long that can wait.
NAMED = (
    ("DOR", "TaxWise", ("Taking in returns", "Paying refunds"), 8),
    ("CHS", "CaseTrack", ("Removing a child from its home",), 1),
    ("DHS", "FranklinBenefits", ("Deciding who gets food assistance",), 4),
    ("PRK", "CampSpot", ("Reserving a place",), 48),
    ("47019", "RecordKeeper", ("Recording a deed",), 24),
)
VENDORS = ("", "Tyler Ridge", "Blue Gap Software", "", "Northfork Systems", "our own developers")
HOURS = ("Weekdays 8 to 5", "Day and night", "Weekdays 7 to 7")
DATA = ("public", "internal", "HIPAA", "CJIS", "FTI", "internal")
CLUSTERS, HOSTS, STORES, SWITCHES, NETS = 6, 48, 20, 24, 36
ARRAYS = ("Storage array A", "Storage array B", "Storage array C", "Storage array D")


class Map:
    """Builds it; the same rows every time."""

    def __init__(self, staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
        self.staff, self.partners, self.today = staff, partners, timezone.localdate()
        self.items: dict[str, Item] = {}
        self.relations: list[tuple[str, str, str, str, int | None]] = []

    def build(self) -> None:
        self._underneath()
        self._machines()
        self._applications()
        Item.objects.bulk_create(self.items.values(), batch_size=500)
        types = {row.name: row for row in RelationType.objects.all()}
        Relation.objects.bulk_create(
            (
                Relation(
                    from_item=self.items[one],
                    type=types[name],
                    to_item=self.items[other],
                    group=group,
                    min_up=least,
                )
                for one, name, other, group, least in self.relations
            ),
            batch_size=500,
        )

    def _add(self, key: str, name: str, kind: str, **facts: object) -> str:
        self.items[key] = Item(external_id=key, name=name, kind=kind, owner=self.staff["avery"], **facts)
        return key

    def _relate(
        self, one: str, name: str, others: Sequence[str], group: str = "", least: int | None = None
    ) -> None:
        self.relations += [(one, name, other, group, least) for other in others]

    def _underneath(self) -> None:
        """Two sites; arrays, switches in pairs, clusters of hosts that stand in for each other."""
        seen = timezone.now() - timedelta(days=20)
        sites = [
            self._add(f"site-{at}", f"Data center {name}", "site")
            for at, name in enumerate(("Capitol", "Ridgeview"))
        ]
        for at, name in enumerate(ARRAYS):
            facts = {
                "rto_hours": 24,
                "rto_tested_hours": 30,
                "confirmed_at": seen,
                "confirmed_by": self.staff["avery"],
            }
            array = self._add(
                f"sto-{at}", name, "storage", criticality="vital", vendor="Hale & Pruitt", **facts
            )
            self._relate(array, "Hosted on", sites[at % 2 : at % 2 + 1])
        for at in range(SWITCHES):
            self._relate(
                self._add(f"swi-{at:02}", f"Core switch {at + 1:02}", "network"), "Hosted on", [sites[at % 2]]
            )
        for at in range(NETS):
            net = self._add(f"net-{at:02}", f"Network segment {at + 1:02}", "network")
            pair = [f"swi-{at % 12 * 2:02}", f"swi-{at % 12 * 2 + 1:02}"]
            self._relate(net, "Depends on", pair, "switches", 1)
        for at in range(CLUSTERS):
            cluster = self._add(f"clu-{at}", f"Cluster {at + 1}", "cluster", rto_hours=2, rto_tested_hours=1)
            hosts = [
                self._add(f"esx-{at}{n}", f"esx{at + 1}{n + 1:02}", "host", rto_hours=4) for n in range(8)
            ]
            self._relate(cluster, "Members", hosts, "hosts", 6)
        for at in range(STORES):
            store = self._add(f"dst-{at:02}", f"Datastore {at + 1:02}", "storage", rto_hours=4)
            if at < 3:  # the story: these were to be mirrored in 2023, and never were
                self._relate(store, "Depends on", ["sto-0"])
            else:
                self._relate(
                    store, "Depends on", [f"sto-{at % 3 + 1}", f"sto-{(at + 1) % 3 + 1}"], "mirror", 1
                )

    def _machines(self) -> None:
        """Servers, and databases on some of them, until there are so many items."""
        count = ITEMS - len(self.items)
        databases = count // 4
        for at in range(count - databases):
            server = self._add(f"srv-{at:04}", f"srv{at:04}", "server", rto_hours=4, rto_tested_hours=3)
            self._relate(server, "Runs on", [f"clu-{at % CLUSTERS}"])
            self._relate(server, "Depends on", [f"dst-{at % STORES:02}", f"net-{at % NETS:02}"])
        for at in range(databases):
            database = self._add(f"dbs-{at:04}", f"db{at:04}", "database", rto_hours=4)
            self._relate(database, "Runs on", [f"srv-{at * 3:04}"])

    def _applications(self) -> None:
        """Those that people name, then what bodies of each kind have, the largest bodies first."""
        servers = cycle(sorted(key for key in self.items if key.startswith("srv")))
        databases = cycle(sorted(key for key in self.items if key.startswith("dbs")))
        for at, (partner, name) in enumerate(self._names()):
            key = self._add(
                f"app-{at:04}",
                name,
                "application",
                partner=partner,
                criticality=("vital", "high", "medium", "medium", "low")[at % 5 if at >= len(NAMED) else 0],
                hours=HOURS[at % 3],
                users=2400 // (1 + at % 40),
                data_class=DATA[at % 6],
                vendor=VENDORS[at % 6],
                rto_hours=(4, 8, 24, 48)[at % 4],
                rto_tested_hours=None if at % 3 else (6, 8, 20)[at % 2],
                rpo_hours=(1, 24)[at % 2],
                support_ends_on=date(self.today.year + at % 5 - 1, 6, 30) if at % 4 == 0 else None,
                confirmed_at=None if at % 7 == 0 else timezone.now() - timedelta(days=at % 200),
                confirmed_by=None if at % 7 == 0 else self.staff["sam"],
            )
            if at % 33 == 20:  # nobody has said where it runs
                continue
            if at < len(NAMED):
                self._relate(key, "Runs on", [f"srv-{at * 20:04}"])
                self._relate(key, "Depends on", [f"dbs-{at * 20:04}"])
            elif at % 4 == 0:
                web = [next(servers) for _server in range(3)]
                self._relate(key, "Runs on", web, "web", 2)
                self._relate(key, "Depends on", [next(databases)])
            else:
                self._relate(key, "Runs on", [next(servers)])
                if at % 2:
                    self._relate(key, "Depends on", [next(databases)])

    def _names(self) -> Iterator[tuple[Partner, str]]:
        for code, name, _processes, _waits in NAMED:
            yield self.partners[code], name
        left = APPLICATIONS - len(NAMED)
        bodies = sorted(self.partners.values(), key=lambda one: (-(one.headcount or 0), one.pk))
        for place in range(max(map(len, OF_KIND.values()))):
            for partner in bodies:
                names = OF_KIND.get(partner.kind, OTHERS)
                if place < len(names) and left:
                    left -= 1
                    yield partner, f"{names[place]} ({partner.code or partner.name})"


def build(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    Map(staff, partners).build()


def link(_staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """What partners told of their work is linked with what they work with."""
    for code, name, processes, waits in NAMED:
        item = Item.objects.get(partner=partners[code], name=name)
        for process in Process.objects.filter(partner=partners[code], name__in=processes):
            Reliance.objects.create(process=process, item=item, waits_hours=waits)


STORY = ((236, build), (230, link))
