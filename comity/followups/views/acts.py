"""Writing it down, and the steps of one follow-up: each a page with a form, so that all work by keyboard and with scripts off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from http import HTTPStatus
from typing import Any

from django.contrib.messages import WARNING
from django.db.models import Case, IntegerField, When
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh, push_url, reselect, reswap, retarget

from comity.core.errors import DomainError
from comity.editing.answering import FormPage, act, answer
from comity.followups import forms, services
from comity.followups.capabilities import RAISE, READ, WORK
from comity.followups.models import FollowUp
from comity.followups.services import changing
from comity.followups.services.commenting import calling, readers
from comity.followups.services.letters import was_mailed
from comity.followups.services.praising import COMPLIMENT
from comity.followups.views.worklists import all_of
from comity.office import services as office
from comity.partners.pickers import PARTNER_TODAY
from comity.people.access import Request, requires
from comity.people.models import User
from comity.people.pickers import COLLEAGUE
from comity.search.sorting import sort_key
from comity.ui.components.page import tell as say
from comity.ui.pickers import tidy
from comity.ui.tables.columns import Words


def _context(follow_up: FollowUp, heading: Words, submit: Words) -> dict[str, Any]:
    """What the page of a step says."""
    crumbs = [(_("Follow-ups"), reverse("followups:list")), (follow_up.title, follow_up.get_absolute_url())]
    page = FormPage(heading, f"{heading}: {follow_up}", "", crumbs, submit)
    return {"page": page, "follow_up": follow_up, "ring": follow_up.ring(office.today())}


def _step(
    form_class: type[forms.ActForm],
    service: Callable[..., FollowUp],
    check: Callable[[FollowUp], None],
    heading: Words,
    submit: Words,
    told: Words | Callable[[FollowUp], str],
    *,
    may_be_undone: bool = True,
) -> Callable[..., HttpResponseBase]:
    """The view of one step: its form is shown, or it is taken.

    check  whether it may be taken where the follow-up stands, so that nobody writes in vain who follows an old link
    told   what the page after it says
    """

    @requires(WORK)
    def view(request: Request, pk: int) -> HttpResponse:
        follow_up = get_object_or_404(all_of(request.user), pk=pk)
        if request.method != "POST" and (refusal := _refusal(check, follow_up)):
            say(request, refusal, level=WARNING)
            return HttpResponseClientRefresh() if is_part(request) else redirect("followups:detail", pk)
        place = _place(request, follow_up)
        form = form_class(request.POST or None, follow_up=follow_up, user=request.user, **place.ids)
        undo = reverse("followups:undo", args=[pk])
        answered = answer(
            request,
            form,
            lambda: service(pk, by=request.user, **form.cleaned_data),
            page=place.template,
            context={**_context(follow_up, heading, submit), **place.context(request)},
            told=lambda done: str(told(done) if callable(told) else told),
            to=follow_up,
            undo=(lambda _done: undo) if may_be_undone else None,
        )
        answered = place.answer(request, answered)
        patch_vary_headers(answered, ["HX-Request"])
        return answered

    return view


PAGE, ROW = "#main", ".row"


@dataclass(frozen=True)
class _Place:
    """Where the form of a step is filled in: on a page of its own; or unfolded on a page, or in a row of a list.

    changes  the selector of what becomes new once the step is taken, where it is unfolded
    """

    follow_up: FollowUp
    action: str
    changes: str = ""

    @property
    def template(self) -> str:
        return "followups/_act.html" if self.changes else "followups/act.html"

    @property
    def ids(self) -> dict[str, str]:
        """The page has fields of its own."""
        return {"auto_id": f"act-{self.follow_up.pk}-%s"} if self.changes else {}

    def context(self, request: Request) -> dict[str, Any]:
        draft = f"{request.resolver_match.url_name if request.resolver_match else ''}-{self.follow_up.pk}"
        return {"action": self.action, "changes": self.changes, "draft": draft}

    def answer(self, request: Request, answered: HttpResponse) -> HttpResponse:
        """The answer to htmx: the form with what is wrong where it was, two versions on the whole page, or the new row."""
        if not self.changes or answered.status_code == HTTPStatus.OK:
            return answered
        if self.changes == PAGE and answered.status_code == HTTPStatus.FOUND:
            return answered
        return push_url(self._part(request, answered), False)  # the page keeps its address

    def _part(self, request: Request, answered: HttpResponse) -> HttpResponse:
        if answered.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            return reselect(reswap(retarget(answered, "closest [data-fold]"), "innerHTML"), ".act")
        if answered.status_code == HTTPStatus.CONFLICT:
            return reselect(retarget(answered, PAGE), PAGE)
        fresh = get_object_or_404(all_of(request.user), pk=self.follow_up.pk)
        ring = fresh.ring(office.today())
        return render(request, "followups/_row.html", {"follow_up": fresh, "ring": ring})


def _place(request: Request, follow_up: FollowUp) -> _Place:
    if not is_part(request):
        return _Place(follow_up, request.path)
    in_row = "row" in request.GET
    return _Place(
        follow_up,
        f"{request.path}?row" if in_row else request.path,
        changes=ROW if in_row else PAGE,
    )


def is_part(request: Request) -> bool:
    """Whether htmx asks, for a part of a page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def _refusal(check: Callable[[FollowUp], None], follow_up: FollowUp) -> str:
    try:
        check(follow_up)
    except DomainError as error:
        return str(error)
    return ""


