"""What may be done here."""

from comity.access import Capability

IMPORT = Capability("imports.import")
