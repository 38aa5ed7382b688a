"""The office's settings, for everyone who has to speak in its name or count by its calendar."""

from comity.office.services.changing import (
    add_closure,
    add_tier,
    change_tier,
    remove_closure,
    remove_tier,
    set_logo,
    update_office,
)
from comity.office.services.current import (
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
from comity.office.services.retaining import (
    Keeping,
    keepings,
    kinds_on_hold,
    lift_hold,
    place_hold,
    remove_rule,
    rules_in_force,
    set_rule,
)
from comity.office.services.setting_up import AlreadySetUpError, is_set_up, set_up
