"""The nouns of this room: those the office serves, the people there, and who of the office looks after whom."""

from __future__ import annotations

from datetime import time

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comity.imports.models import ImportRow
from comity.imports.profiles import Profile
from comity.jobs import LongWork, Recurring
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Kept, Noun, Place, Search
from comity.office.services import today, words
from comity.outbox.kinds import MailKind
from comity.outbox.stopping import SameReader
from comity.partners import actions
from comity.partners.capabilities import EDIT, EDIT_PEOPLE, VIEW, VIEW_PEOPLE
from comity.partners.duplicates import finding
from comity.partners.duplicates import services as duplicates
from comity.partners.importing.fields import PARTNERS_FIELDS, PEOPLE_FIELDS
from comity.partners.importing.partner_rows import PartnerHandler
from comity.partners.importing.people_rows import PeopleHandler
from comity.partners.importing.steps import after_partners, after_people
from comity.partners.models import (
    Assignment,
    Contact,
    LikelyPair,
    Membership,
    Merge,
    Partner,
    Person,
    Position,
)
from comity.partners.notices import ASSIGNED, LEAD_GAP
from comity.partners.obligations import Obligation
from comity.partners.pickers import PARTNER, PARTNER_TODAY, PARTNER_WORD, PARTNERS_WORD, PERSON
from comity.partners.services import follow_sign_in, hand_over, roles_of
from comity.partners.services.memberships import turn_of_day
from comity.partners.services.people import addresses_of_survivors, destroy_left
from comity.people.duties import Duty
from comity.people.models import PartnerRoles
from comity.people.services import AddressFollower

ADD_ONE = lazy(lambda: _("Add a new %(partner)s") % {"partner": words().partner}, str)()


def _person_or_post(row: ImportRow) -> str:
    """A person's page; a vacant post stands among the people of its partner."""
    if at := row.write.get("vacant"):
        return reverse("partners:people_of", args=[at])
    return reverse("partners:person", args=[row.target_id])


PARTNERS = Profile(
    key="partners",
    label=PARTNERS_WORD,
    to=EDIT,
    fields=PARTNERS_FIELDS,
    handler=PartnerHandler,
    link=lambda row: reverse("partner", args=[row.target_id]),
    steps=after_partners,
)
PEOPLE = Profile(
    key="people",
    label=_("People and their positions"),
    to=EDIT_PEOPLE,
    fields=PEOPLE_FIELDS,
    handler=PeopleHandler,
    link=_person_or_post,
    steps=after_people,
)

NOUNS = (
    Noun(
        Partner,
        plural=PARTNERS_WORD,
        page="partner",
        places=[
            Place(Area.PARTNERS, PARTNERS_WORD, "partners:list", VIEW),
            Place(
                Area.PARTNERS,
                _("Likely duplicates"),
                "partners:duplicates",
                EDIT,
                _("Entries that may be the same"),
                under="partners:list",
            ),
        ],
        one=PARTNER_WORD,
        acts=[Act(ADD_ONE, _("a name is enough to start"), "partners:add", EDIT)],
        actions={
            actions.CREATE_PARTNER: _("added"),
            actions.UPDATE_PARTNER: _("changed"),
            actions.RETIRE_PARTNER: _("retired"),
        },
        search=Search(hint="code", rows=lambda user: Partner.objects.visible_to(user).standing()),
        traits=[
            PARTNERS,
            PARTNER,
            PARTNER_TODAY,
            Obligation(
                "partners.parts",
                ngettext_lazy(
                    "%(count)s organization that is part of it",
                    "%(count)s organizations that are part of it",
                    "count",
                ),
                open_rows=lambda partner: (
                    Partner.objects.standing().filter(parent=partner).exclude(status=Partner.Status.FORMER)
                ),
                url=lambda partner: f"{reverse('partners:list')}?part_of={partner.pk}",
            ),
        ],
    ),
    Noun(
        Person,
        plural=_("People"),
        page="partners:person",
        places=[Place(Area.PARTNERS, _("People"), "partners:people", VIEW_PEOPLE)],
        acts=[Act(_("Add someone"), _("a person and their position"), "partners:add_person", EDIT_PEOPLE)],
        actions={
            actions.ADD_PERSON: _("added"),
            actions.UPDATE_PERSON: _("changed"),
            actions.PERSON_LEFT: _("recorded that they left"),
        },
        search=Search(
            hint="email", to=VIEW_PEOPLE, rows=lambda user: Person.objects.visible_to(user).standing()
        ),
        traits=[
            PEOPLE,
            PERSON,
            AddressFollower(follow_sign_in),
            SameReader(addresses_of_survivors),
            Kept("people_left", _("People who left, with the positions they held"), None, destroy_left),
        ],
    ),
    Noun(
        Position,
        places=[Place(Area.PARTNERS, _("Vacant positions"), "partners:vacant_posts", VIEW_PEOPLE)],
        actions={
            actions.SET_POSITION: _("saved a position"),
            actions.END_POSITION: _("ended a position"),
        },
    ),
    Noun(
        Contact,
        plural=_("Staff"),
        page="partners:contacts_of",
        search=Search(
            hint="title", to=VIEW, rows=lambda user: Contact.objects.visible_to(user).office().active()
        ),
    ),
    Noun(
        Membership,
        actions={
            actions.GRANT_MEMBERSHIP: _("gave access to the portal"),
            actions.END_MEMBERSHIP: _("ended access to the portal"),
        },
        traits=[
            PartnerRoles(roles_of),
            Recurring(
                "partners.turn_of_day",
                turn_of_day,
                daily_at=time(0, 10),
                label=_("End access that has expired, and note who has no lead contact"),
            ),
            Obligation(
                "partners.memberships",
                ngettext_lazy("%(count)s sign-in to the portal", "%(count)s sign-ins to the portal", "count"),
                open_rows=lambda partner: Membership.objects.not_over(today()).filter(partner=partner),
                url=lambda partner: reverse("partners:people_of", args=[partner.pk]),
            ),
        ],
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
            Duty(
                "partners.assignments",
                _("contact assignments"),
                rows=lambda user: Assignment.objects.not_over(today()).filter(user=user),
                url_of=lambda user: reverse("partners:contacts_of", args=[user.pk]),
                hand_over=lambda gone, to, by: hand_over(gone, to, Partner.objects.all(), today(), "", by),
            ),
            NoticeKind(ASSIGNED, _("I am asked to look after someone"), addressed=True, office_only=True),
            NoticeKind(LEAD_GAP, _("Someone we serve no longer has a lead contact"), office_only=True),
        ],
    ),
    Noun(
        Merge,
        office_only=True,
        page="partners:merged",
        actions={
            duplicates.MERGE: _("merged two entries"),
            duplicates.UNDO_MERGE: _("undid a merge"),
            duplicates.TELL_APART: _("said two entries are different"),
        },
        traits=[
            LongWork(finding.WORK, finding.work),
            Recurring(finding.WORK, finding.find, minutes=24 * 60, label=_("Look for likely duplicates")),
        ],
    ),
    Noun(LikelyPair, office_only=True),
)
