"""What the pages over many rooms ask for."""

from comity.access import Capability

SEE_OFFICE_PAGES = Capability("briefing.office")  # home, partners at a glance
SEE_COVERAGE = Capability("briefing.coverage")
SEE_OVERVIEW = Capability("briefing.overview")  # the CIO's page
ANSWER_FOR_OFFICE = Capability("briefing.answer")  # their day begins with what the whole office owes
SEE_PORTAL = Capability("briefing.portal")