own = _step(
    forms.OwnForm,
    services.own,
    changing.check_own,
    gettext_lazy("Take it on"),
    gettext_lazy("Take it on"),
    gettext_lazy("You own it now."),
)
hand_over = _step(
    forms.HandOverForm,
    services.hand_over,
    changing.check_hand_over,
    gettext_lazy("Hand it over"),
    gettext_lazy("Hand it over"),
    gettext_lazy("They own it now, and have been notified."),
)
move_due = _step(
    forms.MoveDueForm,
    services.move_due,
    changing.check_move_due,
    gettext_lazy("Change the due date"),
    gettext_lazy("Change the due date"),
    gettext_lazy("Due date changed."),
)
finish = _step(
    forms.FinishForm,
    services.finish,
    changing.check_finish,
    gettext_lazy("Say what was done"),
    gettext_lazy("It is done"),
    gettext_lazy("Done. Now tell them what came of it."),
)
tell = _step(
    forms.TellForm,
    services.tell,
    changing.check_tell,
    gettext_lazy("Tell them what came of it"),
    gettext_lazy("They were told"),
    lambda done: _("The email leaves in 30 seconds.") if was_mailed(done) else _("Told. The ring is closed."),
)
withdraw = _step(
    forms.WithdrawForm,
    services.withdraw,
    changing.check_withdraw,
    gettext_lazy("Withdraw it"),
    gettext_lazy("Withdraw it"),
    gettext_lazy("Withdrawn."),
)
reopen = _step(
    forms.ReopenForm,
    services.reopen,
    changing.check_reopen,
    gettext_lazy("Reopen it"),
    gettext_lazy("Reopen it"),
    gettext_lazy("Reopened."),
    may_be_undone=False,
)


@requires(WORK)
def edit(request: Request, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(all_of(request.user), pk=pk)
    form = forms.EditForm(request.POST or None, instance=follow_up, user=request.user)
    return answer(
        request,
        form,
        lambda: services.edit(pk, form.values, by=request.user, seen=form.seen),
        page="followups/act.html",
        context={
            **_context(follow_up, _("Edit the text"), _("Save")),
            **_Place(follow_up, request.path).context(request),
        },
        told=_("Saved."),
    )


@requires(WORK)
def praise(request: Request, pk: int) -> HttpResponse:
    """Say whom a compliment praises, where its author did not, or only in words."""
    follow_up = get_object_or_404(all_of(request.user).filter(kind=COMPLIMENT), pk=pk)
    form = forms.PraiseForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.praise(pk, by=request.user, **form.cleaned_data),
        page=FormPage(
            _("Whom does it praise?"),
            lead=_("They hear of it, and so does whoever leads them."),
            crumbs=[(follow_up.title, follow_up.get_absolute_url())],
        ),
        told=_("Saved."),
    )


@requires(WORK, "POST")
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back one's own last step."""
    follow_up = get_object_or_404(FollowUp.objects.visible_to(request.user), pk=pk)
    return act(request, lambda: services.undo(pk, by=request.user), told=_("Undone."), to=follow_up)


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
        context=_context(follow_up, _("Comment"), _("Comment")),
        to=lambda written: f"{follow_up.get_absolute_url()}#comment-{written.pk}",
    )


NOON = time(12)


@requires(RAISE)
def new(request: Request) -> HttpResponse:
    """Anyone in the office writes down what they heard; `?partner=` chooses the partner beforehand."""
    asked = {"partner": PARTNER_TODAY.one(request.user, request.GET.get("partner"))}
    form = forms.WriteDownForm(request.POST or None, user=request.user, initial=asked)
    return answer(
        request,
        form,
        lambda: services.raise_follow_up(by=request.user, **_raised(form.cleaned_data, request.user)),
        page="followups/new.html",
        told=_("Saved."),
    )


def _raised(said: dict[str, Any], user: User) -> dict[str, Any]:
    """What the form says, as the service wants it."""
    said = dict(said)
    day, mine = said.pop("heard_on"), said.pop("mine")
    said["owner"] = user if mine else None
    if day != office.today():
        said["heard_at"] = timezone.make_aware(datetime.combine(day, NOON), office.time_zone())
    return said


MOST = 10


@requires(READ, "GET")
def mentionable(request: Request, pk: int) -> HttpResponse:
    """Those who may read a remark on one follow-up, as far as they are typed: each with what calls them alone."""
    follow_up = FollowUp.objects.visible_to(request.user).filter(pk=pk).select_related("partner").first()
    if follow_up is None:
        return JsonResponse({"items": []}, status=404)
    among = readers(follow_up, office_only=request.GET.get("office_only") == "1")
    text = tidy(request.GET.get("q", ""))
    begins = Case(When(sort_name__startswith=sort_key(text), then=0), default=1, output_field=IntegerField())
    rows = list(COLLEAGUE.find(among, text).order_by(begins, "sort_name", "pk")[:MOST])
    calls = calling(rows, among)
    return JsonResponse(
        {"items": [{"value": calls[row], "label": row.name, "hint": row.title or row.email} for row in rows]}
    )
