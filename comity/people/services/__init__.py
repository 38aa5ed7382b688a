"""What is done to people who sign in; each act is written to the trail."""

from comity.people.services.inviting import (
    accept,
    invite,
    invite_again,
    make_administrator,
    withdraw_invitation,
)
from comity.people.services.leaving import (
    away_on,
    call_off_absence,
    deactivate,
    end_access,
    reactivate,
    set_absence,
    stand_in_for,
)
from comity.people.services.passwords import mail_password_link, note_sign_in_change, set_password
from comity.people.services.profile import (
    AddressFollower,
    change_email,
    edit_person,
    reset_second_factor,
    set_roles,
    set_supervisor,
    update_profile,
)
from comity.people.services.sessions import (
    begin_session,
    end_sessions,
    has_just_signed_in,
    keep_this_session,
    renew_session,
    sign_in,
)
