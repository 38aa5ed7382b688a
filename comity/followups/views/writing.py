"""Writing down what was heard."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.editing.answering import answer
from comity.followups import services
from comity.followups.capabilities import RAISE
from comity.followups.forms.writing import WriteDownForm
from comity.office import services as office
from comity.partners.pickers import PARTNER_TODAY
from comity.people.access import Request, requires
from comity.people.models import User

NOON = time(12)


@requires(RAISE)
def new(request: Request) -> HttpResponse:
    """Anyone in the office writes down what they heard; `?partner=` chooses the partner beforehand."""
    form = WriteDownForm(request.POST or None, user=request.user, initial=_asked(request))
    return answer(
        request,
        form,
        lambda: services.raise_follow_up(by=request.user, **_raised(form.cleaned_data, request.user)),
        page="followups/new.html",
        told=_("Saved."),
    )


def _asked(request: Request) -> dict[str, Any]:
    return {"partner": PARTNER_TODAY.one(request.user, request.GET.get("partner"))}


def _raised(said: dict[str, Any], user: User) -> dict[str, Any]:
    """What the form says, as the service wants it."""
    said = dict(said)
    day, mine = said.pop("heard_on"), said.pop("mine")
    said["owner"] = user if mine else None
    if day != office.today():
        said["heard_at"] = timezone.make_aware(datetime.combine(day, NOON), office.time_zone())
    return said
