"""Acts on many follow-ups, begun on a list: look over what is meant, then do it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comity.editing.answering import FormPage, answer_many, typed
from comity.followups import services
from comity.followups.capabilities import MANAGE
from comity.followups.forms.acts import HandOverManyForm, MoveDueManyForm
from comity.followups.models import FollowUp
from comity.followups.views.lists import table_of
from comity.followups.views.worklists import view_of
from comity.people.access import Request, requires

MOST = 2_000  # at once, so that no write holds the database long


@requires(MANAGE)
@require_POST
def hand_over(request: Request) -> HttpResponse:
    form = HandOverManyForm(typed(request))
    return _perform(request, form, services.hand_over_many, _("Assign them to someone"), _("Assign them all"))


@requires(MANAGE)
@require_POST
def move_due(request: Request) -> HttpResponse:
    form = MoveDueManyForm(typed(request))
    return _perform(request, form, services.move_due_many, _("Change the due date"), _("Change the due date"))


def _perform(
    request: Request, form: forms.Form, service: Callable[..., int], heading: str, submit: str
) -> HttpResponse:
    table = table_of(request, view_of(request))
    chosen = table.chosen().order_by().values("pk")
    return answer_many(
        request,
        form,
        table,
        lambda rows: service(rows.values_list("pk", flat=True), by=request.user, **form.cleaned_data),
        page=FormPage(heading, crumbs=[(_("Follow-ups"), reverse("followups:list"))], submit=submit),
        told=lambda count: (
            ngettext("%(count)s follow-up changed.", "%(count)s follow-ups changed.", count)
            % {"count": count}
        ),
        rows=FollowUp.objects.open().filter(pk__in=chosen).order_by("due_on", "pk"),
        most=MOST,
    )
