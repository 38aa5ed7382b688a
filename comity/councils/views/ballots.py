"""Voting: signed in, by a personal link, or by a phone in the live session; all on one page."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _

from comity.audit.services import Actor
from comity.councils.capabilities import PORTAL
from comity.councils.models import Ballot, Seat, Topic, Vote
from comity.councils.services import ballots, joining
from comity.councils.voting_forms import BallotForm
from comity.editing.answering import act, answer
from comity.people import tokens
from comity.people.access import Request, public, requires, row_or_404
from comity.ui.money import money

SCOPE = "ballot"
MISSES = 100  # a whole council may open its links from one address


@requires(PORTAL)
def signed_in(request: Request, pk: int) -> HttpResponse:
    """By the seat of whoever is signed in; of several by the one in the query."""
    vote = row_or_404(request, Vote, pk, "council")
    seats = ballots.seats_of(request.user, vote)
    wished = [seat for seat in seats if str(seat.pk) == request.GET.get("seat")]
    seat = next(iter([*wished, *seats]), None)
    return _page(request, vote, seat, Ballot.Way.ACCOUNT, "ui/page.html", seats)


@public("Each seat votes from its mail, without a sign-in; the link stands for the seat.")
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    link = tokens.find(request, SCOPE, ballots.links(), token, limit=MISSES)
    if link is None:
        hint = _("A link to vote works while the vote is open. Check that you copied the whole link.")
        return tokens.refuse(request, SCOPE, limit=MISSES, hint=hint)
    person = link.seat.person
    with translation.override(person.language if person else None):
        answered = _page(request, link.vote, link.seat, Ballot.Way.LINK, "ui/bare.html", [])
    answered["Referrer-Policy"] = "no-referrer"
    return answered


@public("A phone that joined the live session votes for its seat; guests read along.")
def by_phone(request: HttpRequest, pk: int) -> HttpResponse:
    phone = joining.phone_of(request)
    votes = Vote.objects.exclude(opened_at=None).select_related("council")
    vote = get_object_or_404(votes, pk=pk, meeting=phone.session.meeting_id if phone else 0)
    seat = joining.seat_of(request, phone.session.meeting) if phone else None
    return _page(request, vote, seat, Ballot.Way.PHONE, "ui/bare.html", [])


def _page(
    request: HttpRequest, vote: Vote, seat: Seat | None, way: str, base: str, seats: list[Seat]
) -> HttpResponse:
    """The ballot of a seat, as it stands and to be changed."""
    context: dict[str, Any] = {"vote": vote, "seat": seat, "base": base, "seats": seats}
    if seat is None or not vote.is_open:
        return render(request, "councils/ballot.html", context)
    if vote.method == Vote.Method.PAIRWISE:
        return _pairs(request, vote, seat, way, context)
    said = ballots.last_of(vote, seat)
    form = BallotForm(request.POST if request.method == "POST" else None, vote=vote, said=said)
    if vote.is_budget and said:
        backed = vote.items.filter(topic__in=said["backed"])
        context["costs"] = money(backed.aggregate(sum=Sum("cost_cents"))["sum"] or 0)
    return answer(
        request,
        form,
        lambda: ballots.cast(vote, seat, form.said, way=way, by=_who(request, seat)),
        page="councils/ballot.html",
        context={**context, "said": said},
        told=_("Your vote is counted. You can change it until the vote is closed."),
        to=request.get_full_path(),
    )


def _pairs(request: HttpRequest, vote: Vote, seat: Seat, way: str, context: dict[str, Any]) -> HttpResponse:
    """One pair after another: which matters more? Anyone may add an item."""
    here = request.get_full_path()
    if "title" in request.POST:
        title = request.POST["title"]
        return act(
            request, lambda: ballots.add_item(vote, title, seat), told=_("It is on the list."), to=here
        )
    if request.method == "POST":
        better, _space, worse = request.POST.get("judged", "").partition(" ")
        if not (better.isdecimal() and worse.isdecimal()):
            better, worse = "0", "0"  # which is on no list
        said = {"better": int(better), "worse": int(worse)}
        return act(request, lambda: ballots.cast(vote, seat, said, way=way, by=_who(request, seat)), to=here)
    left, whole = ballots.pairs_left(vote, seat)
    skip = request.GET.get("skip", "")
    place = int(skip) % len(left) if left and skip.isdecimal() and len(skip) < 6 else 0
    pair = Topic.objects.in_bulk(list(map(int, left[place]))) if left else {}
    more = {"pair": list(pair.values()), "whole": whole, "done": whole - len(left), "next": place + 1}
    return render(request, "councils/ballot.html", {**context, **more, "pairwise": True})


def _who(request: HttpRequest, seat: Seat) -> Actor:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else str(seat.person)
