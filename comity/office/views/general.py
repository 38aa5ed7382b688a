"""The office's name, words, promises and logo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import FormPage, answer
from comity.editing.forms import RowForm
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import GeneralForm, LogoForm, PromisesForm, WordsForm
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
    page = FormPage(
        _("Who you are, and how you are reached"),
        _("The office"),
        crumbs=crumbs(),
    )
    return change(request, GeneralForm, page, "office:general")


@requires(MANAGE)
def words(request: Request) -> HttpResponse:
    """The office's word for those it serves."""
    return change(request, WordsForm, "office/words.html", "office:words")


@requires(MANAGE)
def promises(request: Request) -> HttpResponse:
    """Within how many business days what is due."""
    page = FormPage(
        _("How soon do you act on what people say?"),
        _("What you promise"),
        _("Counted in business days from the day it was heard. Days already promised stay the same."),
        crumbs=crumbs(),
    )
    return change(request, PromisesForm, page, "office:promises")


def crumbs(*further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back from a page of settings."""
    return [(_("Office settings"), reverse("office:settings")), *further]


def change(
    request: Request, form_class: type[RowForm], page: str | FormPage, here: str, **more: Any
) -> HttpResponse:
    """Show settings and save them."""
    form = form_class(request.POST or None, instance=services.current_office())
    return answer(
        request,
        form,
        lambda: services.update_office(form.values, by=request.user, seen=form.seen),
        page=page,
        context=more,
        told=_("Saved."),
        to=here,
    )


@public("The logo is shown on the sign-in page and on pages opened from emailed links.")
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
    page = FormPage(
        _("The logo of your office"),
        _("Logo"),
        _("It is shown at the top of every page, including public ones."),
        crumbs=crumbs(),
        submit=_("Use this logo"),
    )
    return answer(
        request,
        form,
        lambda: services.set_logo(by=request.user, logo=form.cleaned_data["logo"]),
        page=page,
        told=_("Logo changed."),
        to="office:settings",
    )


@requires(MANAGE)
@require_POST
def remove_logo(request: Request) -> HttpResponse:
    """Show the product's own sign again."""
    services.set_logo(by=request.user, logo=None)
    tell(request, _("Logo removed."))
    return redirect("office:settings")
