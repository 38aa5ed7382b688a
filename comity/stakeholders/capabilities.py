"""What people may do with stakeholders."""

from comity.access import Capability

READ = Capability("stakeholders.read")
EDIT = Capability("stakeholders.edit")  # enter and rate them; keep initiatives; plan steps
SENSITIVE = Capability("stakeholders.sensitive")  # see those that are marked sensitive
