"""A sync of 100,000 incidents from the stub, which takes as long for a thousand rows as a quick instance does: how much is ours?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from time import perf_counter

from django.core.management import call_command
from django.test import override_settings

from comity.itsm.models import Connection, Feed
from comity.itsm.taking import KEYS, SOURCE, TABLES
from comity.testing.servicenow import CLIENT, SECRET, Stub, stamp
from comity.tickets.models import Ticket

ROWS, PACE, OURS = 100_000, 1.0, 0.2  # PACE: seconds for a thousand rows


def measure_sync() -> bool:
    now, blank = datetime.now(UTC), dict.fromkeys(TABLES["incident"].fields[len(KEYS) :], "")
    moments = (stamp(now - timedelta(minutes=ROWS - number)) for number in range(ROWS))
    with Stub() as stub, override_settings(DEMO=True, SERVICENOW_SECRET=SECRET):
        said = {**blank, "state": "2", "priority": "3", "short_description": "A printer prints nothing"}
        known = (
            {"number": f"SYNC{n:07}", "opened_at": at, "sys_updated_on": at} for n, at in enumerate(moments)
        )
        stub.tables.put("incident", ({**said, **row} for row in known))
        stub.pace = PACE
        Connection.objects.create(url=stub.url, auth="basic", client=CLIENT)
        began = perf_counter()
        call_command("sync", "servicenow")
        took = perf_counter() - began
    ours = (took - stub.busy) / took
    words = f"sync of {ROWS:,} rows: {took:.1f} s, the stub {stub.busy:.1f} s, ours {ours:.1%}"
    sys.stdout.write(f"\n{words} (at most {OURS:.0%})\n")
    for rows in (Connection.objects, Feed.objects, Ticket.objects.filter(source=SOURCE)):
        rows.all().delete()
    return ours <= OURS
