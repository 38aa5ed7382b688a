"""How the permission matrix gets a council in which a partner has a seat, and what belongs to one."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from comity.councils.models import AgendaItem, Council, CouncilMeeting, Decision, LiveSession, Seat, Topic
from comity.councils.services import live
from comity.councils.tests import matrix_votes
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def council_of(cast: Cast, partner: Partner) -> Council:
    facts = {"purpose": "Hears.", "facilitator": cast.ana, "begun_on": cast.began_on, "open_meetings": True}
    found, _made = Council.objects.get_or_create(name=f"Council canary of {partner.name}", defaults=facts)
    Seat.objects.get_or_create(council=found, partner=partner, defaults={"begins_on": cast.began_on})
    return found


def meeting_of(cast: Cast, partner: Partner) -> CouncilMeeting:
    council = council_of(cast, partner)
    facts: dict[str, Any] = {
        "notice_at": timezone.now(),
        "place": f"Room canary of {partner.name}",
        "minutes": f"Minutes canary of {partner.name}",
    }
    on = cast.today - timedelta(days=3)
    found, _made = CouncilMeeting.objects.get_or_create(
        council=council, on=on, defaults={**facts, "begins_at": time(10)}
    )
    return found


def _council(cast: Cast, partner: Partner) -> Arguments:
    return (council_of(cast, partner).pk,)


def _seat(cast: Cast, partner: Partner) -> Arguments:
    return (Seat.objects.get(council=council_of(cast, partner)).pk,)


def _meeting(cast: Cast, partner: Partner) -> Arguments:
    return (meeting_of(cast, partner).pk,)


def _item(cast: Cast, partner: Partner) -> Arguments:
    meeting = meeting_of(cast, partner)
    return (meeting.pk, AgendaItem.objects.get_or_create(meeting=meeting, place=1, title="Canary")[0].pk)


def _decision(cast: Cast, partner: Partner) -> Arguments:
    meeting = meeting_of(cast, partner)
    return (meeting.pk, Decision.objects.get_or_create(meeting=meeting, text="Canary")[0].pk)


def live_of(cast: Cast, partner: Partner) -> LiveSession:
    meeting = meeting_of(cast, partner)
    return meeting.sessions.first() or live.open_session(meeting.pk, by=cast.cora)


def _live(cast: Cast, partner: Partner) -> Arguments:
    return (live_of(cast, partner).pk,)


def _topic(cast: Cast, partner: Partner) -> Arguments:
    session = live_of(cast, partner)
    facts = {"council": session.meeting.council, "title": f"Topic canary of {partner.name}"}
    key = f"canary-{partner.pk}"
    topic, _made = Topic.objects.get_or_create(meeting=session.meeting, key=key, defaults=facts)
    return (session.pk, topic.pk)


NONE = (999_999_999, 999_999_999)
SUBJECTS = {
    **matrix_votes.SUBJECTS,
    **{f"councils:{name}": Subject(_council) for name in ("council", "edit", "add_seat", "plan")},
    **{f"councils:{name}": Subject(_seat) for name in ("edit_seat", "remove_seat")},
    **{
        f"councils:{name}": Subject(_meeting)
        for name in (
            *("meeting", "change_meeting", "call_off", "invite", "notice", "add_item", "attendance"),
            *("minutes", "give_out", "decide"),
        )
    },
    "councils:of_ours": Subject(_council),
    "councils:our_meeting": Subject(_meeting),
    "councils:public": Subject(_council),
    "councils:public_meeting": Subject(_meeting),
    "councils:open_live": Subject(_meeting),
    **{
        f"councils:{name}": Subject(_live, office_only=True)
        for name in ("live", "wall", "live_act", "live_events")
    },
    "councils:put_back": Subject(_topic, absent=NONE, office_only=True),
    **{f"councils:{name}": Subject(_item, absent=NONE) for name in ("item", "move_item", "remove_item")},
    **{
        f"councils:{name}": Subject(_decision, absent=NONE)
        for name in ("edit_decision", "remove_decision", "follow_up")
    },
}
