"""What people may do with usage."""

from comity.access import Capability

READ = Capability("usage.read")
LOAD = Capability(
    "usage.load"
)  # bring files, say whose accounts and which meters they name, mend what was set aside
