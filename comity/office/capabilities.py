"""What may be done with the office's settings."""

from comity.people.access import Capability

MANAGE = Capability("office.manage")
