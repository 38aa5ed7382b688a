"""The lists of runs and of bills."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing import tables
from comity.billing.capabilities import READ, RUN
from comity.people.access import Request, requires, signed_in


@requires(READ)
@require_safe
def runs(request: Request) -> HttpResponseBase:
    acts = [
        (_("Billing terms"), reverse("billing:terms"), True),
        (_("Run a month"), reverse("billing:new_run"), False),
    ]
    context = {"heading": _("Billing periods"), "acts": acts if request.user.can(RUN) else []}
    return tables.runs_table(request).respond("billing/list.html", context)


@signed_in
@require_safe
def bills(request: Request) -> HttpResponseBase:
    return tables.bills_table(request).respond("billing/list.html", {"heading": _("Bills")})
