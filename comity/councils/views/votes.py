"""The office's acts on a vote: prepared, opened, closed, departed from, published, reported."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.councils.capabilities import DECIDE, READ, RUN
from comity.councils.models import Council, Topic, Vote, VoteItem
from comity.councils.services import exchanging, publishing, votes
from comity.councils.voting_forms import DepartForm, FileForm, ItemsForm, PublishForm, VoteForm
from comity.editing.answering import FormPage, answer, confirm, drop, keep
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.people.access import Request, requires, row_or_404, signed_in
from comity.ui.tables import Choice, Column, Search, Table


def _crumbs(vote: Vote) -> list[tuple[str, str]]:
    return [(str(vote.council), vote.council.get_absolute_url()), (str(vote), vote.get_absolute_url())]


@signed_in("GET")
def listing(request: Request) -> HttpResponseBase:
    """Those of all councils that the reader sees."""
    table = Table(
        request,
        Vote.objects.visible_to(request.user).select_related("council"),
        name="votes",
        columns=[
            Column("question", link=True),
            Column("council"),
            Column("method", wide=True),
            Column("state", _("Where it stands"), value=lambda row: str(row.state[0])),
            Column("opened_at", _("Opened on")),
            Column("closed_at", _("Closed on")),
            Column("id", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(question__icontains=text)),
            Choice("method", _("How it is asked"), Vote.Method.choices, "method"),
        ],
        default_sort="-opened_at",
        empty=_("No council has voted yet. A vote begins on the page of its council."),
    )
    return list_page(request, table, _("Votes"), lead=_("What councils are asked, and what they say."))


@requires(RUN)
def add(request: Request, pk: int) -> HttpResponse:
    council = row_or_404(request, Council, pk)
    page = FormPage(_("Put a question to a vote"), crumbs=[(str(council), council.get_absolute_url())])
    form = VoteForm(request.POST or None, council=council)
    return keep(
        request,
        votes.VOTES,
        form,
        page,
        to=lambda vote: reverse("councils:vote_items", args=[vote.pk]),
        council=council,
    )


@requires(RUN)
def edit(request: Request, pk: int) -> HttpResponse:
    vote = row_or_404(request, Vote, pk, "council")
    page = FormPage.of(vote, "", crumbs=_crumbs(vote), remove="councils:remove_vote")
    return keep(
        request, votes.VOTES, VoteForm(request.POST or None, instance=vote, council=vote.council), page
    )


@requires(RUN)
def remove(request: Request, pk: int) -> HttpResponse:
    vote = row_or_404(request, Vote, pk, "council")
    return drop(request, votes.VOTES, vote, crumbs=_crumbs(vote), to=vote.council)


@requires(RUN)
def items(request: Request, pk: int) -> HttpResponse:
    vote = row_or_404(request, Vote, pk, "council")
    topics = Topic.objects.visible_to(request.user).standing().filter(council=vote.council)
    form = ItemsForm(request.POST or None, vote=vote, topics=list(topics))
    lead = _("Choose topics.")
    if vote.is_budget:
        lead = _("Give what each would cost, in dollars. What has no cost is not voted on.")
    return answer(
        request,
        form,
        lambda: votes.choose_items(pk, form.costs, by=request.user),
        page=FormPage(_("What is voted on?"), lead=lead, crumbs=_crumbs(vote)),
        told=_("Saved."),
        to=vote,
    )


# What is asked once more, since it cannot be undone: heading, lead, button, and what is said then.
TURNS: dict[str, tuple[Callable[..., Vote], tuple[Words, ...]]] = {
    "open": (
        votes.open_vote,
        (
            gettext_lazy("Open the vote?"),
            gettext_lazy("Question, items and method are fixed from then on. Each seat gets a link by mail."),
            gettext_lazy("Open it"),
            gettext_lazy("The vote is open."),
        ),
    ),
    "close": (
        votes.close_vote,
        (
            gettext_lazy("Close the vote?"),
            gettext_lazy("No ballot can be given or changed afterward, and the result stands for good."),
            gettext_lazy("Close it"),
            gettext_lazy("The vote is closed."),
        ),
    ),
}


@requires(RUN)
def turn(request: Request, pk: int, to: str) -> HttpResponse:
    """Open a vote, or close it."""
    vote = row_or_404(request, Vote, pk, "council")
    do, (heading, lead, submit, told) = TURNS[to]
    page = FormPage(heading, lead=lead, crumbs=_crumbs(vote), submit=submit)
    return confirm(request, page, lambda: do(pk, by=request.user), told=str(told), to=vote)


@requires(DECIDE)
def depart(request: Request, pk: int) -> HttpResponse:
    """Take or leave an item otherwise than the vote says."""
    seen = Vote.objects.visible_to(request.user)
    item = get_object_or_404(
        VoteItem.objects.filter(vote__in=seen).select_related("vote__council", "topic"), pk=pk
    )
    initial = {"taken": None if item.taken is None else int(item.taken), "reason": item.reason}
    form = DepartForm(request.POST or None, initial=initial)
    page = FormPage(_("Decide about “%(item)s”") % {"item": item}, crumbs=_crumbs(item.vote))
    return answer(
        request,
        form,
        lambda: publishing.depart(pk, by=request.user, **form.cleaned_data),
        page=page,
        told=_("Saved."),
        to=item.vote,
    )


@requires(RUN)
def publish(request: Request, pk: int) -> HttpResponse:
    vote = row_or_404(request, Vote, pk, "council")
    listed = publishing.the_list(vote)
    form = PublishForm(request.POST if request.method == "POST" else None, listed=listed, vote=vote)
    lead = _(
        "Each item that is worked on becomes a follow-up. The members read the list, with who works on what."
    )
    page = FormPage(_("Publish the list"), lead=lead, crumbs=_crumbs(vote), submit=_("Publish"))
    return answer(
        request,
        form,
        lambda: publishing.publish(pk, form.given, by=request.user),
        page=page,
        told=_("The list is published."),
        to=vote,
    )


@requires(RUN)
def report(request: Request, pk: int) -> HttpResponse:
    """Show whom it reaches and what they read, then send it."""
    vote = row_or_404(request, Vote, pk, "council")
    people, text = publishing.preview(vote)

    def told(count: int) -> str:
        return ngettext("%(count)s letter is written.", "%(count)s letters are written.", count) % {
            "count": count
        }

    page = FormPage(
        _("Report back"), crumbs=_crumbs(vote), submit=_("Put it on the agenda and send the mail")
    )
    return answer(
        request,
        forms.Form(request.POST),
        lambda: publishing.report_back(pk, by=request.user),
        page="councils/report.html",
        context={"page": page, "people": people, "text": text, "meeting": publishing.next_meeting(vote)},
        told=told,
        to=vote,
    )


@requires(READ, "GET")
def file(request: Request, pk: int) -> HttpResponse:
    """The ballots of a budget vote for Pabulib's format, once no more are taken."""
    vote = get_object_or_404(Vote.objects.visible_to(request.user).exclude(frozen={}), pk=pk, method="budget")
    named = {"Content-Disposition": f'attachment; filename="vote-{pk}.pb"'}
    return HttpResponse(exchanging.as_file(vote), content_type="text/plain; charset=utf-8", headers=named)


@requires(RUN)
def bring_in(request: Request, pk: int) -> HttpResponse:
    """A vote on money, with its ballots, from a file."""
    council = row_or_404(request, Council, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    lead = _(
        "Voters are seats of this council: by the number of the seat, or the email address of whoever has it."
    )
    page = FormPage(
        _("Bring in a vote"),
        lead=lead,
        crumbs=[(str(council), council.get_absolute_url())],
        submit=_("Bring it in"),
    )
    return answer(
        request,
        form,
        lambda: exchanging.from_file(council, form.cleaned_data["file"].read(), by=request.user),
        page=page,
        told=_("The vote is open with its ballots. Close it to see the result."),
    )
