"""People at partners: the list, one person's page, entering, changing, leaving."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.core.errors import DomainError
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.errors import ChangedMeanwhileError
from comity.partners.forms.people import EndPositionForm, FirstPostForm, NewPersonForm, PersonForm
from comity.partners.models import Membership, Partner, Person, Position
from comity.partners.services.values import person_values
from comity.partners.tables import people_csv, people_table, posts_table
from comity.partners.views.finding import partner_of, person_of
from comity.partners.views.saving import refuse
from comity.partners.views.wording import editing_person
from comity.people.access import Request, requires
from comity.ui.components.page import tell


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def listing(request: Request) -> HttpResponseBase:
    table = people_table(request)
    if request.GET.get("format") == "csv":
        return people_csv(request, table.sorted.defer(None))
    return table.respond("partners/people.html", {"may_edit": request.user.can(capabilities.EDIT_PEOPLE)})


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def at_partner(request: Request, pk: int) -> HttpResponseBase:
    partner = partner_of(request, pk)
    table = posts_table(request, partner)
    day = today()
    return table.respond(
        "partners/people_of.html",
        {
            "partner": partner,
            "ended": Position.objects.filter(partner=partner, ends_on__lte=day)
            .select_related("person")
            .order_by("-ends_on", "-pk")[:50],
            "may_edit": request.user.can(capabilities.EDIT_PEOPLE),
        },
    )


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def detail(request: Request, pk: int) -> HttpResponse:
    person: Person = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("merged_into"), pk=pk
    )
    if person.merged_into is not None:
        return redirect(person.merged_into)
    day = today()
    posts = Position.objects.visible_to(request.user).filter(person=person).select_related("partner")
    return render(
        request,
        "partners/person.html",
        {
            "person": person,
            "posts": posts.not_over(day).order_by("function", "pk"),
            "ended": posts.filter(ends_on__lte=day).order_by("-ends_on", "-pk"),
            "memberships": Membership.objects.not_over(day)
            .filter(person=person)
            .select_related("partner", "user"),
            "user_may_edit": request.user.can(capabilities.EDIT_PEOPLE),
            "user_may_grant": request.user.can(capabilities.GRANT_ACCESS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def add(request: Request) -> HttpResponse:
    form = NewPersonForm(request.POST or None, user=request.user, initial={"starts_on": today()})
    return _add(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def add_at(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    return _add(request, FirstPostForm(request.POST or None, initial={"starts_on": today()}), partner)


def _add(request: Request, form: FirstPostForm, partner: Partner | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        post = {name: told.pop(name) for name in ("title", "function", "starts_on")}
        try:
            person = services.add_person_with_post(
                partner=partner or told.pop("partner"), post=post, by=request.user, **told
            )
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(name)s is entered.") % {"name": person})
            return redirect(person)
    return render(request, "partners/add_person.html", {"form": form, "partner": partner})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def edit(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    editing = editing_person(person)
    if (chosen := editing.chosen(request)) is not None:
        return _save(request, person, *chosen)
    values = person_values(person)
    form = PersonForm(request.POST or None, initial=values)
    began = request.POST.get("began", "") or editing.begin(values, person.version)
    if request.method == "POST" and form.is_valid():
        original, version = editing.began(began)
        try:
            return _save(request, person, form.cleaned_data, version, original)
        except DomainError as error:
            refuse(form, error)
    return render(request, "partners/edit_person.html", {"form": form, "person": person, "began": began})


def _save(
    request: Request,
    person: Person,
    values: dict[str, Any],
    version: int | None,
    original: dict[str, Any] | None = None,
) -> HttpResponse:
    """Save, or show what somebody else saved meanwhile."""
    try:
        saved = services.update_person(person.pk, version=version, values=values, by=request.user)
    except ChangedMeanwhileError:
        fresh = person_of(request, person.pk)
        return editing_person(fresh).conflict(
            request,
            original=original or {},
            theirs=person_values(fresh),
            yours=values,
            version=fresh.version,
            context={"subject": fresh, "cancel": reverse("partners:person", args=[fresh.pk])},
        )
    tell(request, _("%(name)s is saved.") % {"name": saved})
    return redirect(saved)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT_PEOPLE)
def left(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    form = EndPositionForm(request.POST or None, initial={"on": today(), "leaves_vacant": "1"})
    if request.method == "POST" and form.is_valid():
        try:
            services.person_left(
                person.pk,
                on=form.cleaned_data["on"],
                leaves_vacant=bool(form.cleaned_data["leaves_vacant"]),
                by=request.user,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("It is written down that %(name)s left.") % {"name": person})
            return redirect(person)
    return render(request, "partners/person_left.html", {"form": form, "person": person})
