"""Beside a follow-up: what is most like it elsewhere, and what people say of two. And a partner's word whether it may be named."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from comity.editing.answering import act
from comity.followups.models import FollowUp
from comity.followups.views.acts import is_part
from comity.patterns.capabilities import READ, SHARE, WORK
from comity.patterns.services import judging
from comity.patterns.services.comparing import most_alike
from comity.people.access import Request, requires


@requires(READ, "GET")
def elsewhere(request: Request, pk: int) -> HttpResponse:
    """The page of it; or its part, which the page of the follow-up asks for."""
    follow_up = get_object_or_404(FollowUp.objects.visible_to(request.user).select_related("partner"), pk=pk)
    context = {
        "follow_up": follow_up,
        "alike": most_alike(follow_up, request.user),
        "may_work": request.user.can(WORK),
    }
    template = "patterns/_elsewhere.html" if is_part(request) else "patterns/elsewhere.html"
    answer = render(request, template, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _both(request: Request, pk: int, other: int) -> FollowUp:
    seen = FollowUp.objects.visible_to(request.user)
    get_object_or_404(seen, pk=other)
    return get_object_or_404(seen, pk=pk)


def _undo(pk: int, other: int) -> str:
    return reverse("patterns:unsay", args=[pk, other])


@requires(WORK, "POST")
def same(request: Request, pk: int, other: int) -> HttpResponse:
    follow_up = _both(request, pk, other)
    return act(
        request,
        lambda: judging.same(pk, other, by=request.user),
        told=lambda pattern: _("The same problem: both are part of “%(name)s”.") % {"name": pattern},
        to=follow_up,
        undo=lambda _pattern: _undo(pk, other),
    )


@requires(WORK, "POST")
def apart(request: Request, pk: int, other: int) -> HttpResponse:
    follow_up = _both(request, pk, other)
    return act(
        request,
        lambda: judging.apart(pk, other, by=request.user),
        told=_("Not the same. They are not proposed beside each other again."),
        to=follow_up,
        undo=lambda _done: _undo(pk, other),
    )


@requires(WORK, "POST")
def unsay(request: Request, pk: int, other: int) -> HttpResponse:
    follow_up = _both(request, pk, other)
    return act(request, lambda: judging.unsay(pk, other, by=request.user), told=_("Undone."), to=follow_up)


@requires(SHARE, "POST")
def share(request: Request, pk: int) -> HttpResponse:
    """Agree that others are told, or no longer: whoever speaks for the partner."""
    item = get_object_or_404(judging.shared_by(request.user).select_related("follow_up"), pk=pk)
    may = request.POST.get("may") == "1"
    return act(
        request,
        lambda: judging.share(item, may, by=request.user),
        told=_("Others with this problem now see that you have it too.")
        if may
        else _("Others no longer see your name."),
        to=reverse("followups:portal_detail", args=[pk]),
    )
