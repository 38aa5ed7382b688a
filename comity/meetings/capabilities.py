"""What people may do with meetings."""

from comity.people.access import Capability

READ = Capability("meetings.read")
LOG = Capability("meetings.log")  # write down, mend and withdraw
