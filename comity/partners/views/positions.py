"""Posts: which are vacant; entering, correcting, ending, filling."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.core.errors import DomainError
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.people import (
    EndPositionForm,
    FillPositionForm,
    PostAtPartnerForm,
    PostOfPersonForm,
)
from comity.partners.tables import vacancies_table
from comity.partners.views.finding import partner_of, person_of, position_of
from comity.partners.views.saving import refuse
from comity.people.access import Request, requires
from comity.ui.components.page import tell


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def vacant(request: Request) -> HttpResponseBase:
    return vacancies_table(request).respond("partners/vacant_posts.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def add_at(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    form = PostAtPartnerForm(request.POST or None, user=request.user, initial={"starts_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            post = services.set_position(by=request.user, partner=partner, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(title)s is entered.") % {"title": post})
            return redirect("partners:people_of", pk=partner.pk)
    return render(request, "partners/add_post.html", {"form": form, "partner": partner})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def add_for(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    form = PostOfPersonForm(request.POST or None, user=request.user, initial={"starts_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_position(by=request.user, person=person, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(name)s has a further post.") % {"name": person})
            return redirect(person)
    return render(request, "partners/add_post.html", {"form": form, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def edit(request: Request, pk: int) -> HttpResponse:
    post = position_of(request, pk)
    names = ("title", "function", "acting", "shared", "starts_on", "ends_on", "person")
    initial: dict[str, Any] = {name: getattr(post, name) for name in names}
    form = PostAtPartnerForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_position(by=request.user, partner=post.partner, position=post, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(title)s is saved.") % {"title": post})
            return redirect("partners:people_of", pk=post.partner_id)
    return render(request, "partners/edit_post.html", {"form": form, "post": post})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def end(request: Request, pk: int) -> HttpResponse:
    post = position_of(request, pk)
    form = EndPositionForm(request.POST or None, initial={"on": today(), "leaves_vacant": "1"})
    if post.is_vacant:
        del form.fields["leaves_vacant"]
    if request.method == "POST" and form.is_valid():
        try:
            services.end_position(
                post.pk,
                on=form.cleaned_data["on"],
                leaves_vacant=bool(form.cleaned_data.get("leaves_vacant")),
                by=request.user,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("It is written down."))
            return redirect("partners:people_of", pk=post.partner_id)
    return render(request, "partners/end_post.html", {"form": form, "post": post})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def fill(request: Request, pk: int) -> HttpResponse:
    post = position_of(request, pk)
    form = FillPositionForm(request.POST or None, user=request.user, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.fill_position(post.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(title)s is filled.") % {"title": post})
            return redirect("partners:people_of", pk=post.partner_id)
    return render(request, "partners/fill_post.html", {"form": form, "post": post})
