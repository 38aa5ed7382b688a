"""Writing down what was heard."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import services
from comity.followups.capabilities import RAISE
from comity.followups.forms.fields import partners_for
from comity.followups.forms.writing import WriteDownForm
from comity.office import services as office
from comity.people.access import Request, requires
from comity.people.models import User
from comity.ui.components.page import tell as say

NOON = time(12)


@requires(RAISE)
def new(request: Request) -> HttpResponse:
    """Anyone in the office writes down what they heard; `?partner=` chooses the partner beforehand."""
    form = WriteDownForm(request.POST or None, user=request.user, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        try:
            follow_up = services.raise_follow_up(by=request.user, **_raised(form.cleaned_data, request.user))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            say(request, _("Written down."))
            return redirect(follow_up)
    return render(request, "followups/new.html", {"form": form})


def _asked(request: Request) -> dict[str, Any]:
    wanted = request.GET.get("partner", "")
    if not (wanted.isascii() and wanted.isdigit()):
        return {}
    return {"partner": partners_for(request.user).filter(pk=int(wanted[:18])).first()}


def _raised(said: dict[str, Any], user: User) -> dict[str, Any]:
    """What the form says, as the service wants it."""
    day, mine = said.pop("heard_on"), said.pop("mine")
    said["owner"] = user if mine else None
    if day != office.today():
        said["heard_at"] = timezone.make_aware(datetime.combine(day, NOON), office.time_zone())
    return said
