"""A live session as the office has it: the wall, the facilitator’s screen, and what is done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import qrcode
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from comity.core.errors import DomainError
from comity.councils import streaming
from comity.councils.capabilities import RUN
from comity.councils.models import CouncilMeeting, LiveSession
from comity.councils.models.live import last_told, told
from comity.councils.services import live, topics
from comity.editing.answering import act
from comity.outbox.services import address
from comity.people.access import Request, requires, row_or_404

BESIDE = ("meeting__council", "facilitator", "at_hand")


@requires(RUN, "POST")
def open_live(request: Request, pk: int) -> HttpResponse:
    meeting = row_or_404(request, CouncilMeeting, pk)
    return act(request, lambda: live.open_session(pk, by=request.user), refused_to=meeting)


@requires(RUN, "GET")
def wall(request: Request, pk: int) -> HttpResponse:
    """For a projector: the code, the topic at hand, and topics as they come."""
    session = row_or_404(request, LiveSession, pk, *BESIDE)
    join = address(reverse("councils:join"))
    drawn = qrcode.make(f"{join}?code={session.code}", image_factory=SvgPathImage, border=2)
    context = _context(session) | {
        "address": join.partition("://")[2].rstrip("/"),
        "qr": SafeString(drawn.to_string(encoding="unicode")),
        "topics": session.meeting.topics.standing().order_by("-pk"),
        "hands": session.phones.raised().count(),
    }
    return render(request, "councils/wall.html", context)


@requires(RUN, "GET")
def desk(request: Request, pk: int) -> HttpResponse:
    """The facilitator’s screen."""
    session = row_or_404(request, LiveSession, pk, *BESIDE)
    context = _context(session)  # its number is asked before the topics are
    every = list(session.meeting.topics.select_related("seat__partner", "seat__person"))
    standing = topics.with_merged(every)
    beside = ("seat__person", "seat__partner")
    context |= {
        "topics": standing,
        "removed": [topic for topic in every if topic.removed_at],
        "alike": [] if session.ended_at else topics.alike([topic for topic, _merged in standing]),
        "hands": session.phones.raised().select_related(*beside),
        "phones": session.phones.standing().select_related(*beside).order_by("-seat", "pk"),
        "runs": session.facilitator == request.user and not session.ended_at,
    }
    return render(request, "councils/desk.html", context)


def _context(session: LiveSession) -> dict[str, Any]:
    return {
        "session": session,
        "after": last_told(session),
        "now": timezone.now(),
        "gone": _gone(session),
    }


def _gone(session: LiveSession) -> str:
    since = session.gone_since(timezone.now())
    return time_format(timezone.localtime(since), "TIME_FORMAT") if since else ""


@requires(RUN, "GET")
def events(request: Request, pk: int) -> HttpResponseBase:
    """What happens, as it happens; or since a number, for a browser that asks now and then."""
    session = row_or_404(request, LiveSession, pk)
    if wants_stream(request):
        return streaming.stream(request, pk, streaming.WALL_BEAT)
    return since(request, session, gone=_gone(session))


def wants_stream(request: Any) -> bool:
    return "text/event-stream" in request.headers.get("Accept", "")


def since(request: Any, session: LiveSession, **more: Any) -> JsonResponse:
    """The same events as in the stream, after the number the browser has."""
    after = streaming.number_of(request.GET.get("after"))
    new = told(session.pk, after)
    answer = {"after": new[-1][0] if new else after, "said": [said for _number, said in new], **more}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


@requires(RUN, "POST")
def act_live(request: Request, pk: int) -> HttpResponse:
    """One thing that a facilitator does."""
    session = row_or_404(request, LiveSession, pk)
    if request.POST.get("do") == "stay":
        return _stay(request, pk)
    found = _acts(request, pk).get(request.POST.get("do", ""))
    if found is None:
        return HttpResponse(status=400)
    do, said, undo = found
    return act(request, do, told=said, to=session, undo=undo)


def _stay(request: Request, pk: int) -> HttpResponse:
    try:
        live.stay(pk, by=request.user)
    except DomainError:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


Act = tuple[Callable[[], Any], str, Callable[[Any], str] | None]


def _acts(request: Request, pk: int) -> dict[str, Act]:
    """What can be done, by its name: it, what is said then, and where it is taken back."""
    by, sent = request.user, request.POST
    chosen = [key for each in sent.getlist("topic") if (key := streaming.number_of(each))]
    first = chosen[0] if chosen else 0
    kept = streaming.number_of(sent.get("into")) or first
    others = [each for each in chosen if each != kept] or chosen
    phone, minutes = streaming.number_of(sent.get("phone")), streaming.number_of(sent.get("minutes"))

    def undo(gone: list[int]) -> Callable[[Any], str] | None:
        return (lambda _done: reverse("councils:put_back", args=[pk, gone[0]])) if len(gone) == 1 else None

    return {
        "take": (lambda: live.take_up(pk, first, by=by), "", None),
        "done": (lambda: live.take_up(pk, None, by=by), "", None),
        "start": (lambda: live.set_timer(pk, minutes, by=by), "", None),
        "minute": (lambda: live.set_timer(pk, 1, more=True, by=by), "", None),
        "stop": (lambda: live.set_timer(pk, 0, by=by), "", None),
        "lock": (lambda: live.lock(pk, locked=True, by=by), _("Nobody can write for now."), None),
        "unlock": (lambda: live.lock(pk, locked=False, by=by), _("Everybody can write again."), None),
        "lower": (lambda: live.lower(pk, phone, by=by), "", None),
        "release": (lambda: live.release(pk, phone, by=by), _("The seat is free again."), None),
        "merge": (lambda: topics.merge(pk, others, into=kept, by=by), _("Merged."), undo(others)),
        "remove": (
            lambda: topics.remove(pk, chosen, reason=sent.get("reason", ""), by=by),
            _("Removed."),
            undo(chosen),
        ),
        "take_over": (lambda: live.take_over(pk, by=by), "", None),
        "end": (lambda: live.end(pk, by=by), _("The session has ended. Its topics stand below."), None),
    }


@requires(RUN, "POST")
def put_back(request: Request, pk: int, topic: int) -> HttpResponse:
    """Undo a merge or a removal."""
    session = row_or_404(request, LiveSession, pk)
    return act(
        request,
        lambda: topics.put_back(pk, topic, by=request.user),
        told=_("It is back in the list."),
        to=session,
    )
