"""What people may do with tickets and requests."""

from comity.access import Capability

READ = Capability("tickets.read")  # all tickets, and whose nobody knows
WORK = Capability(
    "tickets.work"
)  # bring lists in, say whose tickets are, and move those that are worked here
PORTAL = Capability("tickets.portal")  # one's own partners' tickets, as partners read them
