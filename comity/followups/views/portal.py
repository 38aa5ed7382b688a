"""What a partner's users raise, where it stands, and what came of it; and the page behind the link in the mail.

In English and Spanish. Opening the link changes nothing; mail scanners open links too.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, act
from comity.editing.answering import answer as answer_form
from comity.followups import kinds, services, to_them
from comity.followups.capabilities import PORTAL
from comity.followups.forms import HelpedForm, PortalCommentForm, PortalForm, ReopenForm, WithdrawForm
from comity.followups.models import FollowUp, FollowUpQuerySet, Helped, HelpedLink, State
from comity.followups.services.praising import COMPLIMENT
from comity.followups.views import story
from comity.followups.views.worklists import all_of
from comity.office import services as office
from comity.people import tokens
from comity.people.access import Request, public, requires
from comity.people.models import User
from comity.ui.components.signs import ring as ring_sign
from comity.ui.tables import Choice, Column, Search, Table


@requires(PORTAL, "GET")
def listing(request: Request) -> HttpResponseBase:
    """All that was raised for the partners of this person, by anyone."""
    today = office.today()
    table = Table(
        request,
        all_of(request.user),
        name="portal-follow-ups",
        columns=_columns(today),
        filters=[
            Search("q", _("Find"), lambda rows, words: rows.search(words)),
            Choice("state", _("Where it stands"), to_them.STATES, "state"),
        ],
        default_sort="-heard",
        row_name=lambda row: row.title,
        export_name="told-and-promised",
        empty=_("You have not told us anything yet."),
        empty_url=reverse("followups:portal_new"),
        empty_action=_("Tell us something"),
    )
    return table.respond("followups/portal/list.html", {"total": table.total})


def _columns(today: date) -> list[Column]:
    return [
        Column(
            "title",
            _("What it is about"),
            template="followups/portal/_title_cell.html",
            value=lambda row: (ring_sign(to_them.ring(row, today), size=22), to_them.is_promise(row)),
            csv_value=lambda row: row.title,
        ),
        Column("partner", _("For")),
        Column("stands", _("Where it stands"), value=lambda row: to_them.briefly(row, today)),
        Column(
            "due",
            _("Promised for"),
            sort="due_on",
            value=lambda row: row.due_on if row.is_pending else None,
            wide=True,
        ),
        Column("heard", _("Since"), sort="heard_on", value=lambda row: row.heard_on, wide=True),
    ]


@requires(PORTAL)
def new(request: Request) -> HttpResponse:
    """Tell the office something."""
    form = PortalForm(request.POST or None, user=request.user)
    return answer_form(
        request,
        form,
        lambda: services.raise_follow_up(by=request.user, raised_by=request.user, **form.cleaned_data),
        page="followups/portal/new.html",
        told=_("Thank you. You can follow what happens here."),
        to=lambda made: reverse("followups:portal_detail", args=[made.pk]),
    )


HELPED_ID = "helped_%s"  # another form of the page has a field of the same name


@requires(PORTAL, "GET")
def detail(request: Request, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(_rows(request.user), pk=pk)
    return render(request, "followups/portal/detail.html", _context(follow_up, request.user))


def _rows(user: User) -> FollowUpQuerySet:
    """What this person may see, with those whom the page of one names."""
    return all_of(user).select_related("written_by", "done_by", "told_by")


def _context(follow_up: FollowUp, user: User, **forms_with_errors: Any) -> dict[str, Any]:
    today = office.today()
    own, steps = is_own(follow_up, user), story.steps_of(follow_up, user)
    answer = {"answer": follow_up.helped, "words": follow_up.helped_words}
    return {
        "follow_up": follow_up,
        "ring": to_them.ring(follow_up, today),
        "promise": to_them.is_promise(follow_up),
        "what_it_is": to_them.heading(follow_up),
        "stages": story.stages(follow_up, steps, today, ours=False),
        "own": own,
        "cards": kinds.cards_for(follow_up, user),
        "praises": follow_up.praises.all() if follow_up.kind == COMPLIMENT else (),
        "stream": story.stream(follow_up, steps, user),
        "helped_form": HelpedForm(initial=answer, auto_id=HELPED_ID)
        if own and follow_up.state == State.TOLD
        else None,
        "comment_draft": f"comment-{follow_up.pk}",
        "comment_form": PortalCommentForm(),
        **forms_with_errors,
    }


def is_own(follow_up: FollowUp, user: User) -> bool:
    """Whether this person raised it, under its sign-in or as a contact of its partner."""
    return FollowUp.objects.raised_by(user).filter(pk=follow_up.pk).exists()


def _own_or_404(request: Request, pk: int) -> FollowUp:
    own = FollowUp.objects.raised_by(request.user).values("pk")
    return get_object_or_404(_rows(request.user).filter(pk__in=own), pk=pk)


@requires(PORTAL, "POST")
def comment(request: Request, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(_rows(request.user), pk=pk)
    form = PortalCommentForm(request.POST)
    if not form.is_valid():
        context = _context(follow_up, request.user, comment_form=form)
        return render(request, "followups/portal/detail.html", context, status=422)
    return act(
        request,
        lambda: services.comment(pk, by=request.user, **form.cleaned_data),
        told=_("Our office can now read your comment."),
        to=reverse("followups:portal_detail", args=[pk]),
    )


@requires(PORTAL)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what one raised oneself."""
    follow_up = _own_or_404(request, pk)
    return _act(request, follow_up, WithdrawForm, services.withdraw, _("Withdraw it"), _("Withdrawn."))


