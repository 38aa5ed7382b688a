"""What may be done here."""

from comity.people.access import Capability

IMPORT = Capability("imports.import")
