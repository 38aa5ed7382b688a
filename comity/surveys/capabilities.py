"""What people may do with surveys."""

from comity.access import Capability

READ = Capability("surveys.read")  # waves, their figures, and whoever said what in named ones
RUN = Capability("surveys.run")  # build surveys, invite, remind, close
SEE_CONFIDENTIAL = Capability(
    "surveys.see_confidential"
)  # the survey office: names behind confidential answers
PORTAL = Capability("surveys.portal")  # one's own side's answers beside the state's, and what came of them
