"""The office's settings, for everyone who has to speak in its name or count by its calendar."""

from comity.office.services.asking import (
    Words,
    calendar,
    current_office,
    due_on,
    fiscal_year,
    languages,
    time_zone,
    today,
    words,
)

__all__ = [
    "Words",
    "calendar",
    "current_office",
    "due_on",
    "fiscal_year",
    "languages",
    "time_zone",
    "today",
    "words",
]
