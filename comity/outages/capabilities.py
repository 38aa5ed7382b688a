"""What people may do with outages."""

from comity.access import Capability

READ = Capability("outages.read")
RECORD = Capability("outages.record")  # record them, tell what is new, say that they are over
PORTAL = Capability("outages.portal")  # the status of what one's own partner has
