"""What may be done with people who sign in."""

from comity.access import Capability

MANAGE = Capability("people.manage")
