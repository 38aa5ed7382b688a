"""What people may do with problems that several have."""

from comity.access import Capability

READ = Capability("patterns.read")  # patterns, proposals, and what is said elsewhere
WORK = Capability("patterns.work")  # say what is the same problem, keep patterns, act on them; rotations
SHARE = Capability("patterns.share")  # agree that others may be told that one has the problem too
