"""Pages over many rooms: the first one of each role, a partner at a glance, who looks after whom, the CIO’s, the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.billing import capabilities as billing
from comity.briefing import (
    beside,
    concerns,
    healths,
    links,
    money,
    office_figures,
    responsibilities,
    satisfaction,
)
from comity.briefing import capabilities as can
from comity.briefing import coverage as coverages
from comity.briefing import glance as glances
from comity.briefing import portal as portals
from comity.briefing.glance import Glance
from comity.briefing.numbers import Numbers, Reader, beginning, numbers_of
from comity.briefing.numbers_in_words import spelled
from comity.briefing.picked import Picked, picked, rows_of
from comity.briefing.responsibilities import Clause
from comity.briefing.timeline import LABELS, timeline
from comity.briefing.today import (
    LATELY,
    Need,
    Today,
    longest_wait,
    looked_after_by,
    needs_of,
    opening,
    today_of,
)
from comity.briefing.trouble import Trouble, in_trouble
from comity.followups.models import FollowUp
from comity.imports.profiles import profiles_for
from comity.office.services import today, words
from comity.partners.capabilities import ASSIGN
from comity.partners.models import Partner
from comity.partners.services import who_assigns
from comity.partners.tables.gaps import gaps_table
from comity.people.access import Request, requires, signed_in
from comity.people.capabilities import MANAGE
from comity.people.models import User

MOST_CLAUSES = 3
TROUBLED = 8
LATE_SHOWN = 5


@dataclass(frozen=True)
class Pile:
    """Some of the rows behind what is said first, and where all of them are."""

    heading: str
    needs: list[Need]
    count: int
    url: str


@signed_in("GET")
def home(request: Request) -> HttpResponseBase:
    """To the portal for a partner's user, else to one's own day."""
    return my_day(request) if request.user.is_office else redirect("portal")


@requires(can.SEE_OFFICE_PAGES)
def my_day(request: Request) -> HttpResponse:
    user, now = request.user, today()
    reader, numbers, looked_after = Reader.of(user), numbers_of(user, now), looked_after_by(user, now)
    chosen = picked(user, now, beginning(now - LATELY), of_own=bool(looked_after))
    day = today_of(user, now, numbers, chosen, looked_after)
    office = office_figures.of_office(numbers) if reader.overview else None
    clauses = responsibilities.clauses_of(numbers, now, reader)
    empty = not day.partners and not day.needs and not clauses and not numbers["partners"][0]
    concerned = _concerns(user, now, numbers, looked_after=bool(looked_after))
    bills = money.of(user, now, concerned.owned, overview=reader.overview)
    return render(
        request,
        "briefing/today.html",
        {
            "today": now,
            "day": day,
            "nothing_yet": empty,
            **getting_started(user),
            "sentence": _("Nobody is served yet.") if empty else _sentence(user, day, clauses, bills),
            "own_words": opening(day, inside=True) if reader.whole else "",
            "something": bool(clauses or bills.waiting),
            "money": bills,
            "piles": _piles(user, now, clauses, chosen),
            "office_wide": office.figures() if office else [],
            "figures": office_figures.quarter(numbers, now, owner=None if office else user),
            "figures_heading": _("Our promises this quarter") if office else _("Your promises this quarter"),
            **concerned.shown,
            "beside": beside.cards_for(numbers),
            "low_ratings": office_figures.low_ratings(numbers, now),
            "mine_url": links.follow_ups(view="mine"),
            "visit_url": links.log_visit(),
        },
    )


def _sentence(user: User, day: Today, clauses: Sequence[Clause], bills: money.Money) -> str | SafeString:
    """The first thing the page says: who answers for the whole hears of that first, anybody else of their own work.

    Whoever runs the bills hears first of the month that waits.
    """
    own, whole = opening(day), user.can(can.ANSWER_FOR_OFFICE)
    if bills.waiting and bills.runs:
        return bills.waiting.sentence
    if clauses:
        return responsibilities.sentence_of(clauses[:MOST_CLAUSES], "" if whole else own)
    if own:
        return "; ".join(part for part in (own, longest_wait(day)) if part) + "."
    if whole:
        return _("Everything heard has an owner, and nothing is late by more than a week.")
    return _("Nothing waits for you today.")


@dataclass(frozen=True)
class Concerned:
    """What concerns somebody besides their own work, as the page shows it; and the services of whose money they read, by key."""

    shown: Mapping[str, object]
    owned: Sequence[int] = ()


def _concerns(user: User, now: date, numbers: Numbers, *, looked_after: bool) -> Concerned:
    """Who answers for all, or looks after nobody, reads how surveys go; others what they were asked for in, and own.

    Nothing is asked of which there is none. Of a service owner's page, and of that of whoever runs the bills, these come
    before surveys.
    """
    if user.can(can.SEE_OVERVIEW):
        return Concerned({"running": satisfaction.running(user), "satisfaction": satisfaction.of_all(user)})
    asked_for, owns = numbers["mentions"][0], numbers["services"][0]
    services = concerns.services_of(user, now) if owns else None
    listens = not (looked_after or owns or user.can(billing.RUN))
    shown = {
        "mentions": concerns.mentions_of(user, now, since=beginning(now - concerns.LATELY))
        if asked_for
        else [],
        "services": services,
        "running": satisfaction.running(user) if listens else [],
        "satisfaction": satisfaction.of_all(user) if listens else None,
    }
    return Concerned(shown, services.keys if services and not looked_after else ())


def _piles(user: User, now: date, clauses: Sequence[Clause], chosen: Picked) -> list[Pile]:
    """The first rows of each clause that has some, each follow-up once."""
    found = ((clause, needs_of(chosen.rows(clause.pile), user, now)) for clause in clauses)
    return [Pile(clause.heading, needs, clause.count, clause.url) for clause, needs in found if needs]


def getting_started(user: User) -> dict[str, object]:
    """What `briefing/_getting_started.html` asks for, in an office that serves nobody yet."""
    return {
        "may_import": any(one.key == "partners" for one in profiles_for(user)),
        "may_invite": user.can(MANAGE),
        "raise_url": links.raise_about(),
    }


@requires(can.SEE_OFFICE_PAGES, "GET")
def glance(request: Request, pk: int) -> HttpResponse:
    rows = Partner.objects.visible_to(request.user).select_related("parent", "tier").with_divisions()
    partner = get_object_or_404(healths.with_health(rows), pk=pk)
    if partner.merged_into_id:
        return redirect("partner", partner.merged_into_id, permanent=True)
    now, kind = today(), request.GET.get("kind", "")
    seen = glances.look_at(partner, request.user, now)
    page = timeline(partner, request.user, now, kind=kind, before=_moment(request.GET.get("before", "")))
    older = {"kind": kind, "before": page.older.isoformat() if page.older else ""}
    return render(
        request,
        "briefing/glance.html",
        {
            "partner": partner,
            "sentence": glances.sentence(seen),
            "about": glances.about(seen),
            "figures": glances.figures(seen),
            "ring": office_figures.of_partner(seen, now),
            "satisfaction": satisfaction.of_partner(request.user, partner),
            "health": healths.of_partner(request.user, partner),
            "who": glances.who_talks_to_whom(seen, now),
            **_assigning(request.user, partner, seen),
            "page": page,
            "chips": [
                (str(label), f"{request.path}?kind={key}" if key else request.path, key == kind)
                for key, label in LABELS.items()
            ],
            "older_url": f"{request.path}?{urlencode(older)}" if older["before"] else "",
            "raise_url": links.raise_about(partner),
            "visit_url": links.log_visit(partner),
        },
    )


def _assigning(user: User, partner: Partner, seen: Glance) -> dict[str, object]:
    """Beside the sentence that nobody leads: where one is assigned, or for others whom to ask."""
    if not seen.has_gap:
        return {}
    if not user.can(ASSIGN):
        return {"who_assigns": who_assigns()}
    return {"assign_url": f"{reverse('partners:assign', args=[partner.pk])}?from=glance"}


def _moment(text: str) -> datetime | None:
    """From where an older page goes on; what is no moment is no page of ours."""
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Http404
    return moment


@requires(can.SEE_COVERAGE, "GET")
def coverage(request: Request) -> HttpResponseBase:
    """Who has nobody to call, and what each contact carries: the list alone where only the list changes."""
    table, may_assign = gaps_table(request), request.user.can(ASSIGN)
    found = cast(coverages.Coverage, SimpleLazyObject(lambda: coverages.coverage(request.user, today())))
    context = {
        "coverage": found,
        "sentence": SimpleLazyObject(lambda: coverages.sentence(found)),
        "may_assign": may_assign,
        "who_assigns": [] if may_assign else who_assigns(),
        **getting_started(request.user),
    }
    return table.respond("briefing/coverage.html", context)


@requires(can.SEE_OVERVIEW, "GET")
def overview(request: Request) -> HttpResponse:
    user, now = request.user, today()
    troubled = in_trouble(user, now, limit=TROUBLED + 1)
    shown, more = troubled[:TROUBLED], len(troubled) > TROUBLED
    numbers = numbers_of(user, now)
    waiting = FollowUp.objects.visible_to(user).for_the_cio(now).values_list("pk", flat=True)[:LATE_SHOWN]
    late = rows_of(waiting, now)
    anybody = Partner.objects.visible_to(user).served().exists()
    return render(
        request,
        "briefing/overview.html",
        {
            "nothing_yet": not anybody,
            **getting_started(user),
            "today": now,
            "sentence": _in_trouble(shown, more=more, anybody=anybody),
            "figures": office_figures.of_office(numbers).figures(),
            "troubled": shown,
            "health": healths.of_all(user, now),
            "satisfaction": satisfaction.of_all(user),
            "running": satisfaction.running(user),
            "more": more,
            "promises": office_figures.promises_by_month(user, now),
            "quarter": office_figures.quarter(numbers, now),
            "quarter_heading": _("Our promises this quarter"),
            "bills": money.on_overview(user),
            "waiting": needs_of([late[key] for key in waiting], user, now),
            "late_url": links.follow_ups(view="late"),
        },
    )


def _in_trouble(troubled: list[Trouble], *, more: bool, anybody: bool) -> str:
    """What the CIO reads first."""
    said = words()
    if not anybody:
        return _("There are no %(partners)s yet.") % {"partners": said.partners}
    if not troubled:
        return _("No relationship is in trouble today.")
    first = troubled[0].partner.name
    if len(troubled) == 1:
        return _("One relationship is in trouble: %(name)s.") % {"name": first}
    if more:
        many = _("More than %(count)d relationships are in trouble, %(name)s first.")
        return many % {"count": len(troubled), "name": first}
    some = _("%(count)s relationships are in trouble, %(name)s first.")
    return some % {"count": spelled(len(troubled)), "name": first}


@requires(can.SEE_PORTAL, "GET")
def portal(request: Request) -> HttpResponse:
    found = portals.portal_of(request.user, today())
    context = {
        "portal": found,
        "sentence": portals.sentence(found),
        "raise_url": reverse("followups:portal_new"),
        "list_url": reverse("followups:portal_list"),
    }
    return render(request, "briefing/portal.html", context)
