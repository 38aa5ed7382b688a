"""What a new day brings."""

from __future__ import annotations

from comity.office.services import today
from comity.partners import notices
from comity.partners.services.leads import refresh_leads
from comity.partners.services.memberships import close_lapsed


def turn_of_day() -> None:
    """Leads that begin or end, and access that ends with its last day."""
    notices.tell_gaps(refresh_leads(today()), by="worker")
    close_lapsed(today())
