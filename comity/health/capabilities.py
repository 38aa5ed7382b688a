"""What people may do with the health of relationships."""

from comity.access import Capability

READ = Capability("health.read")  # scores with their arithmetic, trends, maturity as both sides see it
WORK = Capability("health.work")  # start a play, hold a band to be another, say how mature a relationship is
SET = Capability("health.set")  # the office's weights, and the steps of its plays
PORTAL = Capability("health.portal")  # say for one's own partner how mature the relationship is
