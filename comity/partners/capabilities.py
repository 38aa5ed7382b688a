"""What roles may do with partners and their people. Who holds which is said in site/roles.py."""

from comity.access import Capability

VIEW = Capability("partners.view")
EDIT = Capability("partners.edit")
ASSIGN = Capability("partners.assign")
VIEW_PEOPLE = Capability("partners.view_people")
EDIT_PEOPLE = Capability("partners.edit_people")
GRANT_ACCESS = Capability("partners.grant_access")
