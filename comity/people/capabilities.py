"""What may be done with people who sign in."""

from comity.people.access import Capability

MANAGE = Capability("people.manage")
