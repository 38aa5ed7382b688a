"""What is done with a wave: open it, remind, give more time, throw it away."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.core.errors import DomainError
from comity.editing.answering import FormPage, answer
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.waves import ExtendForm
from comity.surveys.models import Wave
from comity.surveys.services import closing, daily, waves
from comity.ui.components.page import tell


def _wave(request: Request, pk: int) -> Wave:
    return get_object_or_404(Wave.objects.visible_to(request.user), pk=pk)


def _done(
    request: Request, wave: Wave, act: Callable[[], object], said: str, *, back: str = ""
) -> HttpResponse:
    """Do it and say so, or say why not, on the page one came from."""
    try:
        act()
    except DomainError as error:
        tell(request, str(error), level=messages.ERROR)
        return redirect(back or "surveys:wave", wave.pk)
    if said:
        tell(request, said)
    return redirect("surveys:wave", wave.pk)


@require_POST
@requires(RUN)
def open_(request: Request, pk: int) -> HttpResponse:
    wave = _wave(request, pk)
    back = "surveys:wave_look" if wave.state == Wave.State.DRAFT else ""
    return _done(request, wave, lambda: waves.open_wave(pk, by=request.user), "", back=back)


@require_POST
@requires(RUN)
def go_on(request: Request, pk: int) -> HttpResponse:
    """Take up what stood still."""
    wave = _wave(request, pk)
    return _done(request, wave, daily.go_on, _("It goes on."))


@require_POST
@requires(RUN)
def remind(request: Request, pk: int) -> HttpResponse:
    wave = _wave(request, pk)
    return _done(request, wave, lambda: waves.remind(pk, by=request.user), "")


@require_POST
@requires(RUN)
def close(request: Request, pk: int) -> HttpResponse:
    wave = _wave(request, pk)
    return _done(request, wave, lambda: closing.close_wave(pk, by=request.user), "")


@requires(RUN)
def extend(request: Request, pk: int) -> HttpResponse:
    wave = _wave(request, pk)
    form = ExtendForm(request.POST or None, initial={"closes_on": wave.closes_on})
    page = FormPage(
        _("Until when can they answer?"),
        _("Last day of “%(wave)s”") % {"wave": wave},
        str(wave),
        crumbs=[(_("Waves"), reverse("surveys:waves")), (str(wave), wave.get_absolute_url())],
        back=wave.get_absolute_url(),
    )
    return answer(
        request,
        form,
        lambda: waves.extend_wave(pk, by=request.user, **form.cleaned_data),
        page=page,
        told=_("They have until then."),
    )


@require_POST
@requires(RUN)
def delete(request: Request, pk: int) -> HttpResponse:
    wave = _wave(request, pk)
    try:
        waves.delete_wave(pk, by=request.user)
    except DomainError as error:
        tell(request, str(error), level=messages.ERROR)
        return redirect(wave)
    tell(request, _("“%(wave)s” is thrown away; nobody had been asked.") % {"wave": wave})
    return redirect("surveys:waves")
