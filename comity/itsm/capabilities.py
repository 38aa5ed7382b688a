"""What people may do with the connection with ServiceNow."""

from comity.access import Capability

CONNECT = Capability("itsm.connect")  # set it up, test it, and have it synced
