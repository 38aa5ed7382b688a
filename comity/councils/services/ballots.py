"""Voting: by whoever has a seat, again as long as the vote is open, each seat once."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.councils.models import Ballot, BallotLink, Seat, Topic, Vote, VoteItem
from comity.councils.services import topics
from comity.councils.services.votes import locked, of_survivors, pair_of, survivors
from comity.office.services import today
from comity.partners.models import Membership
from comity.people.models import User

CAST = "councils.cast"
Said = dict[str, Any]


def seats_of(user: User, vote: Vote) -> list[Seat]:
    """The seats by which somebody who is signed in may vote."""
    people = Membership.objects.standing().filter(user=user).values("person")
    return list(vote.seats(today()).filter(person__in=people).select_related("partner", "person"))


def links() -> QuerySet[BallotLink]:
    """Those by which one may still vote: while the vote is open and the term runs."""
    seats = Seat.objects.on(today()).filled()
    rows = BallotLink.objects.filter(vote__in=Vote.objects.open(), seat__in=seats)
    return rows.select_related("vote__council", "seat__person", "seat__partner")


def last_of(vote: Vote, seat: Seat) -> Said:
    """What a seat said last; {} if nothing yet."""
    found: Said | None = vote.ballots.filter(seat=seat).values_list("said", flat=True).last()
    return found or {}


@transaction.atomic
def cast(vote: Vote, seat: Seat, said: Said, *, way: str, by: Actor) -> None:
    """Keep a ballot, which takes the place of what the seat said before.

    Raises DomainError once the vote is closed, for a seat of another council or whose term is over, for an unknown item.
    """
    vote = locked(vote.pk)
    if not vote.is_open:
        raise DomainError(_("This vote is closed. No ballot can be changed anymore."))
    if not vote.seats(today()).filter(pk=seat.pk).exists():
        raise DomainError(_("Only seats of this council vote."))
    known = set(vote.items.values_list("topic", flat=True))
    named = [said[name] for name in ("better", "worse") if name in said]
    named += [*said.get("backed", ()), *(pk for group in said.get("groups", ()) for pk in group)]
    if not known.issuperset(named) or len(set(named)) < len(named):
        raise DomainError(_("Vote for what is on the list, and for nothing twice."))
    before = vote.ballots.filter(seat=seat).order_by("-pk")
    if not pair_of(said) and said == next(iter(before.values_list("said", flat=True)[:1]), None):
        return
    if not before.exists():
        # What it says stands in the ballot alone.
        told = {"seat": str(seat), "way": way}
        audit.record(by=by, action=CAST, target=vote, after=told, partner_id=seat.partner_id)
    Ballot.objects.create(vote=vote, seat=seat, said=said, way=way)


@transaction.atomic
def add_item(vote: Vote, title: str, seat: Seat) -> VoteItem:
    """Whoever votes on pairs may add an item. Raises DomainError."""
    vote, title = locked(vote.pk), " ".join(title.replace("\0", "").split())
    if not vote.is_open or vote.method != Vote.Method.PAIRWISE:
        raise DomainError(_("Nothing can be added to this vote."))
    if not title or len(title) > 200:
        raise DomainError(_("Say in one line what it is about."), "title")
    if vote.items.filter(topic__title__iexact=title).exists():
        raise DomainError(_("This is on the list already."), "title")
    topic = Topic.objects.create(
        council=vote.council,
        meeting_id=vote.meeting_id,
        title=title,
        seat=seat,
        key=secrets.token_urlsafe(24),
    )
    told = {"by": str(seat), "vote": str(vote)}
    audit.record(by=str(seat), action=topics.WRITE, target=topic, after=told, partner_id=seat.partner_id)
    return VoteItem.objects.create(vote=vote, topic=topic)


def pairs_left(vote: Vote, seat: Seat) -> tuple[list[tuple[str, str]], int]:
    """The pairs a seat has not judged yet, with how many there are in all.

    First those of which least is known; among equals by chance, which stays the same for a seat.
    """
    to = survivors(vote)
    items = sorted({str(to.get(pk, pk)) for pk in vote.items.values_list("topic", flat=True)})
    votes: Counter[str] = Counter()
    done = set[tuple[str, ...]]()
    for whose, said in vote.ballots.values_list("seat", "said"):
        pair = pair_of(of_survivors(said, to))
        votes.update(pair)
        if whose == seat.pk:
            done.add(pair)
    whole = list(combinations(items, 2))

    def turn(pair: tuple[str, str]) -> tuple[int, str]:
        chance = hashlib.sha256(f"{seat.pk}:{pair}".encode()).hexdigest()
        return votes[pair[0]] + votes[pair[1]], chance

    return sorted((pair for pair in whole if pair not in done), key=turn), len(whole)
