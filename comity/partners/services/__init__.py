"""What is done to partners, their people and those who look after them. Each act is one transaction with its trail."""

from comity.partners.notices import who_assigns
from comity.partners.services.assignments import (
    Assigned,
    assign,
    assign_many,
    end_assignment,
    refresh_leads,
    take_back,
    why_left,
)
from comity.partners.services.handing_over import Told, hand_over, who_is_told
from comity.partners.services.memberships import close_lapsed, end_membership, grant_membership, roles_of
from comity.partners.services.people import (
    add_person,
    add_person_with_post,
    correct_position,
    destroy_left,
    end_position,
    fill_position,
    follow_sign_in,
    person_left,
    set_position,
    update_person,
)
from comity.partners.services.registry import (
    create_partner,
    retire_partner,
    set_on_many,
    update_partner,
)
