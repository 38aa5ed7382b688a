"""The first page after signing in: each role's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.briefing import capabilities as can
from comity.briefing import links, office_figures, responsibilities
from comity.briefing.getting_started import getting_started
from comity.briefing.responsibilities import Clause
from comity.briefing.today import Need, Today, longest_wait, needs_of, opening, today_of
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires, signed_in
from comity.people.models import User
from comity.surveys import capabilities as surveys

MOST_CLAUSES = 3
ROWS_OF_A_PILE = 5


@dataclass(frozen=True)
class Pile:
    """Some of the rows behind what is said first, and where all of them are."""

    heading: str
    needs: list[Need]
    count: int
    url: str


@signed_in
@require_safe
def home(request: Request) -> HttpResponseBase:
    """To the portal for a partner's user, else to one's own day."""
    return my_day(request) if request.user.is_office else redirect("portal")


@requires(can.SEE_OFFICE_PAGES)
def my_day(request: Request) -> HttpResponse:
    user, now = request.user, today()
    day = today_of(user, now)
    office = office_figures.of_office(user, now) if user.can(can.SEE_OVERVIEW) else None
    clauses = responsibilities.clauses_of(user, now, office)
    empty = not day.partners and not day.needs and not clauses and not Partner.objects.exists()
    return render(
        request,
        "briefing/today.html",
        {
            "today": now,
            "day": day,
            "nothing_yet": empty,
            **getting_started(user),
            "sentence": _("Nobody is served yet.") if empty else _sentence(user, day, clauses),
            "own_words": opening(day, inside=True) if user.can(can.ANSWER_FOR_OFFICE) else "",
            "something": bool(clauses),
            "piles": _piles(user, now, clauses),
            "office_wide": office.figures() if office else [],
            "figures": office_figures.quarter(user, now, owner=None if office else user),
            "figures_heading": _("Our promises this quarter") if office else _("Your promises this quarter"),
            "low_ratings": office_figures.low_ratings(user, now) if office and user.can(surveys.READ) else [],
            "mine_url": links.follow_ups(view="mine"),
            "visit_url": links.log_visit(),
        },
    )


def _sentence(user: User, day: Today, clauses: Sequence[Clause]) -> str | SafeString:
    """The first thing the page says: who answers for the whole hears of that first, anybody else of their own work."""
    own, whole = opening(day), user.can(can.ANSWER_FOR_OFFICE)
    if clauses:
        return responsibilities.sentence_of(clauses[:MOST_CLAUSES], "" if whole else own)
    if own:
        return "; ".join(part for part in (own, longest_wait(day)) if part) + "."
    if whole:
        return _("Everything heard has an owner, and nothing is late by more than a week.")
    return _("Nothing waits for you today.")


def _piles(user: User, now: date, clauses: Sequence[Clause]) -> list[Pile]:
    """The first rows of each clause that has some, each follow-up once."""
    piles: list[Pile] = []
    for clause in clauses:
        if clause.rows is None:
            continue
        seen = [need.follow_up.pk for pile in piles for need in pile.needs]
        needs = needs_of(clause.rows.exclude(pk__in=seen), user, now, ROWS_OF_A_PILE)
        if needs:
            piles.append(Pile(clause.heading, needs, clause.count, clause.url))
    return piles
