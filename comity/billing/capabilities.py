"""What people may do with bills."""

from comity.access import Capability

READ = Capability("billing.read")  # runs, bills and their lines, of everybody
RUN = Capability("billing.run")  # run a month, drop a draft, adjust issued lines, export
APPROVE = Capability("billing.approve")  # approve bills and adjustments, never those of one's own
ISSUE = Capability("billing.issue")  # give approved bills out: from then on they never change
PORTAL = Capability("billing.portal")  # one's own side's issued bills
OWN = Capability("billing.own")  # dispute lines of one's own side's bills, and split these by cost center
DECIDE = Capability("billing.decide")  # uphold or explain what a partner disputes
