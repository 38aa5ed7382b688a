"""What people may do with the catalogue of services."""

from comity.access import Capability

READ = Capability("services.read")
EDIT = Capability("services.edit")  # enter, change and retire services and their offerings
PORTAL = Capability("services.portal")  # read what one's own partner may have
