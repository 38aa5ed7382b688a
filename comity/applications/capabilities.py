"""What people may do with the map of applications."""

from comity.access import Capability

READ = Capability("applications.read")  # the whole map, and what falls if something goes down
EDIT = Capability("applications.edit")  # enter and remove items and relations; bring lists in
CORRECT = Capability("applications.correct")  # confirm and correct: the office all, a partner's user its own
PORTAL = Capability("applications.portal")  # read one's own
