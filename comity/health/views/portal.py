"""What a partner sees of it: how far it sees the relationship itself, and how far that is from what the office says."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage
from comity.health.capabilities import PORTAL
from comity.health.models import Maturity
from comity.health.services import sides
from comity.health.views.partner import MATURITY, answer_rating
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
    lead = _("%(name)s and our office") % {"name": partner}
    page = FormPage(MATURITY, lead=lead, crumbs=[(_("Our relationship"), reverse("health:portal"))])
    told = _("Thank you. Our office sees it.")
    return answer_rating(request, partner, Maturity.Side.THEIRS, page, told)
