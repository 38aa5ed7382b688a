"""What people may do with costs and rates."""

from comity.access import Capability

READ = Capability("rates.read")  # costs, rates and driver figures
EDIT = Capability("rates.edit")  # keep costs, propose rates, bring in driver figures
APPROVE = Capability("rates.approve")  # approve what somebody else proposed
PORTAL = Capability("rates.portal")  # read the rates of what one's own partner may have
