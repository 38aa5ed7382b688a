"""How the permission matrix gets a vote of a council in which a partner has a seat."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from comity.councils.models import Ballot, BallotLink, Council, Seat, Topic, Vote, VoteItem
from comity.councils.services import votes
from comity.partners.models import Partner
from comity.people import tokens
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def council_of(cast: Cast, partner: Partner) -> Council:
    facts = {"purpose": "Votes.", "facilitator": cast.ana, "begun_on": cast.began_on}
    found, _made = Council.objects.get_or_create(name=f"Voting canary of {partner.name}", defaults=facts)
    Seat.objects.get_or_create(
        council=found,
        partner=partner,
        defaults={"person": partner.memberships.order_by("pk")[0].person, "begins_on": cast.began_on},
    )
    return found


def vote_of(cast: Cast, partner: Partner) -> Vote:
    """Open, on two items that cost something."""
    council = council_of(cast, partner)
    facts = {"council": council, "question": f"Canary of {partner.name}?", "method": "budget"}
    vote = votes.VOTES.enter({**facts, "budget_cents": 100}, by=cast.cora)
    for name in ("One", "Two"):
        topic = Topic.objects.create(council=council, title=name, key=f"{vote.pk} {name}")
        VoteItem.objects.create(vote=vote, topic=topic, cost_cents=50)
    Vote.objects.filter(pk=vote.pk).update(opened_at=timezone.now(), version=F("version") + 1)
    return vote


def _council(cast: Cast, partner: Partner) -> Arguments:
    return (council_of(cast, partner).pk,)


def _vote(cast: Cast, partner: Partner) -> Arguments:
    return (vote_of(cast, partner).pk,)


def _closed(cast: Cast, partner: Partner) -> Arguments:
    vote = vote_of(cast, partner)
    backed = list(vote.items.values_list("topic", flat=True))
    seat = Seat.objects.get(council=vote.council)
    Ballot.objects.create(vote=vote, seat=seat, said={"backed": backed}, way="link")
    return (votes.close_vote(vote.pk, by=cast.cora).pk,)


def _item(cast: Cast, partner: Partner) -> Arguments:
    return (VoteItem.objects.filter(vote=_closed(cast, partner)[0])[0].pk,)


def _link(cast: Cast, partner: Partner) -> Arguments:
    vote, (raw, token_hash) = vote_of(cast, partner), tokens.new_token()
    BallotLink.objects.create(vote=vote, seat=Seat.objects.get(council=vote.council), token_hash=token_hash)
    return (raw,)


SUBJECTS = {
    **{f"councils:{name}": Subject(_council) for name in ("add_vote", "bring_in_vote")},
    **{
        f"councils:{name}": Subject(_vote)
        for name in (
            *("vote", "edit_vote", "remove_vote", "vote_items", "open_vote", "close_vote"),
            *("ballot", "ballot_by_phone", "publish_vote", "report_vote"),
        )
    },
    "councils:vote_file": Subject(_closed),
    "councils:depart": Subject(_item),
    "councils:ballot_by_link": Subject(_link, absent=("made-up",)),
}
