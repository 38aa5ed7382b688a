"""The nouns of this room: meetings that took place, visits to come, and who stands for which part of the office."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comity.followups.kinds import Kind, PageAddition
from comity.jobs import Recurring
from comity.meetings import follow_up_page, notices, samples
from comity.meetings.capabilities import LOG, NAME_OFFICERS, PORTAL, READ
from comity.meetings.importing.events import CALENDARS
from comity.meetings.models import PROMISE, THEIR_PROMISE, Meeting, Officer, PlannedVisit
from comity.meetings.services import feed, invitations, new_heads, officers, planned_visits, visits
from comity.meetings.services.retaining import destroy_past
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Kept, Noun, Place, Search
from comity.outbox.kinds import MailKind
from comity.partners.models import Partner
from comity.partners.obligations import Obligation
from comity.partners.samples import Sample
from comity.people.duties import Duty

# Beside the title, for most are called alike: the first partner by name.
WITH_WHOM = Subquery(Partner.objects.filter(meetings=OuterRef("pk")).order_by("sort_name").values("name")[:1])
TO_COME = f"state={PlannedVisit.State.PLANNED}"


NOUNS = (
    Noun(
        Meeting,
        plural=_("Meetings"),
        page="meetings:detail",
        places=[
            Place(Area.PARTNERS, _("Meetings"), "meetings:list", READ),
            Place(Area.ACCOUNT, _("Your calendar"), "meetings:calendar", under="people:me"),
            Place(Area.TODAY, _("Meetings"), "meetings:portal_list", PORTAL, order=5),
        ],
        actions={
            feed.MAKE_LINK: _("made a link to their calendar"),
            feed.STOP_LINK: _("stopped the link to their calendar"),
            visits.LOG: _("wrote down a meeting"),
            visits.EDIT: _("edited a meeting"),
            visits.WITHDRAW: _("withdrew a meeting"),
        },
        acts=[
            Act(
                _("Log a visit"),
                _("who, what was said, what was promised"),
                "meetings:log",
                LOG,
                about="partners.Partner",
            )
        ],
        search=Search("title", WITH_WHOM, "held_on", to=READ, rows=lambda _user: Meeting.objects.standing()),
        traits=[
            CALENDARS,
            Kept("meetings", _("Meetings, by the day they were held"), None, destroy_past),
            Kind(PROMISE, _("Promise"), Meeting, to=READ, promise=True),
            Kind(THEIR_PROMISE, _("Their promise"), Meeting, to=READ, asks_if_it_helped=False),
            Kind(new_heads.NEW_HEAD, _("New head"), asks_if_it_helped=False),
            Recurring(
                "meetings.new_heads",
                new_heads.raise_for_new_heads,
                minutes=10,
                label=_("Prepare for new heads"),
            ),
            PageAddition(follow_up_page.acts, follow_up_page.lines),
            Sample(41, samples.quarterly_review),
            Sample(33, samples.calendar),
            Sample(29, samples.mission_briefing),
            Sample(17, samples.joint_journey),
            Sample(1, samples.new_head),
        ],
    ),
    Noun(
        PlannedVisit,
        formerly=["meetings.Plan"],
        office_only=True,
        plural=_("Planned visits"),
        page="meetings:planned_visit",
        actions={
            planned_visits.PLAN_VISIT: _("planned a visit"),
            planned_visits.CHANGE_PLANNED_VISIT: _("changed a planned visit"),
            planned_visits.CALL_OFF: _("called off a visit"),
        },
        places=[
            Place(Area.PARTNERS, _("Planned visits"), "meetings:planned_visits", READ),
            Place(
                Area.PARTNERS,
                _("Not visited"),
                "meetings:unvisited",
                READ,
                _("Whom have we not visited? The longest first"),
            ),
        ],
        acts=[
            Act(
                _("Plan a visit"),
                _("when, why, who is coming"),
                "meetings:plan_visit",
                LOG,
                about="partners.Partner",
            )
        ],
        traits=[
            MailKind(invitations.INVITATION, _("Invitations to visits"), may_stop=True),
            NoticeKind(notices.ASKED, _("I am asked to come along on a visit"), True, True),
            NoticeKind(notices.CHANGED, _("A visit I am going on is moved or called off"), True, True),
            Duty(
                "meetings.planned_visits",
                _("visits to come"),
                rows=PlannedVisit.objects.led_by,
                url_of=lambda _user: f"{reverse('meetings:planned_visits')}?{TO_COME}",
                hand_over=planned_visits.hand_over,
            ),
            Obligation(
                "visits",
                ngettext_lazy("%(count)s visit to come", "%(count)s visits to come", "count"),
                open_rows=lambda partner: PlannedVisit.objects.planned().to_partner(partner),
                url=lambda partner: f"{reverse('meetings:planned_visits')}?{TO_COME}&partner={partner.pk}",
            ),
        ],
    ),
    Noun(
        Officer,
        places=[
            Place(
                Area.PARTNERS,
                _("Officers to bring"),
                "meetings:officers",
                NAME_OFFICERS,
                _("Who comes along for each part of the office"),
                under="meetings:planned_visits",
            )
        ],
        office_only=True,
        actions={officers.NAME_OFFICER: _("named who represents a part of the office")},
        traits=[
            Sample(330, samples.officers),
            Duty(
                "meetings.officers",
                _("parts of the office they represent on visits"),
                rows=lambda user: Officer.objects.filter(user=user),
                url_of=lambda _user: reverse("meetings:officers"),
                hand_over=officers.hand_over,
            ),
        ],
    ),
)
