"""How a version looks to whoever answers it: on a phone, in either language. Nothing that is tried there is kept."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from comity.people.access import Request, requires
from comity.surveys.capabilities import READ
from comity.surveys.forms.answering import AnswerForm
from comity.surveys.models.survey import LANGUAGES
from comity.surveys.views.building.finding import version_or_404


def _language(request: Request) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


@requires(READ)
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """A phone for each language, with the survey in it."""
    version = version_or_404(request, pk)
    phone = reverse("surveys:phone", args=[pk])
    phones = [
        (name, f"{phone}?language={code}") for code, name in (("en", _("English")), ("es", _("Spanish")))
    ]
    context = {"version": version, "survey": version.survey, "phones": phones}
    return render(request, "surveys/building/preview.html", context)


@requires(READ)
@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # views with arguments are fine too
def phone(request: Request, pk: int) -> HttpResponse:
    """The page as a respondent sees it; our own preview may put it in a frame."""
    version = version_or_404(request, pk)
    language = _language(request)
    with translation.override(language):
        context = {
            "title": version.said("title", language),
            "intro": version.said("intro", language),
            "thanks": version.said("thanks", language),
            "form": AnswerForm(list(version.questions.all()), language=language),
        }
        return render(request, "surveys/building/phone.html", context)
