"""What people may do with councils."""

from comity.access import Capability

READ = Capability("councils.read")
RUN = Capability("councils.run")  # keep councils: seats, meetings, minutes, live sessions and votes
DECIDE = Capability("councils.decide")  # depart from what a council voted, for a reason
PORTAL = Capability("councils.portal")
