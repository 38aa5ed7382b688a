"""The State of Franklin's connection with ServiceNow, which the stub plays, and what that has and the office has not seen yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from comity.itsm import services
from comity.itsm.taking import REQUESTS, SOURCE, TABLES, WHO
from comity.partners.models import Partner
from comity.people.models import User
from comity.tickets.models import Ticket

if TYPE_CHECKING:
    from comity.testing.servicenow import Tables

NEW = (
    "The badge printer of the licensing office prints upside down",
    "Nobody can sign in to the permit portal since the certificate changed",
    "The elevator phone of the annex rings at our service desk",
    "A shared calendar shows meetings of another agency",
    "The inspection tablets lose their maps outside the city",
    "The payroll export has stopped at row 65,536",
    "The hearing room’s microphone is heard in the hallway",
    "Scans of land records arrive in black only",
)
WANTED = (
    "Ten tablets for bridge inspectors",
    "A mailbox for complaints about fish licenses",
    "More room for the archive of the courts",
    "A second line for the poison hotline",
)
ASKED = "request.requested_for"
STEPS = ("Check the budget", "Order it", "Set it up", "Show how it works")
SITES = ("permits", "payroll", "licenses", "inspections", "archive")


def connection(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """With the stub, which says its address when it starts; synced when somebody asks, so that there is something to see."""
    values = {
        "url": "https://franklin.service-now.example",
        "auth": "oauth",
        "client": "comity",
        "active": False,
    }
    services.connect(values, secret="franklin-demo", by=staff["avery"])


def made_id(of: str) -> str:
    return hashlib.md5(of.encode(), usedforsecurity=False).hexdigest()


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def fill(tables: Tables) -> None:
    """What ServiceNow has: tickets that the office knows, and which have moved on, new ones, requests, and servers."""
    if tables.rows("incident", limit=1)[1]:
        return
    filled = Filled(tables)
    filled.rows("incident", filled.known())
    filled.rows("incident", filled.new())
    filled.rows("sc_req_item", filled.wanted())
    filled.rows("sc_task", filled.steps())
    filled.rows("task_sla", filled.clocks(), by="task")
    filled.rows("cmdb_ci", filled.items(), by="name")
    filled.rows("cmdb_rel_ci", filled.relations(), by="id")


class Filled:
    """Rows for each table, the same ones each time but for their moments."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.now = timezone.now().replace(second=0, microsecond=0)
        self.names = list(Partner.objects.order_by("code").values_list("name", flat=True)[:40]) or ["Parks"]

    def rows(self, name: str, every: Iterator[dict[str, str]], by: str = "number") -> None:
        blank = dict.fromkeys(TABLES[name].fields[3:], "")
        self.tables.put(name, ({**blank, **row, "sys_id": made_id(f"{name} {row[by]}")} for row in every))

    def ago(self, hours: float) -> str:
        return stamp(self.now - timedelta(hours=hours))

    def known(self) -> Iterator[dict[str, str]]:
        open_ones = Ticket.objects.filter(source=SOURCE, kind="incident").open().order_by("-opened_at")[:24]
        for at, ticket in enumerate(open_ones):
            said = {"state": ("6", "2", "3")[at % 3], "hold_reason": "4" if at % 3 == 2 else ""}
            facts = {
                "number": ticket.number,
                "short_description": ticket.title,
                "priority": str(ticket.priority),
            }
            whose = {f"caller_id{WHO[name]}.name": value for name, value in ticket.said_by.items()}
            moments = {
                "opened_at": stamp(ticket.opened_at),
                "resolved_at": self.ago(at / 8) if at % 3 == 0 else "",
            }
            yield facts | said | whose | moments | {"sys_updated_on": self.ago(at / 8), "sys_mod_count": "3"}

    def new(self) -> Iterator[dict[str, str]]:
        for at, title in enumerate(NEW):
            whose = {
                "caller_id.department.name": self.names[at * 5 % len(self.names)]
                if at % 4
                else "Bureau of Lost Property"
            }
            facts = {"number": f"INC009{at:04}", "short_description": title, "priority": str(2 + at % 3)}
            moments = {"opened_at": self.ago(at + 1), "sys_updated_on": self.ago(at + 1)}
            yield facts | whose | moments | {"state": "1", "assignment_group.name": "Service desk"}

    def wanted(self) -> Iterator[dict[str, str]]:
        for at, title in enumerate(WANTED):
            whose = {f"{ASKED}.department.name": self.names[at * 7 % len(self.names)]}
            facts = {"number": f"RITM009{at:04}", "short_description": title, "priority": "4", "state": "2"}
            yield (
                facts
                | whose
                | {
                    "opened_at": self.ago(20 + at),
                    "sys_updated_on": self.ago(20 + at),
                    "due_date": self.ago(-72),
                }
            )

    def steps(self) -> Iterator[dict[str, str]]:
        for at in range(len(WANTED) * len(STEPS)):
            item, step = divmod(at, len(STEPS))
            of = made_id(f"{REQUESTS.name} RITM009{item:04}")
            facts = {"number": f"SCTASK009{at:04}", "request_item": of, "short_description": STEPS[step]}
            yield facts | {
                "state": "3" if step < item else "1",
                "sys_updated_on": self.ago(12),
                "closed_at": "",
            }

    def clocks(self) -> Iterator[dict[str, str]]:
        for at in range(len(NEW)):
            of = made_id(f"incident INC009{at:04}")
            lasted = f"{datetime(1970, 1, 1) + timedelta(hours=at, minutes=20):%Y-%m-%d %H:%M:%S}"  # noqa: DTZ001
            facts = {"task": of, "sla.name": "Resolve within a working day", "stage": "in_progress"}
            said = {"has_breached": "true" if at > 5 else "false", "planned_end_time": self.ago(at - 5)}
            yield (
                facts
                | said
                | {"business_duration": lasted, "duration": lasted, "sys_updated_on": self.ago(at / 2)}
            )

    def items(self) -> Iterator[dict[str, str]]:
        for site in SITES:
            yield {
                "name": f"{site} (application)",
                "sys_class_name": "cmdb_ci_appl",
                "sys_updated_on": self.ago(90),
            }
            yield {"name": f"{site}-db", "sys_class_name": "cmdb_ci_database", "sys_updated_on": self.ago(90)}
            yield {
                "name": f"vm-{site}-01",
                "sys_class_name": "cmdb_ci_server",
                "sys_updated_on": self.ago(90),
            }

    def relations(self) -> Iterator[dict[str, str]]:
        for site in SITES:
            app, database, server = (f"{site} (application)", f"{site}-db", f"vm-{site}-01")
            for one, two, kind in ((app, database, "Depends on::Used by"), (app, server, "Runs on::Runs")):
                ends = {"parent": made_id(f"cmdb_ci {one}"), "child": made_id(f"cmdb_ci {two}")}
                yield ends | {"type.name": kind, "sys_updated_on": self.ago(80), "id": f"{one} {two}"}
