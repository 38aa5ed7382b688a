"""What people may do with mail that was sent to a partner's own address."""

from comity.access import Capability

READ = Capability("inbox.read")  # read what was filed, and the address of each partner
FILE = Capability("inbox.file")  # file or discard what waits, give a partner another address
