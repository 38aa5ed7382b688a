"""The office's settings, for everyone who has to speak in its name or count by its calendar."""

from comity.office.services.asking import (
    ClosedDay,
    Words,
    calendar,
    closed_days,
    current_office,
    due_on,
    fiscal_year,
    languages,
    time_zone,
    today,
    words,
)
from comity.office.services.changing import (
    Clash,
    ClashError,
    add_closure,
    remove_closure,
    remove_tier,
    save_tier,
    set_logo,
    update_office,
)
from comity.office.services.setting_up import AlreadySetUpError, is_set_up, set_up

__all__ = [
    "AlreadySetUpError",
    "Clash",
    "ClashError",
    "ClosedDay",
    "Words",
    "add_closure",
    "calendar",
    "closed_days",
    "current_office",
    "due_on",
    "fiscal_year",
    "is_set_up",
    "languages",
    "remove_closure",
    "remove_tier",
    "save_tier",
    "set_logo",
    "set_up",
    "time_zone",
    "today",
    "update_office",
    "words",
]
