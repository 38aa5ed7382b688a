"""What is kept for how long, and what must not go."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, act, answer
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import HoldForm, LiftForm, RuleForm
from comity.office.models import LegalHold
from comity.office.views.settings import crumbs
from comity.people.access import Request, requires

LIFTED_SHOWN = 20


@requires(MANAGE, "GET")
def overview(request: Request) -> HttpResponse:
    """Every kind of record with what decides about it, and the holds."""
    keepings = services.keepings()
    labels = {keeping.key: keeping.label for keeping in keepings}
    standing, lifted = list(LegalHold.objects.standing()), LegalHold.objects.lifted()[:LIFTED_SHOWN]
    context = {
        "keepings": keepings,
        "holds": [(hold, labels.get(hold.kind, hold.kind)) for hold in standing],
        "lifted": [(hold, labels.get(hold.kind, hold.kind)) for hold in lifted],
        "everything_held": any(not hold.kind for hold in standing),
    }
    return render(request, "office/retention.html", context)


@requires(MANAGE)
def rule(request: Request, kind: str) -> HttpResponse:
    """Say how long a kind of record is kept."""
    keeping = _keeping(kind)
    form = RuleForm(keeping, request.POST or None)
    return answer(
        request,
        form,
        lambda: services.set_rule(by=request.user, kind=kind, **form.cleaned_data),
        page="office/retention_rule.html",
        context={"keeping": keeping},
        told=_("Saved. The rule applies from tonight."),
        to="office:retention",
    )


@requires(MANAGE, "POST")
def remove_rule(request: Request, kind: str) -> HttpResponse:
    """Have no rule for a kind of record."""
    remove = partial(services.remove_rule, _keeping(kind).key, by=request.user)
    return act(request, remove, told=_("Rule removed."), to="office:retention")


@requires(MANAGE)
def place_hold(request: Request) -> HttpResponse:
    """Destroy nothing of a kind, or nothing at all."""
    form = HoldForm(services.keepings(), request.POST or None)
    retention = reverse("office:retention")
    page = FormPage(
        _("What must not be destroyed?"),
        _("Place a hold"),
        _("Nothing under a hold is destroyed until the hold is lifted, whatever the rules say."),
        crumbs=crumbs((_("Retention"), retention)),
        submit=_("Place the hold"),
    )
    return answer(
        request,
        form,
        lambda: services.place_hold(by=request.user, **form.cleaned_data),
        page=page,
        told=_("Hold placed. Nothing under it is destroyed until you lift it."),
        to=retention,
    )


@requires(MANAGE)
def lift_hold(request: Request, pk: int) -> HttpResponse:
    """Let the rules be in force again."""
    hold = get_object_or_404(LegalHold, pk=pk)
    form = LiftForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.lift_hold(hold, by=request.user, **form.cleaned_data),
        page="office/lift_hold.html",
        context={"hold": hold},
        told=_("Hold lifted. The retention rules apply again from tonight."),
        to="office:retention",
    )


def _keeping(kind: str) -> services.Keeping:
    for keeping in services.keepings():
        if keeping.key == kind:
            return keeping
    raise Http404
