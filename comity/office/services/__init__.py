"""The office's settings, for everyone who has to speak in its name or count by its calendar."""

from comity.office.services.changing import (
    AlreadySetUpError,
    add_closure,
    add_tier,
    change_tier,
    is_set_up,
    remove_closure,
    remove_tier,
    set_logo,
    set_up,
    update_office,
)
from comity.office.services.current import (
    calendar,
    closed_days,
    current_office,
    day_of,
    due_on,
    fiscal_year,
    languages,
    time_zone,
    today,
    words,
)
from comity.office.services.retaining import Keeping, keepings, lift_hold, place_hold, remove_rule, set_rule
