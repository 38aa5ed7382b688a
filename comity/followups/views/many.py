"""Acts on many follow-ups, begun on a list: look over what is meant, then do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib.messages import WARNING
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from comity.core.errors import DomainError
from comity.followups import services
from comity.followups.capabilities import MANAGE
from comity.followups.forms import acts as forms
from comity.followups.models import FollowUp
from comity.followups.views.lists import table_of
from comity.followups.views.worklists import view_of
from comity.people.access import Request, requires
from comity.ui.components.page import tell as say

MOST = 2_000  # at once, so that no write holds the database long
SHOWN = 10


@dataclass(frozen=True)
class ActOnMany:
    form: type[django_forms.Form]
    service: Callable[..., int]
    heading: Any
    submit: Any


HAND_OVER = ActOnMany(
    forms.HandOverManyForm,
    services.hand_over_many,
    gettext_lazy("Give them to someone"),
    gettext_lazy("Give them all"),
)
MOVE_DUE = ActOnMany(
    forms.MoveDueManyForm,
    services.move_due_many,
    gettext_lazy("Promise another day"),
    gettext_lazy("Move the day"),
)


def perform(request: Request, act: ActOnMany) -> HttpResponse:
    """First the form, with what was chosen carried along; then the act."""
    view = view_of(request)
    back = f"{reverse('followups:list')}?{request.POST.get('query') or f'view={view}'}"
    chosen = table_of(request, view).chosen()
    rows = FollowUp.objects.open().filter(pk__in=chosen.order_by().values("pk"))
    ids = list(rows.order_by("due_on", "pk").values_list("pk", flat=True)[: MOST + 1])
    if not ids or len(ids) > MOST:
        sentence = _("Choose some that are open first.")
        if ids:
            sentence = _("These are more than %(most)s. Narrow the list down first.") % {"most": f"{MOST:,}"}
        say(request, sentence, level=WARNING)
        return redirect(back)
    form = act.form(request.POST if "chosen" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            count = act.service(ids, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            said = ngettext("%(count)s follow-up changed.", "%(count)s follow-ups changed.", count)
            say(request, said % {"count": count})
            return redirect(back)
    context = {
        "form": form,
        "act": act,
        "count": len(ids),
        "ids": ids,
        "some": list(rows.order_by("due_on", "pk")[:SHOWN]),
        "back": back,
        "query": request.POST.get("query", ""),
    }
    return render(request, "followups/many.html", context)


@requires(MANAGE)
@require_POST
def hand_over(request: Request) -> HttpResponse:
    return perform(request, HAND_OVER)


@requires(MANAGE)
@require_POST
def move_due(request: Request) -> HttpResponse:
    return perform(request, MOVE_DUE)
