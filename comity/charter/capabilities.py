"""What people may do with the chief customer officer's charter."""

from comity.access import Capability

READ = Capability("charter.read")  # the charter in force, the draft, and those before
WRITE = Capability("charter.write")  # write a draft; and one's first page follows the charter in force
ENDORSE = Capability("charter.endorse")  # put a draft in force
PORTAL = Capability("charter.portal")  # the charter in force, as partners read it
