"""In the State of Franklin: the small agencies got what they asked for, a budget was voted on, and a vote is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from comity.councils.models import Council, Seat, Topic, Vote
from comity.councils.services import ballots, publishing, votes
from comity.councils.services.councils import SEATS
from comity.followups import services as ring
from comity.followups.models import How
from comity.office.services import today
from comity.partners.models import Membership, Partner
from comity.people.models import User

Staff = Mapping[str, User]
Partners = Mapping[str, Partner]
Make = Callable[[Staff, Partners], object]
SMALL, IT = "Small Agency Council", "IT Customer Council"
FIRST, MONEY, NEXT = (
    "What do the smallest need first?",
    "We have $600,000 for the year. What do we buy?",
    "Which of your wishes come first this winter?",
)
# By a letter: who raised it, and in what words.
WISHES = {
    "bill": ("PUC", "A bill on one page", "I read ours with a ruler and a calculator."),
    "laptop": (
        "COS",
        "A spare laptop within a day",
        "Ours was away for nine days while people sat their examinations.",
    ),
    "forms": ("NUR", "Renewal forms that work on a phone", "Nurses renew on a break, in the parking lot."),
    "voice": (
        "HUM",
        "Interpreters by video at the counter",
        "Somebody came back three times before we found one.",
    ),
    "grants": ("ARC", "One sign-in for the grant portal", "Artists have to prove four times who they are."),
    "contract": (
        "TRN",
        "Somebody who reads contracts before we sign",
        "We have no lawyer, and vendors know it.",
    ),
}
RANKED = {
    "PUC": "bill laptop=voice forms",
    "YTH": "laptop bill forms voice",
    "TRN": "contract bill forms",
    "NUR": "forms bill voice laptop",
    "COS": "laptop bill forms=voice",
    "ETH": "bill forms laptop grants",
    "ARC": "grants bill forms laptop",
    "HUM": "voice forms bill",
}
LEFT = "The Secretary of State buys interpreters by video for every counter this spring. We would pay for them twice."
# By a letter: owner, days to do it in, days ago on which it was done, and the words.
DONE = {
    "laptop": (
        "kit",
        40,
        455,
        "Twelve laptops wait at the desk, set up for you. Cosmetology had one after four hours.",
    ),
    "bill": (
        "tom",
        290,
        222,
        "Since this month the bill has one page: what you owe, what changed, and whom to call.",
    ),
    "forms": ("priya", 360, 131, "Renewal works on any phone. Seven in ten who begin now finish."),
}
ITEMS = {
    "badges": ("DPS", "Badges for field offices", 240_000),
    "night": ("DHS", "A number that is answered at night", 180_000),
    "copper": ("AOC", "The last three courthouses off copper", 210_000),
    "captions": ("LIB", "Captions for every public meeting", 90_000),
    "lab": ("DOE", "A room in which new forms are tried out", 150_000),
    "line": ("DOT", "A second line to the data center", 750_000),
}
BACKED = {
    "DOT": "badges night line",
    "DPS": "badges night",
    "DOE": "lab captions",
    "HCA": "night lab",
    "DHS": "badges night lab",
    "ENV": "badges",
    "TRE": "copper captions",
    "AOC": "copper",
    "FSU": "lab badges",
    "LIB": "captions copper",
    "MUS": "captions copper",
}
# What they spend on IT in a year; of the museum nobody knows.
SPEND = """DOT, 41000000
DPS, 18500000
DOE, 9800000
HCA, 52000000
DHS, 37500000
ENV, 8200000
TRE, 2900000
AOC, 6100000
FSU, 22000000
LIB, 640000"""
OPEN = {
    "clerk": ("ARC", "A records clerk that five boards share", "Each of us needs a day of one a week."),
    "permits": ("Larkspur", "Permits that are paid online", "People drive in with a check."),
    "backup": ("YTH", "Somebody who tests our backups", "We have them. Whether they work nobody has tried."),
    "night": ("ETH", "Filing day without a crash", "Every April the disclosure site stands still."),
}


def _partner(partners: Partners, key: str) -> Partner:
    return partners[key] if key in partners else Partner.objects.get(name__contains=key)


def _seat(council: Council, partner: Partner) -> Seat:
    found = Seat.objects.on(today()).filled().filter(council=council, partner=partner).first()
    assert found is not None, f"{partner} has no seat in {council}"
    return found


def _vote(council: Council, items: Mapping[str, Any], partners: Partners, by: User, **facts: Any) -> Vote:
    """Open, on topics of these words."""
    vote = votes.VOTES.enter({"council": council, **facts}, by=by)
    costs: dict[int, int | None] = {}
    for word, (whose, title, more) in items.items():
        seat, said = _seat(council, _partner(partners, whose)), more if isinstance(more, str) else ""
        key = f"sample {vote.pk} {word}"
        topic = Topic.objects.create(council=council, seat=seat, title=title, said=said, key=key)
        costs[topic.pk] = None if said else more * 100
    votes.choose_items(vote.pk, costs, by=by)
    return votes.open_vote(vote.pk, by=by)


def _topic(vote: Vote, word: str) -> int:
    return int(Topic.objects.values_list("pk", flat=True).get(key=f"sample {vote.pk} {word}"))


def _cast(vote: Vote, seat: Seat, words: Iterable[str]) -> None:
    """Places with a blank between; several at one place with a sign between."""
    groups = [[_topic(vote, word) for word in place.split("=")] for place in words]
    backed = {"backed": [pk for group in groups for pk in group]}
    said = {"groups": groups} if vote.method == Vote.Method.RANKED else backed
    ballots.cast(vote, seat, said, way="link", by=str(seat.person))


def ask(staff: Staff, partners: Partners) -> None:
    council = Council.objects.get(name=SMALL)
    facts = {"question": FIRST, "method": "ranked", "wanted": 4}
    vote = _vote(council, WISHES, partners, staff["dana"], **facts)
    for code, words in RANKED.items():
        _cast(vote, _seat(council, partners[code]), words.split())


def close(staff: Staff, _partners: Partners, *, question: str, by: str) -> None:
    votes.close_vote(Vote.objects.get(question=question).pk, by=staff[by])


def publish(staff: Staff, _partners: Partners) -> None:
    """All that won but one, which the CIO leaves for a reason."""
    vote = Vote.objects.get(question=FIRST)
    left = vote.items.get(topic=_topic(vote, "voice"))
    publishing.depart(left.pk, taken=False, reason=LEFT, by=staff["ruth"])
    given = {
        vote.items.get(topic=_topic(vote, word)).pk: (staff[owner], today() + timedelta(days=days))
        for word, (owner, days, _ago, _words) in DONE.items()
    }
    publishing.publish(vote.pk, given, by=staff["dana"])


def do(staff: Staff, _partners: Partners, *, word: str) -> None:
    """Done, and told to whoever raised it."""
    owner, _days, _ago, words = DONE[word]
    follow_up = Topic.objects.get(title=WISHES[word][1]).follow_up
    assert follow_up is not None
    ring.finish(follow_up.pk, words=words, by=staff[owner])
    ring.tell(follow_up.pk, how=How.PHONE, words=words, by=staff["dana"], ask_if_it_helped=False)


def report(staff: Staff, _partners: Partners) -> None:
    publishing.report_back(Vote.objects.get(question=FIRST).pk, by=staff["dana"])


def spend(staff: Staff, partners: Partners) -> None:
    council = Council.objects.get(name=IT)
    facts = {"question": MONEY, "method": "budget", "budget_cents": 600_000_00, "spend": SPEND}
    vote = _vote(council, ITEMS, partners, staff["carla"], **facts)
    for code, words in BACKED.items():
        _cast(vote, _seat(council, partners[code]), words.split())


def join(staff: Staff, partners: Partners) -> None:
    """The city of Larkspur is small enough to sit there too."""
    larkspur = _partner(partners, "Larkspur")
    member = Membership.objects.standing().filter(partner=larkspur).exclude(person=None)[0]
    facts = {"council": Council.objects.get(name=SMALL), "partner": larkspur, "person": member.person}
    SEATS.enter({**facts, "begins_on": today()}, by=staff["dana"])


def ask_again(staff: Staff, partners: Partners) -> None:
    council = Council.objects.get(name=SMALL)
    facts = {"question": NEXT, "method": "approval", "wanted": 2}
    vote = _vote(council, OPEN, partners, staff["dana"], **facts)
    for code, words in {"PUC": "clerk backup", "NUR": "clerk night", "ETH": "night"}.items():
        _cast(vote, _seat(council, partners[code]), words.split())


STORY: tuple[tuple[int, Make], ...] = (
    (490, ask),
    (481, partial(close, question=FIRST, by="dana")),
    (476, publish),
    *((ago, partial(do, word=word)) for word, (_owner, _days, ago, _words) in DONE.items()),
    (52, report),
    (38, join),
    (36, spend),
    (29, partial(close, question=MONEY, by="carla")),
    (6, ask_again),
)
