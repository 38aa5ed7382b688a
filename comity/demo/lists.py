"""Lists that somebody brought in from a spreadsheet: one that was applied, and one that waits to be looked at."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from django.core.files.base import ContentFile

from comity.imports import applying, services, staging
from comity.imports.models import Import
from comity.people.models import User

HEADERS = ("Full name", "E-mail", "Phone", "Agency", "Job title", "In post since")

# What the Department of Revenue sent of its field offices; two rows cannot be taken, and stand there with the reason.
FIELD_OFFICES = (
    (
        "Rosa Delgado",
        "rosa.delgado@dor.franklin.example",
        "555-7301",
        "DOR-FLD",
        "Field office lead, Greeneville",
        "",
    ),
    (
        "Walt Pruitt",
        "walt.pruitt@dor.franklin.example",
        "555-7302",
        "DOR-FLD",
        "Field office lead, Jonesborough",
        "",
    ),
    (
        "Nadia Rahimi",
        "nadia.rahimi@dor.franklin.example",
        "555-7303",
        "DOR-FLD",
        "Field office lead, Elizabethton",
        "",
    ),
    (
        "Hollis Crane",
        "hollis.crane@dor.franklin.example",
        "555-7304",
        "DOR-TXP",
        "Walk-in counter supervisor",
        "",
    ),
    ("Ming Castellanos", "ming.castellanos@dor.franklin.example", "555-7305", "DOR-AUD", "Audit manager", ""),
    (
        "Tess Galloway",
        "tess.galloway@dor.franklin.example",
        "555-7306",
        "DOR-FIELD",
        "Field office lead, Erwin",
        "",
    ),
    (
        "Jonah Abara",
        "jonah.abara@dor.franklin.example",
        "555-7307",
        "DOR-FLD",
        "Field office clerk",
        "the spring of 2024",
    ),
)

# The town clerks' association sends its list every year; nobody has looked at this one yet.
TOWN_CLERKS = (
    ("Marla Quist", "marla.quist@clerks.franklin.example", "555-7401", "Town clerk"),
    ("Obie Larkin", "obie.larkin@clerks.franklin.example", "555-7402", "Town clerk"),
    ("Sunniva Teague", "sunniva.teague@clerks.franklin.example", "555-7403", "Deputy clerk"),
)


def bring_field_offices(by: User) -> None:
    """Read, looked at and applied, as it is done on the pages of imports."""
    batch = _receive("revenue-field-offices.csv", [HEADERS, *FIELD_OFFICES], by)
    services.apply(batch.pk, by=by, in_background=False)
    applying.apply(_NobodyWatches(), import_id=batch.pk)


def bring_town_clerks(by: User, towns: Iterable[str]) -> None:
    """Read, and left where somebody has to look at it."""
    rows = [(*clerk[:3], town, clerk[3], "") for clerk, town in zip(TOWN_CLERKS, towns, strict=False)]
    _receive("town-clerks.csv", [HEADERS, *rows], by)


def _receive(name: str, rows: Iterable[tuple[str, ...]], by: User) -> Import:
    text = StringIO()
    csv.writer(text).writerows(rows)
    batch = services.receive(
        ContentFile(text.getvalue().encode(), name=name), profile="people", by=by, in_background=False
    )
    staging.read(_NobodyWatches(), import_id=batch.pk)
    return batch


class _NobodyWatches:
    """The progress of work that is done at once."""

    def say(self, done: int, total: int, message: str = "") -> None:
        return