@requires(PORTAL)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open again what one raised oneself."""
    follow_up = _own_or_404(request, pk)
    return _act(request, follow_up, ReopenForm, services.reopen, _("Reopen it"), _("Reopened."))


def _act(
    request: Request, follow_up: FollowUp, form_class: Any, service: Any, heading: str, said: str
) -> HttpResponse:
    back = reverse("followups:portal_detail", args=[follow_up.pk])
    form = form_class(request.POST or None, follow_up=follow_up, user=request.user)
    return answer_form(
        request,
        form,
        lambda: service(follow_up.pk, by=request.user, **form.cleaned_data),
        page=FormPage(
            heading,
            f"{heading}: {follow_up}",
            follow_up.title,
            crumbs=[(_("Told and promised"), reverse("followups:portal_list")), (follow_up.title, back)],
            submit=_("Send"),
        ),
        told=said,
        to=back,
    )


@requires(PORTAL, "POST")
def answer(request: Request, pk: int) -> HttpResponse:
    """Say whether it helped, signed in."""
    follow_up = _own_or_404(request, pk)
    form = HelpedForm(request.POST, auto_id=HELPED_ID)
    if not form.is_valid():
        context = _context(follow_up, request.user, helped_form=form)
        return render(request, "followups/portal/detail.html", context, status=422)
    return act(
        request,
        lambda: services.answer_helped(pk, by=request.user, **form.cleaned_data),
        told=_("Thank you for telling us."),
        to=reverse("followups:portal_detail", args=[pk]),
    )


SCOPE = "helped"


@never_cache
@public("Whoever raised something answers from the mail, without a sign-in; the link stands for them.")
@csrf_exempt  # it needs no cookie: nobody can forge the form who does not know the link
def helped(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether it helped. Dead links of every kind get one and the same answer."""
    links = HelpedLink.objects.usable(timezone.now()).select_related(
        "follow_up__partner", "follow_up__told_by", "follow_up__raised_by_user", "follow_up__raised_by_person"
    )
    link = tokens.find(request, SCOPE, links, token)
    if link is None:
        return tokens.refuse(request, SCOPE)
    with translation.override(link.language):
        follow_up = link.follow_up
        initial = {"answer": follow_up.helped, "words": follow_up.helped_words}
        form = HelpedForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            if services.answer_by_link(link, **form.cleaned_data) is None:
                return tokens.refuse(request, SCOPE)
            said = {"language": link.language, "answer": form.cleaned_data["answer"]}
            return redirect(f"{reverse('followups:thanks')}?{urlencode(said)}")
        what = to_them.heading(follow_up)
        context = {"form": form, "follow_up": follow_up, "what_it_is": what, "answered": link.answered_at}
        status = 422 if request.method == "POST" else 200
        return render(request, "followups/helped.html", context, status=status)


@require_safe
@public("Thanks for an answer; it says nothing of anybody.")
def thanks(request: HttpRequest) -> HttpResponse:
    language = request.GET.get("language", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else get_language()):
        return render(request, "followups/thanks.html", {"again": request.GET.get("answer") == Helped.NO})
