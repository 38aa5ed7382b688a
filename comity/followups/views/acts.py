"""The steps of one follow-up: each a page with a form, so that all work by keyboard and with scripts off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import WARNING
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from comity.core.errors import DomainError
from comity.editing.answering import answer
from comity.followups import services
from comity.followups.capabilities import WORK
from comity.followups.forms import acts as forms
from comity.followups.models import FollowUp
from comity.followups.services import allowing
from comity.followups.views.filters import all_of
from comity.office import services as office
from comity.people.access import Request, requires
from comity.ui.components.page import tell as say


@dataclass(frozen=True)
class Act:
    """One step: its form, the service behind it, and what the page says."""

    form: type[forms.ActForm]
    service: Callable[..., FollowUp]
    heading: Any
    submit: Any
    said: Any
    may_be_undone: bool = False
    check: Callable[[FollowUp], None] | None = None  # whether it may be taken where the follow-up stands


OWN = Act(
    forms.OwnForm,
    services.own,
    gettext_lazy("Take it on"),
    gettext_lazy("I take it on"),
    gettext_lazy("You own it now."),
    may_be_undone=True,
    check=allowing.check_own,
)
HAND_OVER = Act(
    forms.HandOverForm,
    services.hand_over,
    gettext_lazy("Give it to someone else"),
    gettext_lazy("Give it to them"),
    gettext_lazy("They own it now, and have notice of it."),
    may_be_undone=True,
    check=allowing.check_hand_over,
)
MOVE_DUE = Act(
    forms.MoveDueForm,
    services.move_due,
    gettext_lazy("Promise another day"),
    gettext_lazy("Move the day"),
    gettext_lazy("The day is moved."),
    may_be_undone=True,
    check=allowing.check_move_due,
)
FINISH = Act(
    forms.FinishForm,
    services.finish,
    gettext_lazy("Say what was done"),
    gettext_lazy("It is done"),
    gettext_lazy("Done. Now tell them what came of it."),
    may_be_undone=True,
    check=allowing.check_finish,
)
TELL = Act(
    forms.TellForm,
    services.tell,
    gettext_lazy("Tell them what came of it"),
    gettext_lazy("They are told"),
    gettext_lazy("Told. The ring is closed."),
    check=allowing.check_tell,
)
WITHDRAW = Act(
    forms.WithdrawForm,
    services.withdraw,
    gettext_lazy("Withdraw it"),
    gettext_lazy("Withdraw it"),
    gettext_lazy("It is withdrawn."),
    may_be_undone=True,
    check=allowing.check_withdraw,
)
REOPEN = Act(
    forms.ReopenForm,
    services.reopen,
    gettext_lazy("Open it again"),
    gettext_lazy("Open it again"),
    gettext_lazy("It is open again."),
    check=allowing.check_reopen,
)


def perform(request: Request, pk: int, act: Act) -> HttpResponse:
    """Show the form of a step, or take it."""
    follow_up = get_object_or_404(all_of(request.user), pk=pk)
    if request.method != "POST" and (refusal := _refusal(act, follow_up)):
        say(request, refusal, level=WARNING)
        return redirect("followups:detail", pk)
    form = act.form(request.POST or None, follow_up=follow_up, user=request.user)
    undo = reverse("followups:undo", args=[pk])
    return answer(
        request,
        form,
        lambda: act.service(pk, by=request.user, **form.cleaned_data),
        page="followups/act.html",
        context={"follow_up": follow_up, "act": act, "ring": follow_up.ring(office.today())},
        told=str(act.said),
        to=follow_up,
        undo=(lambda _done: undo) if act.may_be_undone else None,
    )


def _refusal(act: Act, follow_up: FollowUp) -> str:
    """Why a step cannot be taken now, so that nobody writes in vain who follows an old link; "" if it can."""
    try:
        if act.check:
            act.check(follow_up)
    except DomainError as error:
        return str(error)
    return ""


@requires(WORK)
def own(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, OWN)


@requires(WORK)
def hand_over(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, HAND_OVER)


@requires(WORK)
def move_due(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, MOVE_DUE)


@requires(WORK)
def finish(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, FINISH)


@requires(WORK)
def tell(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, TELL)


@requires(WORK)
def withdraw(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, WITHDRAW)


@requires(WORK)
def reopen(request: Request, pk: int) -> HttpResponse:
    return perform(request, pk, REOPEN)


@requires(WORK)
def edit(request: Request, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(all_of(request.user), pk=pk)
    form = forms.EditForm(request.POST or None, instance=follow_up, user=request.user)
    page = {"heading": _("Change what is written"), "submit": _("Save")}
    return answer(
        request,
        form,
        lambda: services.edit(pk, form.values, by=request.user, seen=form.seen),
        page="followups/act.html",
        context={"follow_up": follow_up, "act": page, "ring": follow_up.ring(office.today())},
        told=_("Saved."),
    )


@requires(WORK)
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back one's own last step."""
    get_object_or_404(FollowUp.objects.visible_to(request.user), pk=pk)
    try:
        services.undo(pk, by=request.user)
    except DomainError as error:
        say(request, str(error), level=WARNING)
    else:
        say(request, _("Taken back."))
    return redirect("followups:detail", pk)


@requires(WORK)
def comment(request: Request, pk: int) -> HttpResponse:
    """Remark on it; the page itself holds the form, this one shows what has to be mended."""
    follow_up = get_object_or_404(all_of(request.user), pk=pk)
    form = forms.CommentForm(request.POST or None, follow_up=follow_up, user=request.user)
    return answer(
        request,
        form,
        lambda: services.comment(pk, by=request.user, **form.cleaned_data),
        page="followups/comment.html",
        context={"follow_up": follow_up, "ring": follow_up.ring(office.today())},
        to=lambda written: f"{follow_up.get_absolute_url()}#comment-{written.pk}",
    )
