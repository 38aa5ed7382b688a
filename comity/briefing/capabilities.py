"""What the pages over many rooms ask for."""

from comity.people.access import Capability

SEE_OFFICE_PAGES = Capability("briefing.office")  # home, partners at a glance
SEE_COVERAGE = Capability("briefing.coverage")
SEE_WHOLE = Capability("briefing.whole")  # the CIO's page
SEE_PORTAL = Capability("briefing.portal")
