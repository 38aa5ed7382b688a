"""What people may do with who uses which service, and who may come to."""

from comity.access import Capability

READ = Capability("adoption.read")  # the map, the pipeline, and what is offered to whom
WORK = Capability("adoption.work")  # say where somebody stands, analyze a request, make an offer
SET = Capability("adoption.set")  # say who is eligible for what, by which law
PORTAL = Capability("adoption.portal")  # see what one's own partner may have, and where its requests stand
ASK = Capability("adoption.ask")  # ask for a service for one's own partner
