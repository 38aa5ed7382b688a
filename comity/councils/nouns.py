"""The nouns of this room: councils, their seats, their meetings, and what is brought up in them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comity.councils import samples
from comity.councils.capabilities import PORTAL, READ, RUN
from comity.councils.models import Council, CouncilMeeting, LiveSession, Seat, Topic
from comity.councils.services import councils, inviting, joining, live, meetings, retaining, topics
from comity.councils.voting_nouns import VOTE
from comity.files.services import Owner
from comity.followups.kinds import Kind
from comity.nouns import Act, Area, Kept, Noun, Place, Search
from comity.office.services import today
from comity.outbox.kinds import MailKind
from comity.partners.obligations import Obligation
from comity.partners.samples import Sample
from comity.partners.tabs import Known
from comity.people.duties import Duty

NOUNS = (
    Noun(
        Council,
        plural=_("Councils"),
        page="councils:council",
        actions=councils.COUNCILS.actions,
        places=[
            Place(Area.FEEDBACK, _("Councils"), "councils:list", READ),
            Place(Area.TODAY, _("Our councils"), "councils:portal", PORTAL, order=9),
        ],
        acts=[Act(_("Add a council"), _("name, what it is for, who facilitates"), "councils:add", RUN)],
        search=Search(hint="purpose", to=READ),
        traits=[
            Duty(
                "councils.facilitated",
                _("councils they facilitate"),
                rows=lambda user: Council.objects.running(today()).filter(facilitator=user),
                url_of=lambda user: f"{reverse('councils:list')}?running=1&facilitator={user.pk}",
                hand_over=councils.hand_over,
            ),
            *(Sample(days, make) for days, make in samples.STORY),
        ],
    ),
    Noun(
        Seat,
        plural=_("Seats"),
        actions=councils.SEATS.actions,
        traits=[
            Known(_("Sits in"), councils.known_of),
            Obligation(
                "seats",
                ngettext_lazy("%(count)s seat in a council", "%(count)s seats in councils", "count"),
                open_rows=lambda partner: Seat.objects.on(today()).filter(partner=partner),
                url=lambda partner: f"{reverse('councils:list')}?running=1&partner={partner.pk}",
            ),
        ],
    ),
    Noun(
        CouncilMeeting,
        plural=_("Council meetings"),
        page="councils:meeting",
        actions={
            **meetings.MEETINGS.actions,
            meetings.CALL_OFF: _("called off a council meeting"),
            meetings.NOTICE: _("gave notice of a council meeting"),
            meetings.ATTENDANCE: _("wrote down who was at a council meeting"),
            meetings.WRITE: _("wrote minutes"),
            meetings.GIVE_OUT: _("gave out minutes"),
            **meetings.AGENDA.actions,
            **meetings.DECISIONS.actions,
        },
        traits=[
            Kept(
                "council_meetings",
                _("Meetings of councils with their papers, by the day they were held"),
                None,
                retaining.destroy_past,
            ),
            Owner("councils.CouncilMeeting", lambda user, _pk: user.can(RUN)),
            MailKind(inviting.INVITATION, _("Invitations to meetings of councils"), may_stop=True),
            Kind(meetings.DECISION, _("Decision of a council"), CouncilMeeting, to=READ),
        ],
    ),
    Noun(
        Topic,
        plural=_("Topics"),
        actions={
            topics.WRITE: _("wrote a topic"),
            topics.MERGE: _("merged a topic into another"),
            topics.REMOVE: _("removed a topic"),
            topics.PUT_BACK: _("put a topic back"),
        },
    ),
    Noun(
        LiveSession,
        plural=_("Live sessions"),
        page="councils:live",
        office_only=True,
        actions={
            live.OPEN: _("opened a live session"),
            live.TAKE_OVER: _("took over a live session"),
            live.TAKE_UP: _("took up a topic"),
            live.LOCK: _("closed or opened writing in a live session"),
            live.RELEASE: _("released a seat in a live session"),
            live.END: _("ended a live session"),
            joining.JOIN: _("joined a live session"),
        },
    ),
    VOTE,
)
