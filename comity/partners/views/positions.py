"""Posts: which are vacant; entering, correcting, ending, filling."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, answer
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.people import (
    EndPositionForm,
    FillPositionForm,
    PostAtPartnerForm,
    PostOfPersonForm,
)
from comity.partners.org_chart import org_chart
from comity.partners.tables.posts import vacancies_table
from comity.partners.views.finding import answer_at, partner_of, people_crumbs, person_of, position_of
from comity.people.access import Request, requires


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def vacant(request: Request) -> HttpResponseBase:
    return vacancies_table(request).respond("partners/vacant_posts.html", {})


@requires(capabilities.VIEW_PEOPLE, "GET")
def chart(request: Request, pk: int) -> HttpResponse:
    """Who reports to whom."""
    partner = partner_of(request, pk)
    context = {"partner": partner, "chart": org_chart(partner, today())}
    may_edit = request.user.can(capabilities.EDIT_PEOPLE)
    return render(request, "partners/org_chart.html", {**context, "may_edit": may_edit})


@requires(capabilities.EDIT_PEOPLE)
def add_at(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    form = PostAtPartnerForm(
        request.POST or None, user=request.user, partner=partner, initial={"starts_on": today()}
    )
    return answer_at(
        request,
        form,
        lambda: services.set_position(by=request.user, partner=partner, **form.values),
        partner,
        "people_of",
        heading=_("Add a position at %(name)s") % {"name": partner},
        told=lambda post: _("%(title)s added.") % {"title": post},
    )


@requires(capabilities.EDIT_PEOPLE)
def add_for(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    form = PostOfPersonForm(request.POST or None, user=request.user, initial={"starts_on": today()})
    heading = _("Add another position for %(name)s") % {"name": person}
    return answer(
        request,
        form,
        lambda: services.set_position(by=request.user, person=person, **form.values),
        page=FormPage(heading, crumbs=people_crumbs(person)),
        told=_("Position added for %(name)s.") % {"name": person},
        to=person,
    )


@requires(capabilities.EDIT_PEOPLE)
def edit(request: Request, pk: int) -> HttpResponse:
    post = position_of(request, pk)
    form = PostAtPartnerForm(request.POST or None, user=request.user, partner=post.partner, instance=post)
    return answer_at(
        request,
        form,
        lambda: services.correct_position(pk, form.values, by=request.user, seen=form.seen),
        post.partner,
        "people_of",
        heading=_("%(title)s, %(name)s") % {"title": post, "name": post.partner},
        lead=_(
            "Use this to correct details. When someone else takes over, end the position instead, so "
            "its history stays."
        ),
        told=lambda saved: _("%(title)s saved.") % {"title": saved},
    )


@requires(capabilities.EDIT_PEOPLE)
def end(request: Request, pk: int) -> HttpResponse:
    post = position_of(request, pk)
    form = EndPositionForm(request.POST or None, initial={"on": today(), "leaves_vacant": "1"})
    if post.is_vacant:
        del form.fields["leaves_vacant"]
        heading, lead = _("End the vacant position %(title)s") % {"title": post}, ""
    else:
        heading = _("%(name)s is no longer %(title)s") % {"name": post.person, "title": post}
        lead = _("Their access to the portal ends with their last position at %(name)s.")
    return answer_at(
        request,
        form,
        lambda: services.end_position(pk, by=request.user, **form.ending),
        post.partner,
        "people_of",
        heading=heading,
        lead=lead % {"name": post.partner},
        told=_("Saved."),
    )


@requires(capabilities.EDIT_PEOPLE)
def fill(request: Request, pk: int) -> HttpResponse:
    post = position_of(request, pk)
    form = FillPositionForm(request.POST or None, user=request.user, initial={"on": today()})
    return answer_at(
        request,
        form,
        lambda: services.fill_position(pk, by=request.user, **form.cleaned_data),
        post.partner,
        "people_of",
        heading=_("Who is %(title)s at %(name)s now?") % {"title": post, "name": post.partner},
        lead=_("If they are not here yet, add them first."),
        told=_("%(title)s filled.") % {"title": post},
    )
