"""The nouns of this room: those the office serves, the people there, and who of the office looks after whom."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from comity.notifications.kinds import NoticeKind
from comity.nouns import Kept, Noun, Search
from comity.office.services import words
from comity.outbox.kinds import MailKind
from comity.partners import actions
from comity.partners.capabilities import VIEW_PEOPLE
from comity.partners.duplicates import services as duplicates
from comity.partners.leaving import destroy_left
from comity.partners.models import Assignment, Membership, Merge, Partner, Person, Position
from comity.partners.notices import ASSIGNED, LEAD_GAP


def _partner() -> str:
    """The office's word for one of them, asked each time it is said."""
    return words().Partner


def _partners() -> str:
    """The same of several."""
    return words().Partners


NOUNS = (
    Noun(
        Partner,
        plural=lazy(_partners, str)(),
        page="partner",
        one=lazy(_partner, str)(),
        actions={
            actions.CREATE_PARTNER: _("entered"),
            actions.UPDATE_PARTNER: _("changed"),
            actions.RETIRE_PARTNER: _("retired"),
        },
        search=Search(hint="code", rows=lambda user: Partner.objects.visible_to(user).standing()),
    ),
    Noun(
        Person,
        plural=_("People"),
        page="partners:person",
        actions={
            actions.ADD_PERSON: _("entered"),
            actions.UPDATE_PERSON: _("changed"),
            actions.PERSON_LEFT: _("wrote down that they left"),
        },
        search=Search(
            hint="email", to=VIEW_PEOPLE, rows=lambda user: Person.objects.visible_to(user).standing()
        ),
        traits=[Kept("people_left", _("People who left, with the posts they held"), None, destroy_left)],
    ),
    Noun(
        Position,
        actions={
            actions.SET_POSITION: _("wrote a position down"),
            actions.END_POSITION: _("ended a position"),
        },
    ),
    Noun(
        Membership,
        actions={
            actions.GRANT_MEMBERSHIP: _("gave access to the portal"),
            actions.END_MEMBERSHIP: _("ended access to the portal"),
        },
    ),
    Noun(
        Assignment,
        actions={
            actions.ASSIGN: _("named a contact"),
            actions.END_ASSIGNMENT: _("ended a contact’s assignment"),
            actions.HAND_OVER: _("handed over to another contact"),
        },
        traits=[
            MailKind("partners.hand_over", _("Your contact changes")),
            NoticeKind(
                ASSIGNED, _("Somebody gives me someone to look after"), addressed=True, office_only=True
            ),
            NoticeKind(LEAD_GAP, _("Somebody we serve has no lead contact any more"), office_only=True),
        ],
    ),
    Noun(
        Merge,
        page="partners:merged",
        actions={
            duplicates.MERGE: _("merged two entries"),
            duplicates.UNDO_MERGE: _("took a merge back"),
            duplicates.TELL_APART: _("said that two entries are not one"),
        },
    ),
)
