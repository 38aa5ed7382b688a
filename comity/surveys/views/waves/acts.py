"""What is done with a wave: open it, remind, give more time, throw it away."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.editing.answering import FormPage, act, answer
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.waves import ExtendForm
from comity.surveys.models import Wave
from comity.surveys.services import closing, daily, waves
from comity.surveys.views.finding import wave_or_404


@require_POST
@requires(RUN)
def open_(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    back = reverse("surveys:wave_look", args=[pk]) if wave.state == Wave.State.DRAFT else ""
    return act(request, lambda: waves.open_wave(pk, by=request.user), to=wave, refused_to=back)


@require_POST
@requires(RUN)
def go_on(request: Request, pk: int) -> HttpResponse:
    """Take up what stood still."""
    return act(request, daily.go_on, told=_("We are trying again."), to=wave_or_404(request, pk))


@require_POST
@requires(RUN)
def remind(request: Request, pk: int) -> HttpResponse:
    return act(request, lambda: waves.remind(pk, by=request.user), to=wave_or_404(request, pk))


@require_POST
@requires(RUN)
def close(request: Request, pk: int) -> HttpResponse:
    return act(request, lambda: closing.close_wave(pk, by=request.user), to=wave_or_404(request, pk))


@requires(RUN)
def extend(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    form = ExtendForm(request.POST or None, initial={"closes_on": wave.closes_on})
    page = FormPage(
        _("When is the last day to answer?"),
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
        told=_("The last day is changed."),
    )


@require_POST
@requires(RUN)
def delete(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    return act(
        request,
        lambda: waves.delete_wave(pk, by=request.user),
        told=_("“%(wave)s” is discarded. Nobody had been asked.") % {"wave": wave},
        to="surveys:waves",
        refused_to=wave,
    )
