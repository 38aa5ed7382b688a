"""A council that meets today, for the tests of live sessions."""

from __future__ import annotations

from datetime import time
from secrets import token_urlsafe

from comity.councils.models import Council, CouncilMeeting, LiveSession, Phone, Seat, Topic
from comity.councils.services import joining, live, topics
from comity.testing.cast import Cast, CastTestCase


def council_meeting(cast: Cast) -> CouncilMeeting:
    """The small agencies meet today; Ben of Parks and Cy of Roads have seats, and one of Parks is vacant."""
    facts = {"purpose": "Small agencies, heard together.", "facilitator": cast.ana, "begun_on": cast.began_on}
    council = Council.objects.create(name="Council of Small Agencies", **facts)
    for partner, person in ((cast.parks, cast.ben_person), (cast.roads, cast.cy_person), (cast.parks, None)):
        Seat.objects.create(council=council, partner=partner, person=person, begins_on=cast.began_on)
    return CouncilMeeting.objects.create(council=council, on=cast.today, begins_at=time(9))


class LiveTestCase(CastTestCase):
    """Ana has opened a session; `self.ben_phone` has joined for Ben's seat, and `self.guest` as Gail, a guest."""

    meeting: CouncilMeeting
    session: LiveSession
    ben_phone: Phone
    guest: Phone
    ben_token: str
    guest_token: str

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.meeting = council_meeting(cls.cast)
        cls.session = live.open_session(cls.meeting.pk, by=cls.ana)
        cls.ben_phone, cls.ben_token = joining.join(cls.session, seat=cls.seat_of("Ben Okafor"))
        cls.guest, cls.guest_token = joining.join(cls.session, guest="Gail")

    @classmethod
    def seat_of(cls, name: str) -> Seat:
        return Seat.objects.get(person__name=name)

    def written(self, title: str, phone: Phone | None = None, key: str = "") -> Topic:
        phone = Phone.objects.select_related("session__meeting", "seat").get(pk=(phone or self.ben_phone).pk)
        return topics.write(phone, title=title, said="", key=key or token_urlsafe(16))
