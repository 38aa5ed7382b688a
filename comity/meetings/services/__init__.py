"""Writing meetings down, mending and withdrawing them."""

from comity.meetings.services.visits import (
    ConflictError,
    Promised,
    edit_visit,
    log_visit,
    promise,
    withdraw_visit,
)

__all__ = ["ConflictError", "Promised", "edit_visit", "log_visit", "promise", "withdraw_visit"]
