"""Planning visits, writing meetings down, mending and withdrawing them."""

from comity.meetings.services.officers import name_officers
from comity.meetings.services.planned_visits import call_off, change_planned_visit, plan_visit
from comity.meetings.services.series import plan_next
from comity.meetings.services.visits import (
    AlreadyLoggedError,
    Promised,
    edit_visit,
    join_visit,
    log_visit,
    promise,
    withdraw_visit,
)
