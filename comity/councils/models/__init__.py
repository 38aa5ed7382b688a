"""Councils and groups: who sits in them, when they meet, and what they bring up."""

from comity.councils.models.councils import Council, Seat
from comity.councils.models.live import LiveEvent, LiveSession, Phone
from comity.councils.models.meetings import (
    AgendaItem,
    Attendance,
    CouncilMeeting,
    CouncilMeetingQuerySet,
    Decision,
)
from comity.councils.models.topics import Topic
from comity.councils.models.votes import Ballot, BallotLink, Vote, VoteItem
