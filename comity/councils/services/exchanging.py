"""Votes on money in Pabulib's format: docs/calculations/council-budget.md."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.councils import pabulib
from comity.core.errors import DomainError
from comity.councils.models import Ballot, Council, Topic, Vote, VoteItem
from comity.councils.services.counting import ballots_of, dollars
from comity.councils.services.votes import FEWEST, VOTES
from comity.office.services import today
from comity.people.models import User

BRING_IN = "councils.bring_in_vote"


def as_file(vote: Vote) -> str:
    """A closed vote, with each ballot as it was counted; seats of one partner are named alike."""
    asked = vote.frozen["asked"]
    cast = ballots_of(asked)
    return pabulib.write(
        pabulib.Votes(
            dollars(asked["budget"]),
            {key: dollars(item["cost"]) for key, item in asked["items"].items()},
            cast,
            {"description": vote.question, "unit": str(vote.council), "vote_type": "approval"},
            {key: {"name": item["title"]} for key, item in asked["items"].items()},
            {each.seat: {"partner": each.partner} for each in cast},
        )
    )


@transaction.atomic
def from_file(council: Council, data: bytes, *, by: User) -> Vote:
    """An open vote with the ballots of a file. Topics of the council are known by number or title, others are written down.

    Raises DomainError, with the line of a voter who is no seat; then nothing is kept.
    """
    found = pabulib.read(data)
    if len(found.costs) < FEWEST or not all(found.costs.values()):
        raise DomainError(_("A vote needs two projects or more, each with a cost of more than zero."), "file")
    facts = {
        "council": council,
        "question": found.meta.get("description", "")[:200] or _("Vote from a file"),
        "method": Vote.Method.BUDGET,
        "budget_cents": int(found.budget * 100),
    }
    vote = VOTES.enter(facts, by=by)
    topics = {name: _topic(council, name, found.projects[name].get("name", name)) for name in found.costs}
    items = [
        VoteItem(vote=vote, topic=topics[name], cost_cents=int(cost * 100))
        for name, cost in found.costs.items()
    ]
    VoteItem.objects.bulk_create(items)
    vote.opened_at = timezone.now()
    vote.save(update_fields=["opened_at"])
    seats = {
        word: seat
        for seat in vote.seats(today()).select_related("person")
        for word in (str(seat.pk), seat.person.email.casefold() if seat.person else "")
    }
    voted = set[int]()
    for ballot in found.ballots:
        seat = seats.get(ballot.seat.casefold())
        if seat is None or seat.pk in voted:
            told = {"line": found.lines[ballot.seat], "voter": ballot.seat}
            words = _("Line %(line)s: “%(voter)s” is no seat of this council, or stands here twice.")
            raise DomainError(words % told, "file")
        voted.add(seat.pk)
        backed = [topics[name].pk for name in ballot.backed]
        Ballot.objects.create(vote=vote, seat=seat, said={"backed": backed}, way=Ballot.Way.FILE)
    audit.record(by=by, action=BRING_IN, target=vote, after={"ballots": len(voted)})
    return vote


def _topic(council: Council, name: str, title: str) -> Topic:
    known = Topic.objects.standing().filter(council=council)
    by_number = known.filter(pk=int(name)).first() if name.isdecimal() and len(name) < 10 else None
    found = by_number or known.filter(title=title[:200]).first()
    return found or Topic.objects.create(council=council, title=title[:200], key=secrets.token_urlsafe(24))
