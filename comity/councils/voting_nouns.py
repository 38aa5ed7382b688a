"""The noun of votes, and what of them is fixed once they are open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.councils.capabilities import PORTAL, READ
from comity.councils.models import Ballot, Vote, VoteItem
from comity.councils.services import ballots, exchanging, publishing, votes
from comity.editing.final import Final, unchanged
from comity.followups.kinds import Kind
from comity.nouns import Area, Noun, Place
from comity.outbox.kinds import MailKind

OF_VOTE = "EXISTS (SELECT 1 FROM councils_vote vote WHERE vote.id = {}.vote_id AND {})"
OPENED = "vote.opened_at IS NOT NULL"
NO_MORE = "vote.closed_at IS NOT NULL OR (vote.opened_at IS NOT NULL AND vote.method <> 'pairwise')"
LATER = ("published_at", "reported_at", "version")
ITEM_SAME = unchanged(VoteItem, ("taken", "reason"))

FINAL = (
    Final(
        Vote,
        "open",
        f"OLD.opened_at IS NOT NULL AND NOT ({unchanged(Vote, ('closed_at', 'frozen', *LATER))})",
        "What an open vote asks cannot be changed.",
        ("UPDATE",),
    ),
    Final(
        Vote,
        "closed",
        f"OLD.closed_at IS NOT NULL AND NOT ({unchanged(Vote, LATER)})",
        "A closed vote cannot be changed.",
        ("UPDATE",),
    ),
    Final(Vote, "kept", "OLD.opened_at IS NOT NULL", "An open vote cannot be deleted.", ("DELETE",)),
    Final(
        VoteItem,
        "fixed",
        f"{OF_VOTE.format('OLD', OPENED)} AND NOT ({ITEM_SAME})",
        "An item of an open vote cannot be changed.",
        ("UPDATE",),
    ),
    Final(
        VoteItem,
        "kept",
        OF_VOTE.format("OLD", OPENED),
        "An item of an open vote cannot be removed.",
        ("DELETE",),
    ),
    Final(
        VoteItem,
        "added",
        OF_VOTE.format("NEW", f"({NO_MORE})"),
        "Nothing is added to an open vote.",
        ("INSERT",),
    ),
    Final(Ballot, "given", "OLD.id IS NOT NULL", "A ballot cannot be changed; a later one takes its place."),
    Final(
        Ballot,
        "late",
        OF_VOTE.format("NEW", "(vote.closed_at IS NOT NULL OR vote.opened_at IS NULL)"),
        "Ballots are given while a vote is open.",
        ("INSERT",),
    ),
)
VOTE = Noun(
    Vote,
    plural=_("Votes"),
    page="councils:vote",
    actions={
        **votes.VOTES.actions,
        votes.CHOOSE: _("chose what is voted on"),
        votes.OPEN: _("opened a vote"),
        votes.CLOSE: _("closed a vote"),
        ballots.CAST: _("voted"),
        exchanging.BRING_IN: _("brought in a vote from a file"),
        publishing.DEPART: _("decided about an item of a vote"),
        publishing.PUBLISH: _("published what a council asked for"),
        publishing.REPORT: _("reported back to a council"),
    },
    places=[
        Place(Area.FEEDBACK, _("Votes"), "councils:votes", READ, under="councils:list"),
        Place(Area.FOLLOW_UPS, _("Votes"), "councils:votes", PORTAL, order=9),
    ],
    traits=[
        Kind(publishing.LISTED, _("Asked for by a council"), Vote, to=READ),
        MailKind(votes.BALLOT_MAIL, _("Votes of councils"), may_stop=True),
        MailKind(publishing.REPORT_MAIL, _("What came of what a council asked for"), may_stop=True),
        *FINAL,
    ],
)
