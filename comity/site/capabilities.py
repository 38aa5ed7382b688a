"""What the pages of the site itself ask for."""

from comity.access import Capability

MANAGE = Capability("site.manage")  # the page that leads to what is done rarely, for those it leads anywhere
