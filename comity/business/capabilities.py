"""What people may do with what is known of partners' business."""

from comity.access import Capability

READ = Capability("business.read")  # the lists of all partners' business, and who of us understands whom
PORTAL = Capability("business.portal")  # the pages of one's own partners
WRITE = Capability(
    "business.write"
)  # write on a page: the office on all, a partner's user on those of its own
UNDERSTAND = Capability("business.understand")  # say who of us understands whom; bring lists in
