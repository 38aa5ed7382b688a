"""How often those of a tier are to be seen face to face."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import FormPage, act, answer
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import TierForm
from comity.office.models import VisitTier
from comity.office.views.general import crumbs
from comity.people.access import Request, requires


@requires(MANAGE)
@require_safe
def tiers(request: Request) -> HttpResponse:
    """The tiers there are."""
    return render(request, "office/tiers.html", {"tiers": VisitTier.objects.all()})


@requires(MANAGE)
def add(request: Request) -> HttpResponse:
    """Add a tier."""
    form = TierForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.add_tier(form.values, by=request.user),
        page=_page(_("Add a tier")),
        told=_("Saved."),
        to="office:tiers",
    )


@requires(MANAGE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a tier."""
    tier = get_object_or_404(VisitTier, pk=pk)
    form = TierForm(request.POST or None, instance=tier)
    return answer(
        request,
        form,
        lambda: services.change_tier(pk, form.values, by=request.user, seen=form.seen),
        page=_page(_("Change %(name)s") % {"name": tier}),
        told=_("Saved."),
        to="office:tiers",
    )


def _page(heading: str) -> FormPage:
    tiers = reverse("office:tiers")
    return FormPage(heading, crumbs=crumbs((_("Visits"), tiers)), back=tiers)


@requires(MANAGE)
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a tier away."""
    tier = get_object_or_404(VisitTier, pk=pk)
    return act(
        request,
        lambda: services.remove_tier(tier, by=request.user),
        told=_("Tier removed."),
        to="office:tiers",
    )
