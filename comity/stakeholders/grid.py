"""A map as a grid: who lies in which square, what moved since a day, and what it comes to in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit.models import Entry
from comity.audit.words import change_of
from comity.core.stakeholders import LEVELS, MUCH, as_it_was, quadrant
from comity.editing.values import Values
from comity.partners.models import Partner
from comity.stakeholders.forms import MoveForm
from comity.stakeholders.models import Initiative, Stakeholder
from comity.stakeholders.tables import SIGNS, last_contact, stance_sign
from comity.ui.charts import Chart, Layers, Node, Tone
from comity.ui.components.timeline import Item

AGAINST = {Stakeholder.Stance.DOUBTER, Stakeholder.Stance.OPPOSED}


@dataclass(frozen=True)
class Placed:
    """Somebody on the grid.

    number  by which the table names them too
    row     as they are, or were on the day that is shown
    moved   what is different today, in words
    """

    number: int
    row: Stakeholder
    moved: Sequence[str] = ()

    @property
    def sign(self) -> str:
        return SIGNS[self.row.stance]

    @property
    def tag(self) -> Any:
        return stance_sign(self.row)

    @property
    def last_contact(self) -> date | None:
        return last_contact(self.row)

    @property
    def seal(self) -> str:
        """What the form of a move carries to say where its reader saw them."""
        return str(MoveForm(instance=self.row).initial["seen_before"])


@dataclass(frozen=True)
class Square:
    """One of 25: who lies there, and what is to be done about people there."""

    influence: int
    interest: int
    people: list[Placed] = field(default_factory=list)

    @property
    def quadrant(self) -> Stakeholder.Quadrant:
        return Stakeholder.Quadrant(quadrant(self.influence, self.interest))

    @property
    def is_corner(self) -> bool:
        """The first square of a quadrant, which says its name."""
        return self.influence in (1, MUCH) and self.interest in (MUCH - 1, 5)

    @property
    def words(self) -> str:
        said = {"influence": self.influence, "interest": self.interest, "do": self.quadrant.label}
        return _("Influence %(influence)s, interest %(interest)s: %(do)s") % said


@dataclass(frozen=True)
class Grid:
    """Everybody on the map of a partner or an initiative; `then` is how they were on a day, None for how they are."""

    of: Partner | Initiative
    rows: Sequence[Stakeholder]
    then: dict[int, Stakeholder] | None = None

    @cached_property
    def people(self) -> list[Placed]:
        if self.then is None:
            return [Placed(at, row) for at, row in enumerate(self.rows, 1)]
        there = [row for row in self.rows if row.pk in self.then]
        return [
            Placed(at, was := self.then[row.pk], differences(rating(was), rating(row)))
            for at, row in enumerate(there, 1)
        ]

    @property
    def moved(self) -> list[Placed]:
        return [one for one in self.people if one.moved]

    @property
    def lines(self) -> list[list[Square]]:
        """The squares by line, much interest at the top."""
        lines = [[Square(influence, interest) for influence in LEVELS] for interest in reversed(LEVELS)]
        for one in self.people:
            lines[5 - one.row.interest][one.row.influence - 1].people.append(one)
        return lines

    def sentence(self) -> str:
        """How it stands with those who carry weight."""
        count = len(self.people)
        if not count:
            return _("Nobody is on the map of %(name)s yet") % {"name": self.of}
        strong = [one.row for one in self.people if one.row.influence >= MUCH]
        against = sum(row.stance in AGAINST for row in strong)
        said = {"name": self.of, "all": len(strong), "count": against}
        if not strong:
            return _("%(name)s: nobody on the map has much influence") % said
        if not against:
            return _("%(name)s: nobody with much influence has doubts") % said
        return (
            ngettext(
                "%(name)s: %(count)s of %(all)s with much influence has doubts or is opposed",
                "%(name)s: %(count)s of %(all)s with much influence have doubts or are opposed",
                against,
            )
            % said
        )


TONES: dict[str, Tone] = {"champion": "good", "supporter": "goodish", "doubter": "warn", "opposed": "bad"}


def network(rows: Sequence[Stakeholder]) -> Chart | None:
    """Who influences whom of these; nothing where nobody does, as far as we know."""
    keys = [row.pk for row in rows]
    pairs = Stakeholder.influences.through.objects.filter(
        from_stakeholder__in=keys, to_stakeholder__in=keys
    ).values_list("from_stakeholder", "to_stakeholder")
    edges = [*pairs.order_by("pk")]
    if not edges:
        return None
    ones = [row for row in rows if any(row.pk in edge for edge in edges)]
    at = {row.pk: place for place, row in enumerate(ones)}
    nodes = [
        Node(
            row.person.name,
            row.get_absolute_url(),
            f"{SIGNS[row.stance]} {row.get_stance_display()}",
            TONES.get(row.stance, "none"),
        )
        for row in ones
    ]
    count, first = max((sum(edge[0] == row.pk for edge in edges), -at[row.pk]) for row in ones)
    title = ngettext(
        "%(name)s is listened to by %(count)s other on this map",
        "%(name)s is listened to by %(count)s others on this map",
        count,
    ) % {"name": nodes[-first].name, "count": count}
    lines = [(at[one], at[other]) for one, other in edges]
    note = _("A line leads from whoever influences to whoever listens; a dashed one leads back to the left.")
    return Chart(title, Layers(nodes, lines, (_("Who"), _("Influences"))), note)


def rating(row: Stakeholder) -> Values:
    """How somebody is seen, as plain values."""
    return {name: getattr(row, name) for name in Stakeholder.RATED}


def differences(was: Values, now: Values) -> list[str]:
    """What of a rating changed, in words: "Stance: Opposed → Neutral"."""
    changes = (change_of(Stakeholder, name, was[name], value) for name, value in now.items())
    return [f"{one.name}: {one.before} → {one.after}" for one in changes if one.before != one.after]


def history(row: Stakeholder) -> Iterator[Item]:
    """Each change of how somebody is seen, the latest first, and how they were seen at first."""
    now, first = rating(row), ""
    for entry in Entry.objects.about(row):
        was = as_it_was(now, [entry.before or {}])
        if moved := differences(was, now):
            yield Item(entry.at, title=" · ".join(moved), body=entry.actor_label)
        now, first = was, entry.actor_label
    rated = (change_of(Stakeholder, name, None, value) for name, value in now.items())
    words = " · ".join(f"{one.name}: {one.after}" for one in rated)
    yield Item(row.added_at, title=words, body=first)
