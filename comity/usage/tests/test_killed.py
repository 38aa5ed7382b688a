"""`kill -9` while a file is loaded, wherever: all of its rows or none, and the next load clears what was left behind."""

from __future__ import annotations

import pytest

from comity.jobs.tests.processes import ProcessTestCase

# A partner, an offering, a source; and a file of which one row is set aside.
MADE = """
from pathlib import Path
from django.conf import settings
from comity.office.models import Office
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Offering, Service
from comity.usage.models import Source
Office.objects.create(pk=1, name="Office of IT")
sol = User.objects.create(email="sol@oit.example.gov", name="Sol")
Partner.objects.create(name="Parks", name_key="parks", kind="agency", code="PARKS")
service = Service.objects.create(name="Telephones", promise="You can call.", owner=sol)
Offering.objects.create(service=service, name="Line", code="VOICE", unit="device-month")
Source.objects.create(name="telco")
rows = "PARKS,VOICE,2026-07-01,1\\nPARKS,VOICE,2026-06-01,1\\nNOBODY,VOICE,2026-07-01,1\\n"
(settings.DATA / "usage.csv").write_text("Account,Meter,Day,Quantity\\n" + rows)
"""

# Loads the file, and dies without a word when it comes to a point.
LOADED = """
import os, signal
from django.conf import settings
from django.db import connection
from comity.usage.models import Source
from comity.usage.services import loading
from comity.usage.store import Store

def die(*_said, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(place, name, times=1):
    then, left = getattr(place, name), [times]
    def done(*said, **more):
        found = then(*said, **more)
        left[0] -= 1
        return found if left[0] else die()
    setattr(place, name, done)

{point}
batch = loading.receive(settings.DATA / "usage.csv", source=Source.objects.get(), name="usage.csv", by=None)
{late}
loading.load(batch.pk, by=None, here=True)
"""

COUNTED = """
import json
from comity.usage.services import counts
from comity.usage.store import Store
from comity import jobs
from comity.jobs import queue
from comity.jobs.models import Work
if {again}:
    Work.objects.filter(state="running").update(heartbeat_at="2026-01-01T00:00Z", worker="gone:1:1")
    queue.rescue()
    jobs.run_waiting()
files = [path.name for path in Store.here().folder.glob("rows/*/*.parquet")]
print(json.dumps([counts().as_json, sorted(files)]))
"""

POINTS = {
    "once the rows are judged": ('after(loading, "judge")', ""),
    "once the first file is kept": ('after(Store, "keep")', ""),
    "once all files are kept": ('after(loading, "_write")', ""),
    "as it begins to commit": ("", "after(loading.Part.objects.__class__, 'bulk_create')"),
}


@pytest.mark.slow
class Killed(ProcessTestCase):
    def test_nothing_or_all_of_it_and_the_work_is_taken_up_again(self) -> None:
        self.run_python(MADE)
        nothing = {"in": 0, "rated": 0, "excluded": 0, "set_aside": 0}
        whole = {"in": 3, "rated": 2, "excluded": 0, "set_aside": 1}
        for name, (point, late) in POINTS.items():
            with self.subTest(name):
                self.assertNotEqual(self.start_python(LOADED.format(point=point, late=late)).wait(), 0)
                counted, _files = self.run_python(COUNTED.format(again=False))
                self.assertEqual(counted, nothing)
        counted, files = self.run_python(COUNTED.format(again=True))
        self.assertEqual(counted, whole)
        self.assertEqual(
            len(files), 2, files
        )  # of the one that was quickest, a month each; the others knew its rows
