"""What rooms above declare of follow-ups: the kinds they hear, and what they add to the page of one.

The ring asks them for the rest and knows no domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.urls import reverse

from comity.access import Capability
from comity.nouns import Named, Trait, Words, all_of, named, noun_of

if TYPE_CHECKING:
    from comity.followups.models import FollowUp
    from comity.people.models import User


def all_said(follow_up: FollowUp) -> str:
    """The line it is called by, and what was said."""
    return f"{follow_up.title}\n{follow_up.said}"


@dataclass(frozen=True)
class Kind(Named):
    """One kind, as the domain that hears describes it.

    key                kept with each follow-up: never rename one
    evidence           the model of what was heard, a noun whose key is the `source_id`; None where nothing can be read
    page               the URL name of where it is read; the noun's own page, if empty
    to                 who of the office may open that page, if not everybody
    outcomes           the domain's own endings, key and words ("upheld", "We agreed"); the domain then says when it
                       is done, and the page shows `ending_url` under `ending_label` for "Say what was done"
    promise            we said it to them, not they to us: in the portal it is what we promised
    asks_if_it_helped  whether telling asks for an answer; nobody is asked whether thanks have helped
    problem            what a follow-up of it says of a problem that others may have too; None where it tells of none
    """

    key: str
    label: Words
    evidence: type[Model] | None = None
    page: str = ""
    to: Capability | None = None
    outcomes: tuple[tuple[str, Words], ...] = ()
    ending_url: Callable[[str], str | None] = lambda _source_id: None
    ending_label: Words = ""
    promise: bool = False
    asks_if_it_helped: bool = True
    problem: Callable[[FollowUp], str] | None = None

    @property
    def owns_ending(self) -> bool:
        return bool(self.outcomes)

    def outcome_words(self, outcome: str) -> str:
        """An ending in words; "" for none."""
        return str(dict(self.outcomes).get(outcome, ""))

    def evidence_for(self, user: User, source_id: str) -> str | None:
        """The link to the evidence if this person may see it; its page is the office's."""
        noun = noun_of(self.evidence._meta.label) if self.evidence else None
        if noun is None or not source_id or not user.is_office or (self.to and not user.can(self.to)):
            return None
        seen = noun.visible_to(user).filter(pk=source_id).exists()
        return reverse(self.page or noun.page, args=[source_id]) if seen else None


def get(key: str) -> Kind:
    """The kind; one whose room is no longer installed is known by its key alone."""
    return named(Kind, key) or Kind(key, key.replace("_", " ").capitalize())


def label(key: str) -> str:
    return str(get(key).label)


def choices() -> list[tuple[str, str]]:
    """All kinds by their words, for a filter."""
    return sorted(((kind.key, str(kind.label)) for kind in all_of(Kind)), key=lambda pair: pair[1].casefold())


def problems() -> list[str]:
    """The keys of the kinds that tell of a problem."""
    return [kind.key for kind in all_of(Kind) if kind.problem]


@dataclass(frozen=True)
class Act:
    """Something that can be done now; `first` stands beside the ring's next step.

    unfolds  its form can be put in place, where it is begun
    """

    label: str
    url: str
    first: bool = False
    unfolds: bool = False


@dataclass(frozen=True)
class Line:
    """Something another room knows of it, and where that can be read ("" where nowhere)."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Card:
    """A part of the page that another room writes: a template, given `card`, which is what that room put into it."""

    template: str
    holds: Mapping[str, Any]


def _nothing(follow_up: FollowUp, user: User) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class PageAddition(Trait):
    """What one room does about follow-ups, and knows of them.

    Each is asked for one follow-up and its reader, who is of the office; `cards` also of the page that its partner has.
    """

    acts: Callable[[FollowUp, User], Iterable[Act]] = _nothing
    lines: Callable[[FollowUp, User], Iterable[Line]] = _nothing
    cards: Callable[[FollowUp, User], Iterable[Card]] = _nothing


def acts_for(follow_up: FollowUp, user: User) -> list[Act]:
    """What this person can do about it in other rooms."""
    return [act for room in all_of(PageAddition) for act in room.acts(follow_up, user)]


def lines_for(follow_up: FollowUp, user: User) -> list[Line]:
    """What other rooms know of it, as far as this person may see it."""
    return [line for room in all_of(PageAddition) for line in room.lines(follow_up, user)]


def cards_for(follow_up: FollowUp, user: User) -> list[Card]:
    """What other rooms write on its page, for this reader."""
    return [card for room in all_of(PageAddition) for card in room.cards(follow_up, user)]
