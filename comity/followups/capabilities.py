"""What people may do with follow-ups."""

from comity.access import Capability

READ = Capability("followups.read")  # the office's lists and pages
RAISE = Capability("followups.raise")  # write down what was heard
WORK = Capability("followups.work")  # own, hand over, do, tell, comment
MANAGE = Capability("followups.manage")  # reassign and move many at once
PORTAL = Capability("followups.portal")  # a partner's users: raise, and see where theirs stand
