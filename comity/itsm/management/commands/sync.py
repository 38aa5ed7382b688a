"""`comity sync servicenow`: read ServiceNow here and now; `comity sync stub`: serve the stub that plays it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from comity.itsm import samples, services
from comity.itsm.models import Connection
from comity.jobs import queue
from comity.people.management.acting import COMMAND_LINE, ActsCommand, Said


def _servicenow(*, full: bool, **_more: Any) -> Said:
    work = services.start(COMMAND_LINE, full=full, here=True)
    with queue.here(work) as progress:
        said = services.run(progress, full=full)
    tables = {row.name: {**row.last, "total": row.total, "problem": row.problem} for row in services.feeds()}
    facts = Connection.objects.values("problem", "clock_off").get()
    return {"said": said, **facts, "tables": tables}, [said]


def _stub(*, port: int, **_more: Any) -> Said:
    """Until it is stopped; in the demo, the connection leads to it."""
    from comity.testing import servicenow

    instance = servicenow.Instance(servicenow.Tables(Path(settings.DATA) / "servicenow-stub.sqlite3"))
    samples.fill(instance.tables)

    def listening(url: str) -> None:
        if settings.DEMO:
            Connection.objects.update(url=url)
        print(f"A stub plays ServiceNow at {url}", flush=True)

    servicenow.serve(instance, port, listening)
    return {}, ["Stopped."]


class Command(ActsCommand):
    help = "Read what ServiceNow has; or serve the stub that plays it, for the demo."
    acts = {"servicenow": (_servicenow, "read it now"), "stub": (_stub, "serve the stub")}
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parsers = self.add_acts(parser, tell={"servicenow"})
        full = "read every row again, and find what was deleted"
        parsers["servicenow"].add_argument("--full", action="store_true", help=full)
        parsers["stub"].add_argument("--port", type=int, default=0, help="the port to listen on")
