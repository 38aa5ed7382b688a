"""What may be done with the office's settings."""

from comity.access import Capability

MANAGE = Capability("office.manage")
