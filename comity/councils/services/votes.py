"""Preparing a vote, opening it to its council, and closing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.councils.models import BallotLink, Topic, Vote, VoteItem
from comity.councils.services.counting import count
from comity.editing.keeping import Keeping
from comity.office.services import today
from comity.outbox import services as outbox
from comity.partners.bands import size_of
from comity.partners.models import Partner
from comity.people import tokens
from comity.people.models import User

CHOOSE, OPEN, CLOSE = "councils.choose_items", "councils.open_vote", "councils.close_vote"
BALLOT_MAIL = "councils.ballot"
FEWEST = 2
MOST_DIGITS = 12


def _check(vote: Vote) -> None:
    """Raises DomainError."""
    vote.question = " ".join(vote.question.split())
    if vote.opened_at:
        raise DomainError(_("This vote is open. What it asks cannot be changed anymore."))
    if vote.is_budget and vote.budget_cents is None:
        raise DomainError(_("Say how much there is to spend."), "budget_cents")
    if vote.spend:
        names = Partner.objects.not_former().values_list("code", "name")
        spend_of(vote, {word.casefold() for both in names for word in both})
    if vote.meeting and vote.meeting.council_id != vote.council_id:
        raise DomainError(_("This is a meeting of another council."), "meeting")


def _check_drop(vote: Vote) -> None:
    if vote.opened_at:
        raise DomainError(_("This vote was put to the council, so it stays."))


VOTES = Keeping(Vote, gettext_lazy("a vote"), _check, check_drop=_check_drop)


def locked(vote_id: int) -> Vote:
    """One vote, which nobody else changes until the transaction ends."""
    return Vote.objects.select_for_update(of=("self",)).select_related("council").get(pk=vote_id)


def spend_of(vote: Vote, known: Collection[str] | None = None) -> dict[str, int]:
    """What partners spend on IT, in cents by code or name in small letters.

    known  those there are; whichever else is named is refused

    Raises DomainError that names the line.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(vote.spend.splitlines(), 1):
        name, _comma, amount = line.casefold().rpartition(",")
        name, figure = name.strip(), amount.strip().removeprefix("$")
        right = figure.isdecimal() and len(figure) <= MOST_DIGITS and (known is None or name in known)
        if line.strip() and not right:
            told = {"line": number, "text": line.strip()[:60]}
            words = _("Line %(line)s, “%(text)s”: write the code of a partner, a comma and whole dollars.")
            raise DomainError(words % told, "spend")
        if line.strip():
            found[name] = int(figure) * 100
    return found


@transaction.atomic
def choose_items(vote_id: int, costs: Mapping[int, int | None], *, by: User) -> None:
    """What is voted on, by the keys of topics; of a budget with what each costs. Raises DomainError."""
    vote = locked(vote_id)
    _check(vote)
    topics = Topic.objects.standing().filter(council=vote.council_id, pk__in=costs)
    vote.items.all().delete()
    VoteItem.objects.bulk_create(
        VoteItem(vote=vote, topic=topic, cost_cents=costs[topic.pk] if vote.is_budget else None)
        for topic in topics
    )
    audit.record(by=by, action=CHOOSE, target=vote, after={"items": len(topics)})


def too_dear(vote: Vote) -> list[VoteItem]:
    """Items of a budget that cost more than all of it, and so cannot win."""
    return list(vote.items.filter(cost_cents__gt=vote.budget_cents or 0).select_related("topic"))


@transaction.atomic
def open_vote(vote_id: int, *, by: User) -> Vote:
    """Put it to the council: from now on what counts is fixed, and each seat with an address gets a link of its own."""
    vote = locked(vote_id)
    _check(vote)
    items = list(vote.items.all())
    if len(items) < FEWEST:
        raise DomainError(_("Choose at least two items to vote on."))
    if vote.is_budget and any(not item.cost_cents for item in items):
        raise DomainError(_("Each item needs a cost of more than zero."))
    vote.opened_at = timezone.now()
    vote.version += 1
    vote.save(update_fields=["opened_at", "version"])
    audit.record(by=by, action=OPEN, target=vote, after={"items": len(items)})
    for seat in vote.seats(today()).select_related("person").exclude(person__email=""):
        raw, token_hash = tokens.new_token()
        BallotLink.objects.create(vote=vote, seat=seat, token_hash=token_hash)
        assert seat.person is not None
        outbox.put(
            to=seat.person.email,
            to_name=seat.person.name,
            kind=BALLOT_MAIL,
            template="councils/mail/ballot",
            context={
                "vote": vote,
                "name": seat.person.name,
                "link": outbox.address(reverse("councils:ballot_by_link", args=[raw])),
            },
            language=seat.person.language,
            about=vote,
            wipe_after_sending=True,
        )
    return vote


