"""What people may do with requests for what the office offers."""

from comity.access import Capability

READ = Capability("requests.read")  # the requests of all partners, and the forms
WORK = Capability("requests.work")  # take a request a step on, or decline it
BUILD = Capability("requests.build")  # write the form of an offering, and put it in force
PORTAL = Capability("requests.portal")  # ask, and follow what one's own partner asked for
APPROVE = Capability("requests.approve")  # say from which cost on one's partner approves, and approve
