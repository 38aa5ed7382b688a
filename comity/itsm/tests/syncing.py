"""An instance that the stub plays, filled anew for each test, and connected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from comity.core.errors import DomainError
from comity.itsm import client, services, sync
from comity.itsm.models import PURPOSE, Connection, Feed, Seen
from comity.itsm.taking import KEYS, TABLES
from comity.jobs import queue
from comity.people import sealing
from comity.testing.cast import CastTestCase
from comity.testing.servicenow import CLIENT, SECRET, Fault, Stub, Tables, made_id, stamp
from comity.tickets.models import Ticket


def blank(name: str) -> dict[str, str]:
    """A row of a table with every field that is asked for, and empty."""
    fields = dict.fromkeys((each for each in TABLES[name].fields if each not in KEYS), "")
    return {**fields, "request": ""}


def incident(number: int, at: datetime, **more: str) -> dict[str, str]:
    row = blank("incident") | {
        "sys_id": made_id(f"incident {number}"),
        "number": f"INC{number:07}",
        "state": "2",
        "priority": "3",
        "short_description": f"Printer {number} prints nothing",
        "opened_at": stamp(at),
        "sys_updated_on": stamp(at),
        "sys_mod_count": "0",
    }
    return row | {name.replace("__", "."): value for name, value in more.items()}


def fill(tables: Tables, count: int, at: datetime) -> None:
    """So many incidents, a minute apart, the last at that moment."""
    tables.put("incident", (incident(n, at - timedelta(minutes=count - n)) for n in range(1, count + 1)))


def connected(url: str, **more: Any) -> Connection:
    sealed = sealing.keys(PURPOSE).encrypt(SECRET.encode()).decode()
    return Connection.objects.create(url=url, client=CLIENT, secret_sealed=sealed, **more)


@override_settings(DEMO=True)  # so that an instance on this machine is asked
class SyncTestCase(CastTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.stub = self.enterContext(Stub())
        self.tables = self.stub.tables
        self.now = timezone.now().replace(microsecond=0)
        self.waits: list[float] = []
        self.enterContext(patch.object(client, "pause", self.waits.append))
        self.enterContext(patch.object(sync, "SIZE", 10))
        self.connection = connected(self.stub.url)

    def fault(self, what: str | int = "", **more: Any) -> Fault:
        fault = Fault(what, **{"on": "table/incident", **more})
        self.stub.faults.append(fault)
        return fault

    def sync(self, *, full: bool = False) -> str:
        work = services.start("test", full=full, here=True)
        with queue.here(work) as progress:
            return services.run(progress, full=full)

    def refused(self, *, full: bool = False) -> str:
        """The sentence of a sync that does not come to its end."""
        with self.assertRaises(DomainError) as refused:
            self.sync(full=full)
        return str(refused.exception)

    def feed(self, name: str = "incident") -> Feed:
        return Feed.objects.get(name=name)

    def assertSame(self) -> None:
        """Every incident there is here, as it is there, once."""
        theirs = {row["number"]: row["sys_updated_on"] for row in self.tables.rows("incident")[0]}
        rows = Ticket.objects.filter(source="snow").values_list("number", "source_updated_at")
        ours = {number: stamp(at) if at else "" for number, at in rows}
        self.assertEqual(ours, theirs)
        seen = dict(Seen.objects.filter(feed__name="incident").values_list("sys_id", "stamp"))
        self.assertEqual(sorted(seen.values()), sorted(theirs.values()))
