"""What people may do with meetings."""

from comity.access import Capability

READ = Capability("meetings.read")
LOG = Capability("meetings.log")  # plan, write down, mend and withdraw
NAME_OFFICERS = Capability("meetings.name_officers")
PORTAL = Capability("meetings.portal")  # read what was said with one's own side, where the office shares it
