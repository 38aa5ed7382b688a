"""The noun of votes, and what of them is fixed once they are open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.councils import voting_samples
from comity.councils.models import Ballot, Vote, VoteItem
from comity.councils.services import ballots, exchanging, publishing, votes
from comity.editing.final import Final, unchanged
from comity.followups.kinds import Kind, all_said
from comity.nouns import Area, Noun, Place
from comity.outbox.kinds import MailKind
from comity.partners.samples import Sample

OF_VOTE = "EXISTS (SELECT 1 FROM councils_vote vote WHERE vote.id = {}.vote_id AND ({}))"
OPENED, SHUT = "OLD.opened_at IS NOT NULL", "vote.closed_at IS NOT NULL OR vote.opened_at IS NULL"
OF_OPENED = OF_VOTE.format("OLD", "vote.opened_at IS NOT NULL")
TO_FIXED = OF_VOTE.format(
    "NEW", "vote.closed_at IS NOT NULL OR (vote.opened_at IS NOT NULL AND vote.method <> 'pairwise')"
)
LATER = ("published_at", "reported_at", "version")
WAS_OPEN = f"{OPENED} AND NOT ({unchanged(Vote, ('closed_at', 'frozen', *LATER))})"
WAS_CLOSED = f"OLD.closed_at IS NOT NULL AND NOT ({unchanged(Vote, LATER)})"
OTHER_ITEM = f"{OF_OPENED} AND NOT ({unchanged(VoteItem, ('taken', 'reason'))})"
FIXED, STANDS = "What a vote asks is fixed once it is open.", "A ballot stands; a later one takes its place."
UPDATE, DELETE, INSERT = ("UPDATE",), ("DELETE",), ("INSERT",)
FINAL = (
    Final(Vote, "open", WAS_OPEN, FIXED, UPDATE),
    Final(Vote, "closed", WAS_CLOSED, "A closed vote cannot be changed.", UPDATE),
    Final(Vote, "kept", OPENED, FIXED, DELETE),
    Final(VoteItem, "fixed", OTHER_ITEM, FIXED, UPDATE),
    Final(VoteItem, "kept", OF_OPENED, FIXED, DELETE),
    Final(VoteItem, "added", TO_FIXED, FIXED, INSERT),
    Final(Ballot, "given", "OLD.id IS NOT NULL", STANDS),
    Final(Ballot, "late", OF_VOTE.format("NEW", SHUT), "Ballots are given while a vote is open.", INSERT),
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
    places=[Place(Area.FEEDBACK, _("Votes"), "councils:votes")],
    traits=[
        Kind(publishing.LISTED, _("Asked for by a council"), Vote, problem=all_said),
        MailKind(votes.BALLOT_MAIL, _("Votes of councils"), may_stop=True),
        MailKind(publishing.REPORT_MAIL, _("What came of what a council asked for"), may_stop=True),
        *(Sample(days, make) for days, make in voting_samples.STORY),
        *FINAL,
    ],
)
