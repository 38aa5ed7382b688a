"""One follow-up: what was said, its four steps, what happened, and the next thing to do."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.followups import kinds
from comity.followups.capabilities import WORK
from comity.followups.forms import CommentForm
from comity.followups.kinds import Act
from comity.followups.models import FollowUp, State
from comity.followups.services import undoable_step
from comity.followups.services.praising import COMPLIMENT
from comity.followups.views import story
from comity.followups.views.worklists import all_of
from comity.office import services as office
from comity.people.access import Request, signed_in


@signed_in("GET")
def detail(request: Request, pk: int) -> HttpResponse:
    """The address under which a follow-up is known to all; a partner's users are led to their own page of it."""
    if not request.user.is_office:
        found = get_object_or_404(FollowUp.objects.visible_to(request.user), pk=pk)
        return redirect("followups:portal_detail", found.pk)
    rows = all_of(request.user).select_related("done_by", "told_by", "written_by")
    follow_up = get_object_or_404(rows, pk=pk)
    today, kind = office.today(), kinds.get(follow_up.kind)
    works, steps = request.user.can(WORK), story.steps_of(follow_up, request.user)
    elsewhere = kinds.acts_for(follow_up, request.user)
    return render(
        request,
        "followups/detail.html",
        {
            "follow_up": follow_up,
            "kind": kind,
            "outcome": kind.outcome_words(follow_up.outcome),
            "evidence": kind.evidence_for(request.user, follow_up.source_id),
            "praises": follow_up.praises.all() if follow_up.kind == COMPLIMENT else (),
            "ring": follow_up.ring(today),
            "stages": story.stages(follow_up, steps, today),
            "next": next_act(follow_up, kind) if works else None,
            "elsewhere": [act for act in elsewhere if act.first],
            "others": [
                *(act for act in elsewhere if not act.first),
                *(other_acts(follow_up) if works else ()),
            ],
            "related": kinds.lines_for(follow_up, request.user),
            "cards": kinds.cards_for(follow_up, request.user),
            "undo": undoable_step(follow_up, request.user, steps) if works else None,
            "stream": story.stream(follow_up, steps, request.user),
            "comment_draft": f"comment-{pk}",
            "comment_form": CommentForm(follow_up=follow_up, user=request.user) if works else None,
        },
    )


def next_act(follow_up: FollowUp, kind: kinds.Kind) -> Act | None:
    """The one thing the ring waits for."""
    if follow_up.state == State.HEARD:
        return Act(_("Take it on"), _act("own", follow_up), unfolds=True)
    if follow_up.state == State.OWNED and kind.owns_ending:
        url = kind.ending_url(follow_up.source_id)
        return Act(str(kind.ending_label), url) if url else None
    if follow_up.state == State.OWNED:
        return Act(_("Say what was done"), _act("finish", follow_up), unfolds=True)
    if follow_up.state == State.DONE:
        return Act(_("Tell them what came of it"), _act("tell", follow_up), unfolds=True)
    return None


def other_acts(follow_up: FollowUp) -> Iterator[Act]:
    """What else can be done with it now."""
    if follow_up.state == State.HEARD:
        yield Act(_("Assign it"), _act("hand_over", follow_up))
        if not kinds.get(follow_up.kind).owns_ending:
            yield Act(_("It is already done"), _act("finish", follow_up), unfolds=True)
    elif follow_up.is_open:
        yield Act(_("Hand it over"), _act("hand_over", follow_up))
    if follow_up.is_pending:
        yield Act(_("Change the due date"), _act("move_due", follow_up))
    yield Act(_("Edit the text"), _act("edit", follow_up))
    if follow_up.kind == COMPLIMENT:
        yield Act(_("Say whom it praises"), _act("praise", follow_up))
    if not follow_up.is_pending:
        yield Act(_("Reopen it"), _act("reopen", follow_up))
    if follow_up.is_open:
        yield Act(_("Withdraw it"), _act("withdraw", follow_up))


def _act(name: str, follow_up: FollowUp) -> str:
    return reverse(f"followups:{name}", args=[follow_up.pk])
