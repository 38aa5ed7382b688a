"""The office’s settings, and the one-time page that sets up an empty install.

Its name, words, promises and logo; its year and closed days; how often it sees whom.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, act, answer
from comity.editing.forms import RowForm
from comity.office import forms, services
from comity.office.capabilities import MANAGE
from comity.office.models import Closure, LegalHold, RetentionRule, VisitTier
from comity.people.access import Request, public, requires
from comity.people.models import User
from comity.people.services import sign_in


@requires(MANAGE, "GET")
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
    page = FormPage(_("Who you are, and how you are reached"), _("The office"), crumbs=crumbs())
    return change(request, forms.GeneralForm, page, "office:general")


@requires(MANAGE)
def words(request: Request) -> HttpResponse:
    """The office's word for those it serves."""
    return change(request, forms.WordsForm, "office/words.html", "office:words")


@requires(MANAGE)
def promises(request: Request) -> HttpResponse:
    """Within how many business days what is due."""
    page = FormPage(
        _("How soon do you act on what people say?"),
        _("What you promise"),
        _("Counted in business days from the day it was heard. Days already promised stay the same."),
        crumbs=crumbs(),
    )
    return change(request, forms.PromisesForm, page, "office:promises")


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
    form = forms.LogoForm(request.POST or None, request.FILES or None)
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
        lambda: services.set_logo(by=request.user, **form.cleaned_data),
        page=page,
        told=_("Logo changed."),
        to="office:settings",
    )


@requires(MANAGE, "POST")
def remove_logo(request: Request) -> HttpResponse:
    """Show the product's own sign again."""
    remove = partial(services.set_logo, by=request.user, logo=None)
    return act(request, remove, told=_("Logo removed."), to="office:settings")


@requires(MANAGE)
def calendar(request: Request) -> HttpResponse:
    """When the fiscal year starts; which days the office is closed."""
    today = services.today()
    days = services.closed_days(today, today + timedelta(days=730))
    year = services.fiscal_year(today)
    return change(
        request, forms.YearForm, "office/calendar.html", "office:calendar", days=days, fiscal_year=year
    )


@requires(MANAGE)
def add_closure(request: Request) -> HttpResponse:
    """Close the office on a day."""
    form = forms.ClosureForm(request.POST or None)
    calendar = reverse("office:calendar")
    page = FormPage(
        _("On which day are you closed?"),
        _("Add a closed day"),
        _("That day no longer counts as a business day. Days already promised stay the same."),
        crumbs=crumbs((_("Calendar"), calendar)),
        submit=_("Add this day"),
    )
    return answer(
        request,
        form,
        lambda: services.add_closure(form.values, by=request.user),
        page=page,
        told=_("Saved. Days already promised stay the same."),
        to=calendar,
    )


@requires(MANAGE, "POST")
def remove_closure(request: Request, pk: int) -> HttpResponse:
    """Open the office that day after all."""
    remove = partial(services.remove_closure, get_object_or_404(Closure, pk=pk), by=request.user)
    told = _("Removed. The office is open that day.")
    return act(request, remove, told=told, to="office:calendar")


@requires(MANAGE, "GET")
def tiers(request: Request) -> HttpResponse:
    """The tiers there are."""
    return render(request, "office/tiers.html", {"tiers": VisitTier.objects.all()})


@requires(MANAGE)
def add_tier(request: Request) -> HttpResponse:
    """Add a tier."""
    form = forms.TierForm(request.POST or None)
    return _tier(request, form, lambda: services.add_tier(form.values, by=request.user), _("Add a tier"))


@requires(MANAGE)
def edit_tier(request: Request, pk: int) -> HttpResponse:
    """Change a tier."""
    tier = get_object_or_404(VisitTier, pk=pk)
    form = forms.TierForm(request.POST or None, instance=tier)
    return _tier(
        request,
        form,
        lambda: services.change_tier(pk, form.values, by=request.user, seen=form.seen),
        _("Change %(name)s") % {"name": tier},
    )


def _tier(
    request: Request, form: forms.TierForm, save: Callable[[], VisitTier], heading: str
) -> HttpResponse:
    tiers = reverse("office:tiers")
    page = FormPage(heading, crumbs=crumbs((_("Visits"), tiers)))
    return answer(request, form, save, page=page, told=_("Saved."), to=tiers)


@requires(MANAGE, "POST")
def remove_tier(request: Request, pk: int) -> HttpResponse:
    """Take a tier away."""
    tier = get_object_or_404(VisitTier, pk=pk)
    remove = partial(services.remove_tier, tier, by=request.user)
    return act(request, remove, told=_("Tier removed."), to="office:tiers")


@sensitive_post_parameters("password")
@never_cache
@public("An empty install has nobody who could sign in; afterwards the page is gone for good.")
def set_up(request: HttpRequest) -> HttpResponse:
    """Name the office and make its first administrator."""
    if services.is_set_up():
        raise Http404
    form = forms.SetUpForm(request.POST or None)

    def save() -> User:
        try:
            user = services.set_up(**form.cleaned_data)
        except services.AlreadySetUpError as error:
            raise Http404 from error
        sign_in(request, user)
        return user

    return answer(request, form, save, page="office/set_up.html", to=settings.LOGIN_REDIRECT_URL)
