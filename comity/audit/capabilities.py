"""What one may do with the trail."""

from comity.access import Capability

VIEW_TRAIL = Capability("audit.view")
