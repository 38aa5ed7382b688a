"""The figures of a wave as files. Answers one by one, where they have names, are the CSV of the list of answers."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from comity.people.access import Request, requires
from comity.surveys.capabilities import READ
from comity.surveys.services import results_context
from comity.surveys.views.finding import wave_or_404
from comity.ui import csv


@require_safe
@requires(READ)
def tallies(request: Request, pk: int) -> HttpResponseBase:
    """What was counted, group by group, without what is hidden."""
    wave = wave_or_404(request, pk)
    return csv.response(
        request, f"counts-{wave.key}", results_context.TALLIES_HEAD, results_context.tally_lines(wave)
    )


@require_safe
@requires(READ)
def codebook(request: Request, pk: int) -> HttpResponseBase:
    """What the questions were, and what each answer is called in the files."""
    wave = wave_or_404(request, pk)
    return csv.response(
        request, f"codebook-{wave.key}", results_context.CODEBOOK_HEAD, results_context.codebook_lines(wave)
    )
