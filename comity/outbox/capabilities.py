"""What one may do with the outbox."""

from comity.access import Capability

VIEW_OUTBOX = Capability("outbox.view")
TEND_OUTBOX = Capability("outbox.tend")  # try again, give up, stop and lift
