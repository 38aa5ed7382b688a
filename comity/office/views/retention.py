"""What is kept for how long, and what must not go."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.core.errors import DomainError
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import HoldForm, LiftForm, RuleForm
from comity.office.models import LegalHold
from comity.people.access import Request, requires
from comity.ui.components.page import tell

LIFTED_SHOWN = 20


@requires(MANAGE)
@require_safe
def overview(request: Request) -> HttpResponse:
    """Every kind of record with what decides about it, and the holds."""
    keepings = services.keepings()
    labels = {keeping.key: keeping.label for keeping in keepings}
    standing = list(LegalHold.objects.standing())
    context = {
        "keepings": keepings,
        "holds": [(hold, labels.get(hold.kind, hold.kind)) for hold in standing],
        "lifted": [
            (hold, labels.get(hold.kind, hold.kind)) for hold in LegalHold.objects.lifted()[:LIFTED_SHOWN]
        ],
        "everything_held": any(not hold.kind for hold in standing),
    }
    return render(request, "office/retention.html", context)


@requires(MANAGE)
def rule(request: Request, kind: str) -> HttpResponse:
    """Say how long a kind of record is kept."""
    keeping = _keeping(kind)
    form = RuleForm(keeping, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_rule(by=request.user, kind=kind, **form.cleaned_data)
        tell(request, _("Saved. It is in force from tonight on."))
        return redirect("office:retention")
    return render(request, "office/retention_rule.html", {"form": form, "keeping": keeping})


@requires(MANAGE)
@require_POST
def remove_rule(request: Request, kind: str) -> HttpResponse:
    """Have no rule for a kind of record."""
    keeping = _keeping(kind)
    services.remove_rule(keeping.key, by=request.user)
    tell(request, _("The rule is removed."))
    return redirect("office:retention")


@requires(MANAGE)
def place_hold(request: Request) -> HttpResponse:
    """Destroy nothing of a kind, or nothing at all."""
    form = HoldForm(services.keepings(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.place_hold(by=request.user, **form.cleaned_data)
        tell(request, _("The hold stands. Nothing under it is destroyed until it is lifted."))
        return redirect("office:retention")
    return render(request, "office/hold.html", {"form": form})


@requires(MANAGE)
def lift_hold(request: Request, pk: int) -> HttpResponse:
    """Let the rules be in force again."""
    hold = get_object_or_404(LegalHold, pk=pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.lift_hold(hold, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            tell(request, str(refusal), level=messages.ERROR)
        else:
            tell(request, _("The hold is lifted. The rules are in force again from tonight on."))
        return redirect("office:retention")
    return render(request, "office/lift_hold.html", {"form": form, "hold": hold})


def _keeping(kind: str) -> services.Keeping:
    for keeping in services.keepings():
        if keeping.key == kind:
            return keeping
    raise Http404
