"""Lists that somebody brought in from a spreadsheet: one that was applied, and one that waits to be looked at."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from django.core.files.base import ContentFile

from comity.imports import services, staging
from comity.imports.models import Import
from comity.jobs.progress import Unwatched
from comity.people.models import User

HEADERS = ("Full name", "E-mail", "Phone", "Agency", "Job title", "In post since")

# What the Department of Revenue sent of its field offices; one row cannot be taken, and of another the day is left out.
FIELD_OFFICES = (
    ("Rosa Delgado", "7301", "DOR-FLD", "Field office lead, Greeneville", ""),
    ("Walt Pruitt", "7302", "DOR-FLD", "Field office lead, Jonesborough", ""),
    ("Nadia Rahimi", "7303", "DOR-FLD", "Field office lead, Elizabethton", ""),
    ("Hollis Crane", "7304", "DOR-TXP", "Walk-in counter supervisor", ""),
    ("Ming Castellanos", "7305", "DOR-AUD", "Audit manager", ""),
    ("Tess Galloway", "7306", "DOR-FIELD", "Field office lead, Erwin", ""),
    ("Jonah Abara", "7307", "DOR-FLD", "Field office clerk", "the spring of 2024"),
)

# The town clerks' association sends its list every year; nobody has looked at this one yet.
TOWN_CLERKS = (
    ("Marla Quist", "7401", "Town clerk"),
    ("Obie Larkin", "7402", "Town clerk"),
    ("Sunniva Teague", "7403", "Deputy clerk"),
)


def bring_field_offices(by: User) -> None:
    """Read, looked at and applied, as it is done on the pages of imports."""
    rows = [(*_reached(name, phone, "dor"), *post) for name, phone, *post in FIELD_OFFICES]
    batch = _receive("revenue-field-offices.csv", rows, by)
    services.apply(batch.pk, by=by, here=True)


def bring_town_clerks(by: User, towns: Iterable[str]) -> None:
    """Read, and left where somebody has to look at it."""
    rows = [
        (*_reached(name, phone, "clerks"), town, title, "")
        for (name, phone, title), town in zip(TOWN_CLERKS, towns, strict=False)
    ]
    _receive("town-clerks.csv", rows, by)


def _reached(name: str, phone: str, domain: str) -> tuple[str, str, str]:
    return name, f"{name.lower().replace(' ', '.')}@{domain}.franklin.example", f"555-{phone}"


def _receive(name: str, rows: Iterable[tuple[str, ...]], by: User) -> Import:
    text = StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    batch = services.receive(
        ContentFile(text.getvalue().encode(), name=name), profile="people", by=by, in_background=False
    )
    staging.read(Unwatched(), import_id=batch.pk)
    return batch
