"""How often those of a tier are to be seen face to face."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.core.errors import DomainError
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import TierForm
from comity.office.models import VisitTier
from comity.people.access import Request, requires
from comity.ui.components.page import tell


@requires(MANAGE)
@require_safe
def tiers(request: Request) -> HttpResponse:
    """The tiers there are."""
    return render(request, "office/tiers.html", {"tiers": VisitTier.objects.all()})


@requires(MANAGE)
def add(request: Request) -> HttpResponse:
    """Add a tier."""
    return _change(request, None)


@requires(MANAGE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a tier."""
    return _change(request, get_object_or_404(VisitTier, pk=pk))


def _change(request: Request, tier: VisitTier | None) -> HttpResponse:
    form = TierForm(tier, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_tier(by=request.user, tier=tier, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            tell(request, _("Saved."))
            return redirect("office:tiers")
    return render(request, "office/tier.html", {"form": form, "tier": tier})


@requires(MANAGE)
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a tier away."""
    try:
        services.remove_tier(get_object_or_404(VisitTier, pk=pk), by=request.user)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
    else:
        tell(request, _("The tier is removed."))
    return redirect("office:tiers")
