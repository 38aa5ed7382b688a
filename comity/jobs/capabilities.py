"""What one may do with background work."""

from comity.access import Capability

VIEW_WORK = Capability("jobs.view")  # see everybody's, not only one's own
