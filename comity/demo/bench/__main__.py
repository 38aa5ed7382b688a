"""`make bench`: build the large state once, measure what docs/performance.md bounds, print the table.

Exit 1 when something is over its bound. The state is kept under COMITY_DATA/bench; remove that to build it anew.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from time import monotonic

HERE = Path(os.environ.get("COMITY_DATA", "var")).resolve() / "bench"


def main() -> int:
    """Measure everything; what was over its bound is said last."""
    HERE.mkdir(parents=True, exist_ok=True)
    os.environ.update(COMITY_DATA=str(HERE), DJANGO_SETTINGS_MODULE="comity.site.settings", COMITY_DEBUG="")
    os.environ["COMITY_SECOND_FACTOR"] = "optional"  # those who are measured have none
    os.environ.setdefault("COMITY_LOG_LEVEL", "WARNING")
    import django

    django.setup()
    _build()
    from comity.demo.bench.answering import measure_answering
    from comity.demo.bench.bills import measure_bills
    from comity.demo.bench.falling import measure_falling
    from comity.demo.bench.imports import measure_imports
    from comity.demo.bench.levels import measure_levels
    from comity.demo.bench.live import measure_live
    from comity.demo.bench.pages import measure_jobs, measure_pages
    from comity.demo.bench.rating import measure_rating
    from comity.demo.bench.surveys import measure_surveys
    from comity.itsm.tests.measuring import measure_sync

    print(f"\nPython {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}\n")
    kept = [
        measure_jobs(),  # first: pages are read after what comes round by the clock has come round
        measure_pages(),
        measure_surveys(),
        measure_imports(HERE),
        measure_answering(),
        measure_live(),
        measure_sync(),
        measure_bills(),
        measure_levels(),
        measure_rating(HERE),
        measure_falling(),
    ]
    return 0 if all(kept) else 1


def _build() -> None:
    from django.core.management import call_command

    from comity.demo.bench.big import MEETINGS, Big
    from comity.demo.state import begin_anew
    from comity.meetings.models import Meeting
    from comity.office.services import today

    call_command("migrate", verbosity=0)
    if Meeting.objects.filter(partners__isnull=False).count() >= MEETINGS:
        return
    begin_anew()  # what a build that was cut short may have left
    print("Building the large state (once, a few minutes) ...", flush=True)
    began = monotonic()
    Big(today()).build()
    print(f"Built in {monotonic() - began:.0f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
