"""The ring as a board: a column for each step, a button for the next one. Nothing has to be dragged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.followups import kinds
from comity.followups.capabilities import READ, WORK
from comity.followups.kinds import Act
from comity.followups.models import OPEN, FollowUp, State
from comity.followups.views.one import next_act
from comity.followups.views.worklists import WORKLISTS, rows_of, view_of, views
from comity.office import services as office
from comity.people.access import Request, requires

MOST = 12  # cards in a column
TOLD_SINCE = timedelta(days=14)
COLUMNS = (State.HEARD, State.OWNED, State.DONE, State.TOLD)


@dataclass(frozen=True)
class Card:
    follow_up: FollowUp
    ring: Any
    due: str
    late: bool
    next: Act | None


@dataclass(frozen=True)
class Pile:
    """One column of the board."""

    state: State
    heading: str
    cards: list[Card]
    more_url: str


@requires(READ, "GET")
def board(request: Request) -> HttpResponse:
    view = view_of(request)
    today, works = office.today(), request.user.can(WORK)
    found: dict[str, list[Card]] = {state: [] for state in COLUMNS}
    for row in _first_of_each(rows_of(request.user, view, today)):
        then = next_act(row, kinds.get(row.kind)) if works else None
        late = row.is_late(today)
        card = Card(row, row.ring(today), row.due_words(today) if row.is_pending else "", late, then)
        found[row.state].append(card)
    found[State.TOLD].sort(key=lambda card: str(card.follow_up.told_at), reverse=True)
    piles = [_pile(state, cards, view) for state, cards in found.items()]
    context = {
        "view": view,
        "tabs": [
            (label, f"{reverse('followups:board')}?{query}", key == view)
            for key, (label, query) in zip(WORKLISTS, views(), strict=True)
        ],
        "piles": [pile for pile in piles if pile.cards or pile.state != State.TOLD],
    }
    return render(request, "followups/board.html", context)


def _first_of_each(rows: Any) -> Any:
    """The first few of each column, and one more to tell whether there are others; in one query.

    Open ones by the day they are due, told ones the latest first: each column is read from the end of an index.
    """
    told = rows.filter(state=State.TOLD, told_at__gte=timezone.now() - TOLD_SINCE)
    firsts = [rows.filter(state=state).order_by("due_on", "pk") for state in OPEN]
    firsts.append(told.order_by("-told_at", "-pk"))
    shown = Q()
    for first in firsts:
        shown |= Q(pk__in=first.values("pk")[: MOST + 1])
    return rows.model.objects.with_people().filter(shown).order_by("due_on", "pk")


def _pile(state: str, cards: list[Card], view: str) -> Pile:
    headings = {
        State.HEARD: _("Heard, no owner"),
        State.OWNED: _("Owned"),
        State.DONE: _("Done, not told"),
        State.TOLD: _("Told in the last two weeks"),
    }
    more = f"{reverse('followups:list')}?view={view}&state={state}" if len(cards) > MOST else ""
    return Pile(State(state), headings[State(state)], cards[:MOST], more)
