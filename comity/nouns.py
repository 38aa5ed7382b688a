"""What a room says of each of its nouns, once, for the rooms below to read.

A noun is a thing of the product that has rows and pages: a meeting, a wave, a person. The room that holds it declares
it in its own `nouns.py`, handed over as the site starts; search, the trail, the navigation, retention, the ring and
the rest read it there and know no room by name. Nothing is made out of a declaration: no model, no view, no form.

What only one lower room reads is a trait, and that room defines it (`followups.kinds.Kind`, `people.duties.Duty`), so
this file stays as small as it is however many rooms there will be. `docs/architecture.md` lists the traits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeAlias, TypeVar, cast

from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from comity.access import Capability, Viewer

Words: TypeAlias = str | Promise
T = TypeVar("T", bound="Trait")
N = TypeVar("N", bound="Named")


class Trait:
    """Something a lower room reads. The dataclass that derives from it lies in the room that does."""


class Named(Trait):
    """A trait that rows or addresses keep by its key: no key is declared twice, and none is ever renamed."""

    key: str


class Area(Enum):
    """Where a place stands: the areas of the header, in its order, and the account menu."""

    TODAY = "today"
    PARTNERS = "partners"
    FOLLOW_UPS = "follow-ups"
    FEEDBACK = "feedback"
    SERVICES = "services"
    MONEY = "money"
    STRATEGY = "strategy"
    TEAM = "team"
    VENDORS = "vendors"
    MANAGE = "manage"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Place(Trait):
    """A page one goes to from anywhere.

    url_name  its URL, which takes no argument
    to        who may open it; None for everybody who is signed in
    words     what one finds there, where there is room to say it
    under     the URL name of the place that leads to it, if it has no room in the area's row; it is found by typing
    order     where it stands in the row; those alike stand in the order of the rooms
    """

    area: Area
    label: Words
    url_name: str
    to: Capability | None = None
    words: Words = ""
    under: str = ""
    order: int = 0


@dataclass(frozen=True)
class Act(Trait):
    """Something the palette offers to do: its name, what it asks for, its URL without arguments, and who may.

    about  the noun it may begin with, by its label; its URL takes the key in the query: "partners.Partner" in ?partner=
    """

    label: Words
    hint: Words
    url_name: str
    to: Capability
    about: str = ""


@dataclass(frozen=True)
class Actions(Trait):
    """What the trail calls acts: those of a noun, and loose ones on none, {"site.backup": _("made a backup")}."""

    words: Mapping[str, Words]


@dataclass(frozen=True)
class Search:
    """How rows are found by their words; the noun's model has a `SearchIndex` and the noun a `page`.

    title  the field shown, and sorted by
    hint   a field or expression shown beside it, to tell two of one name apart
    day    the field of a day shown behind that
    to     who may open the page they lead to; None where the rows alone decide
    rows   the rows someone may find; all that they may see, if absent
    """

    title: str = "name"
    hint: str | Combinable = ""
    day: str = ""
    to: Capability | None = None
    rows: Callable[[Any], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class Kept(Named):
    """Records that can be destroyed when they are old; the office's rules and holds decide when they are.

    key      their name in a retention rule and in a legal hold
    label    what they are, in words
    keep     how long they are kept where the office has no rule of its own; None keeps them until there is one
    destroy  destroys, in a transaction of its own, what ended before a moment; gives how many there were
    """

    key: str
    label: Words
    keep: timedelta | None
    destroy: Callable[[datetime], int]


@dataclass(frozen=True)
class Noun:
    """One noun of one room.

    model        whose rows it is; a manager with `visible_to(user)` says who may see them
    plural       what several are called, as the head of a list has it: "Meetings"
    page         the URL name of the page of one, which takes its key
    one          what one of them is called, where that is not what the model calls itself
    formerly     what the model was called before, as the trail still has it: ("meetings.Plan",)
    office_only  nobody but the office ever sees a row; the test of visibility holds `visible_to` to it
    actions      what the trail calls what is done to it: {"meetings.log": _("logged a visit")}
    places       where its pages stand in the navigation
    acts         what the palette can do
    search       how one is found by typing
    traits       what single rooms below read of it
    """

    model: type[Model]
    plural: Words = ""
    page: str = ""
    one: Words = ""
    formerly: Sequence[str] = ()
    office_only: bool = False
    actions: Mapping[str, Words] = field(default_factory=dict)
    places: Sequence[Place] = ()
    acts: Sequence[Act] = ()
    search: Search | None = None
    traits: Sequence[Trait] = ()

    @property
    def label(self) -> str:
        """The model by its name, as rows of other rooms keep it: "meetings.Meeting"."""
        return self.model._meta.label

    def visible_to(self, user: Viewer) -> QuerySet[Any]:
        """The rows this person may see."""
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(user)
        return rows


# Filled by `declare` alone: nouns by the name of their model, and traits by their class and key.
by_label: dict[str, Noun] = {}
by_kind: dict[type[Trait], dict[object, Trait]] = {}


def declare(*said: Noun | Trait) -> None:
    """Make a room's nouns known, and traits that belong to no noun (a page over many rooms, work by the clock).

    Raises ValueError for what is declared twice, and for a noun that is to be found and has no page.
    """
    for one in said:
        for trait in _add(one) if isinstance(one, Noun) else [one]:
            known = by_kind.setdefault(type(trait), {})
            key = trait.key if isinstance(trait, Named) else len(known)
            if key in known:
                raise ValueError(f"The {type(trait).__name__} {key!r} is declared twice.")
            known[key] = trait


def _add(noun: Noun) -> Sequence[Trait]:
    """Make one noun known; its traits."""
    if noun.label in by_label:
        raise ValueError(f"{noun.label} is declared twice.")
    if noun.search and not noun.page:
        raise ValueError(f"{noun.label} is to be found, and has no page that a hit could lead to.")
    by_label[noun.label] = noun
    return [Actions(noun.actions), *noun.places, *noun.acts, *noun.traits]


def nouns() -> list[Noun]:
    """All nouns, in the order of the rooms."""
    return list(by_label.values())


def noun_of(label: str) -> Noun | None:
    """The noun of a model by its name, "meetings.Meeting", or by one it had before."""
    return by_label.get(label) or next((noun for noun in nouns() if label in noun.formerly), None)


def all_of(kind: type[T]) -> list[T]:
    """All traits of one class, whichever noun has them, in the order of the rooms."""
    return cast("list[T]", list(by_kind.get(kind, {}).values()))


def named(kind: type[N], key: str) -> N | None:
    """The trait of a class by its key."""
    return cast("N | None", by_kind.get(kind, {}).get(key))
