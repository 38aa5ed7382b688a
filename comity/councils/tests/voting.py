"""A council with a vote, for the tests of votes."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from comity.councils.models import Council, CouncilMeeting, Seat, Topic, Vote
from comity.councils.services import ballots, votes
from comity.partners.models import Partner, Person
from comity.testing.cast import CastTestCase


class VotingTestCase(CastTestCase):
    """Parks has two seats in the council (Ben, Eve) and Roads one (Cy). They brought up scans, parking and mail."""

    council: Council
    bens: Seat
    eves: Seat
    cys: Seat
    scans: Topic
    parking: Topic
    mail: Topic

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        facts = {"purpose": "To speak up.", "facilitator": cls.cora, "begun_on": cls.began_on}
        cls.council = Council.objects.create(name="Customer Council", **facts)
        Partner.objects.filter(pk=cls.parks.pk).update(headcount=400)
        Partner.objects.filter(pk=cls.roads.pk).update(headcount=6400)
        cls.bens = cls._seat(cls.parks, cls.ben_person)
        cls.eves = cls._seat(cls.parks, cls.eve_person)
        cls.cys = cls._seat(cls.roads, cls.cy_person)
        cls.scans = cls.topic("Scans cost too much", seat=cls.bens)
        cls.parking = cls.topic("Nobody answers the phone", seat=cls.cys)
        cls.mail = cls.topic("Mail is lost")

    @classmethod
    def _seat(cls, partner: Partner, person: Person) -> Seat:
        return Seat.objects.create(
            council=cls.council, partner=partner, person=person, begins_on=cls.began_on
        )

    @classmethod
    def topic(cls, title: str, **facts: Any) -> Topic:
        return Topic.objects.create(council=cls.council, title=title, key=f"key of {title}", **facts)

    def drafted(self, method: str = "approval", **facts: Any) -> Vote:
        """A draft with all three; in a budget for 100, 200 and 700 dollars."""
        if method == "budget":
            facts = {"budget_cents": 500_00, **facts}
        facts = {"wanted": 1, "question": "What first?", **facts, "council": self.council, "method": method}
        vote = votes.VOTES.enter(facts, by=self.cora)
        costs: dict[int, int | None] = {self.scans.pk: 100_00, self.parking.pk: 200_00, self.mail.pk: 700_00}
        votes.choose_items(vote.pk, costs, by=self.cora)
        return vote

    def opened(self, method: str = "approval", **facts: Any) -> Vote:
        return votes.open_vote(self.drafted(method, **facts).pk, by=self.cora)

    def cast_by(self, vote: Vote, seat: Seat, *topics: Topic) -> None:
        ballots.cast(vote, seat, {"backed": [topic.pk for topic in topics]}, way="account", by=self.ben)

    def ranked_by(self, vote: Vote, seat: Seat, *groups: list[Topic]) -> None:
        said = {"groups": [[topic.pk for topic in group] for group in groups]}
        ballots.cast(vote, seat, said, way="account", by=self.ben)

    def closed(self, vote: Vote) -> Vote:
        return votes.close_vote(vote.pk, by=self.cora)

    def voted(self) -> Vote:
        """A closed approval vote: scans won, with all of Parks' weight and none of Roads'."""
        vote = self.opened()
        self.cast_by(vote, self.bens, self.scans)
        self.cast_by(vote, self.eves, self.scans, self.mail)
        self.cast_by(vote, self.cys, self.parking, self.scans)
        return self.closed(vote)

    def meeting(self, days: int) -> CouncilMeeting:
        on = self.today + timedelta(days=days)
        return CouncilMeeting.objects.create(council=self.council, on=on, begins_at=time(9))
