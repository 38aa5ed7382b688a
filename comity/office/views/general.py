"""The office's name, words, promises and logo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.core.errors import DomainError
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import GeneralForm, LogoForm, PromisesForm, SettingsForm, WordsForm
from comity.office.models import LegalHold, RetentionRule, VisitTier
from comity.people.access import Request, public, requires
from comity.ui.components.page import tell


@requires(MANAGE)
@require_safe
def overview(request: Request) -> HttpResponse:
    """All settings at a glance, each leading to where it is changed."""
    today = services.today()
    context = {
        "tiers": VisitTier.objects.all(),
        "fiscal_year": services.fiscal_year(today),
        "next_closed": services.closed_days(today, today + timedelta(days=365))[:3],
        "holds": LegalHold.objects.standing().count(),
        "rules": RetentionRule.objects.count(),
    }
    return render(request, "office/overview.html", context)


@requires(MANAGE)
def general(request: Request) -> HttpResponse:
    """Name, state, contact, time zone, languages."""
    return change(request, GeneralForm, "office/general.html", "office:general")


@requires(MANAGE)
def words(request: Request) -> HttpResponse:
    """The office's word for those it serves."""
    return change(request, WordsForm, "office/words.html", "office:words")


@requires(MANAGE)
def promises(request: Request) -> HttpResponse:
    """Within how many business days what is due."""
    return change(request, PromisesForm, "office/promises.html", "office:promises")


def change(
    request: Request, form_class: type[SettingsForm], template: str, here: str, **more: Any
) -> HttpResponse:
    """Show settings and save them; when someone else changed the same meanwhile, show yours, theirs and the original."""
    form = form_class(services.current_office(), request.POST or None)
    clashes: list[tuple[str, str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.update_office(
                by=request.user, original=form.cleaned_data["original"], wanted=form.wanted
            )
        except services.ClashError as error:
            clashes = [_described(form, clash) for clash in error.clashes]
            form.begin_again(services.current_office())
        else:
            tell(request, _("Saved."))
            return redirect(here)
    context = {"form": form, "clashes": clashes, **more}
    return render(request, template, context, status=409 if clashes else 200)


def _described(form: SettingsForm, clash: services.Clash) -> tuple[str, str, str, str]:
    values = (form.words_for(clash.name, value) for value in (clash.yours, clash.theirs, clash.original))
    yours, theirs, original = values
    return str(form.fields[clash.name].label), yours, theirs, original


@public("The logo stands on the sign-in page and on pages behind links.")
@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """The office's logo."""
    office = services.current_office()
    if not office.logo:
        raise Http404
    with office.logo.open("rb") as picture:
        answer = HttpResponse(picture.read(), content_type="image/png")
    answer["Cache-Control"] = "public, max-age=86400"  # its address changes with the picture
    return answer


@requires(MANAGE)
def change_logo(request: Request) -> HttpResponse:
    """Upload another logo."""
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_logo(by=request.user, logo=form.cleaned_data["logo"])
        except DomainError as error:
            form.add_error("logo", str(error))
        else:
            tell(request, _("The logo is changed."))
            return redirect("office:settings")
    return render(request, "office/logo.html", {"form": form})


@requires(MANAGE)
@require_POST
def remove_logo(request: Request) -> HttpResponse:
    """Show the product's own sign again."""
    services.set_logo(by=request.user, logo=None)
    tell(request, _("The logo is removed."))
    return redirect("office:settings")
