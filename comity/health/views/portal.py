"""What a partner sees of it: how far it sees the relationship itself, and how far that is from what the office says."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer
from comity.health.capabilities import PORTAL
from comity.health.forms import MaturityForm
from comity.health.models import Maturity
from comity.health.services import sides
from comity.people.access import Request, requires


@requires(PORTAL, "GET")
def page(request: Request) -> HttpResponse:
    own = [
        (partner, sides.sides_of(partner)) for partner in sides.rated_by(request.user).order_by("sort_name")
    ]
    return render(request, "health/portal.html", {"own": own})


@requires(PORTAL)
def rate(request: Request, pk: int) -> HttpResponse:
    partner = get_object_or_404(sides.rated_by(request.user), pk=pk)
    form = MaturityForm(request.POST or None)
    page = FormPage(
        _("How mature is the relationship?"),
        lead=_("%(name)s and our office") % {"name": partner},
        crumbs=[(_("Our relationship"), reverse("health:portal"))],
    )
    return answer(
        request,
        form,
        lambda: sides.rate(partner, form.values, Maturity.Side.THEIRS, by=request.user),
        page=page,
        told=_("Thank you. Our office sees it."),
        to="health:portal",
    )