@transaction.atomic
def close_vote(vote_id: int, *, by: User) -> Vote:
    """Take no more ballots, and freeze what was said with what came of it; where nobody voted there is nothing to freeze."""
    vote = locked(vote_id)
    if not vote.is_open:
        raise DomainError(_("This vote is not open."))
    asked = as_asked(vote)
    vote.closed_at = timezone.now()
    vote.frozen = {"asked": asked, "found": count(asked)} if asked["ballots"] else {}
    vote.version += 1
    vote.save(update_fields=["closed_at", "frozen", "version"])
    audit.record(by=by, action=CLOSE, target=vote, after={"ballots": len(asked["ballots"])})
    return vote


def survivors(vote: Vote) -> dict[int, int]:
    """For each topic that was merged into another, the one that stands in the end; merges chain."""
    rows = Topic.objects.filter(council=vote.council_id, merged_into__isnull=False)
    into: dict[int, Any] = dict(rows.values_list("pk", "merged_into"))
    found: dict[int, int] = {}
    for pk in into:
        last, seen = pk, set[int]()
        while last in into and last not in seen:
            seen.add(last)
            last = into[last]
        found[pk] = last
    return found


def as_asked(vote: Vote) -> dict[str, Any]:
    """All that is counted, as plain values (`counting.count`).

    An item merged meanwhile counts as the one it became part of: a ballot that names both backs that once, an order has it
    at the better of both places, and a pair of both says nothing.
    """
    to, spend = survivors(vote), spend_of(vote)
    rows = sorted(vote.items.select_related("topic"), key=lambda item: item.topic_id in to)
    titles = dict(Topic.objects.filter(pk__in=to.values()).values_list("pk", "title"))
    items: dict[str, dict[str, Any]] = {}
    for row in rows:
        pk = to.get(row.topic_id, row.topic_id)
        items.setdefault(
            str(pk), {"title": titles.get(pk, row.topic.title), "cost": row.cost_cents, "row": row.pk}
        )
    ballots: dict[Any, dict[str, Any]] = {}
    partners: dict[str, dict[str, Any]] = {}
    for cast in vote.ballots.select_related("seat__partner", "seat__person"):
        partner = cast.seat.partner
        partners[str(partner.pk)] = {
            "name": partner.name,
            "band": size_of(partner.headcount, partner.population),
            "headcount": partner.headcount,
            "spend": spend.get(partner.code.casefold()) or spend.get(partner.name.casefold()),
        }
        if said := of_survivors(cast.said, to):
            ballots[cast.seat_id, *pair_of(said)] = {
                "seat": str(cast.seat_id),
                "name": str(cast.seat),
                "partner": str(partner.pk),
                "said": said,
            }
    return {
        "method": vote.method,
        "wanted": vote.wanted,
        "budget": vote.budget_cents,
        "completion": vote.completion,
        "items": items,
        "merged": {row.topic.title: str(to[row.topic_id]) for row in rows if row.topic_id in to},
        "partners": partners,
        "ballots": list(ballots.values()),
    }


def pair_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The pair a ballot is about; () where a ballot is one answer to all."""
    return tuple(sorted((said["better"], said["worse"]))) if "better" in said else ()


def of_survivors(said: Mapping[str, Any], to: Mapping[int, int]) -> dict[str, Any]:
    """A ballot by what became of the items it names; {} if nothing is said anymore."""

    def now(pk: int) -> str:
        return str(to.get(pk, pk))

    if "better" in said:
        pair = {name: now(said[name]) for name in ("better", "worse")}
        return pair if pair["better"] != pair["worse"] else {}
    if "backed" in said:
        return {"backed": list(dict.fromkeys(map(now, said["backed"])))}
    seen = set[str]()
    groups = []
    for group in said["groups"]:
        fresh = [each for each in dict.fromkeys(map(now, group)) if each not in seen]
        seen.update(fresh)
        groups += [fresh] if fresh else []
    return {"groups": groups}
