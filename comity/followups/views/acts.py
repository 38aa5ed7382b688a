"""The steps of one follow-up: each a page with a form, so that all work by keyboard and with scripts off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import WARNING
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from comity.core.errors import DomainError
from comity.followups import services
from comity.followups.capabilities import WORK
from comity.followups.forms import acts as forms
from comity.followups.models import FollowUp
from comity.followups.services import allowing
from comity.followups.views.conflict import conflict_of
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
EDIT = Act(
    forms.EditForm,
    services.edit,
    gettext_lazy("Change what is written"),
    gettext_lazy("Save"),
    gettext_lazy("Saved."),
)


def perform(request: Request, pk: int, act: Act) -> HttpResponse:
    """Show the form of a step, or take it."""
    follow_up = get_object_or_404(all_of(request.user), pk=pk)
    if request.method != "POST" and (refusal := _refusal(act, follow_up)):
        say(request, refusal, level=WARNING)
        return redirect("followups:detail", pk)
    form = act.form(request.POST or None, follow_up=follow_up, user=request.user)
    context: dict[str, Any] = {"follow_up": follow_up, "form": form, "act": act}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            act.service(pk, by=request.user, **form.cleaned_data)
        except services.ConflictError as error:
            form.see(error.follow_up.version)
            context |= {"conflict": conflict_of(error, form), "follow_up": error.follow_up}
            status = 409
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            undo = reverse("followups:undo", args=[pk]) if act.may_be_undone else ""
            say(request, str(act.said), undo=undo)
            return redirect("followups:detail", pk)
    context["ring"] = context["follow_up"].ring(office.today())
    return render(request, "followups/act.html", context, status=status)


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
    return perform(request, pk, EDIT)


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
    if request.method == "POST" and form.is_valid():
        try:
            written = services.comment(pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{follow_up.get_absolute_url()}#comment-{written.pk}")
    context = {"follow_up": follow_up, "form": form, "ring": follow_up.ring(office.today())}
    return render(request, "followups/comment.html", context)
