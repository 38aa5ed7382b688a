"""The list of rotations, and one of them: its weeks, and its lessons."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer, keep
from comity.imports.pages import list_page
from comity.meetings.views.reading import rings
from comity.office.services import today
from comity.patterns import tables
from comity.patterns.capabilities import READ, WORK
from comity.patterns.forms import LessonForm, RotationForm, WeekForm
from comity.patterns.models import Rotation, Week
from comity.patterns.services.rotations import ROTATIONS, WEEKS, learn, lessons
from comity.people.access import Request, requires, row_or_404


def _page(heading: str, *rows: Rotation, **more: Any) -> FormPage:
    crumbs = [(_("Rotations"), reverse("patterns:rotations"))]
    return FormPage(heading, crumbs=[*crumbs, *((str(row), row.get_absolute_url()) for row in rows)], **more)


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    add = _("Record a rotation"), reverse("patterns:add_rotation"), WORK
    lead = _("Whoever fills in at one of those we serve for some months learns how it looks from there.")
    return list_page(request, tables.rotations_table(request), _("Rotations"), lead=lead, add=add)


@requires(READ, "GET")
def rotation(request: Request, pk: int) -> HttpResponse:
    rows = Rotation.objects.visible_to(request.user).select_related("who", "partner")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "rotation": found,
        "weeks": found.weeks.visible_to(request.user),
        "lessons": rings(lessons(found).select_related("problem__pattern"), today()),
        "may_work": request.user.can(WORK),
    }
    return render(request, "patterns/rotation.html", context)


@requires(WORK)
def add(request: Request) -> HttpResponse:
    begins = {"who": request.user, "begins_on": today()}
    form = RotationForm(request.POST or None, user=request.user, initial=begins)
    return keep(request, ROTATIONS, form, _page(_("Record a rotation")), to=lambda row: row)


@requires(WORK)
def edit(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Rotation, pk, "who", "partner")
    form = RotationForm(request.POST or None, user=request.user, instance=found)
    return keep(request, ROTATIONS, form, _page(_("Change %(name)s") % {"name": found}, found))


@requires(WORK)
def add_week(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Rotation, pk, "who", "partner")
    form = WeekForm(request.POST or None, initial={"begins_on": today()})
    page = _page(_("What was this week like?"), found, draft=f"week-{pk}")
    return keep(request, WEEKS, form, page, rotation=found)


@requires(WORK)
def edit_week(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Week, pk, "rotation__who", "rotation__partner")
    form = WeekForm(request.POST or None, instance=found)
    return keep(request, WEEKS, form, _page(_("Change a week"), found.rotation))


@requires(WORK)
def lesson(request: Request, pk: int) -> HttpResponse:
    """What was learned, and what becomes of it."""
    found = row_or_404(request, Rotation, pk, "who", "partner")
    form = LessonForm(request.POST or None, user=request.user)
    return answer(
        request,
        form,
        lambda: learn(found, by=request.user, **form.cleaned_data),
        page=_page(
            _("What did you learn?"),
            found,
            lead=_("Only our office reads it. Others may have learned the same elsewhere."),
            draft=f"lesson-{pk}",
        ),
        told=_("Saved."),
        to=found,
    )
