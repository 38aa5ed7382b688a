"""What people may do with usage."""

from comity.access import Capability

READ = Capability("usage.read")
# Bring files, say whose accounts and which meters they name, mend what was set aside.
LOAD = Capability("usage.load")
