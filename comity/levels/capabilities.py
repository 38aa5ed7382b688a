"""What people may do with service levels."""

from comity.access import Capability

READ = Capability("levels.read")  # calendars, targets, and what each month came to
SET = Capability("levels.set")  # calendars and targets
CLOSE = Capability("levels.close")  # work a month out again, and close it for good
PORTAL = Capability("levels.portal")  # what closed months came to for one's own partner
