"""Partners, their people, and who in the office looks after them."""

from comity.partners.models.assignment import Assignment, Contact, load_by_contact, with_lead
from comity.partners.models.membership import Membership
from comity.partners.models.merge import DuplicateKind, LikelyPair, Merge, NotDuplicate
from comity.partners.models.partner import Alias, Domain, Partner, PartnerQuerySet
from comity.partners.models.person import (
    BY_RANK,
    ArrivingPosition,
    Person,
    PersonQuerySet,
    Position,
)
