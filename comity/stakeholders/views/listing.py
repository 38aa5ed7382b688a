"""The lists of stakeholders and of initiatives, and the form of an initiative."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, keep
from comity.imports.pages import list_page
from comity.office.services import today
from comity.people.access import Request, requires, row_or_404
from comity.stakeholders import tables
from comity.stakeholders.capabilities import EDIT, READ
from comity.stakeholders.forms import InitiativeForm
from comity.stakeholders.models import Initiative
from comity.stakeholders.services import INITIATIVES


@requires(READ, "GET")
def stakeholders(request: Request) -> HttpResponseBase:
    table = tables.stakeholders_table(request)
    acts = [(_("Initiatives"), reverse("stakeholders:initiatives"), READ)]
    return list_page(
        request, table, _("Who has a say, and how they stand"), acts=acts, profile="stakeholders"
    )


@requires(READ, "GET")
def initiatives(request: Request) -> HttpResponseBase:
    add = _("Add an initiative"), reverse("stakeholders:add_initiative"), EDIT
    lead = _("What we want to bring about, and the people whose word counts for it.")
    return list_page(request, tables.initiatives_table(request), _("Initiatives"), lead=lead, add=add)


@requires(EDIT)
def add_initiative(request: Request) -> HttpResponse:
    form = InitiativeForm(request.POST or None, user=request.user, initial={"begun_on": today()})
    return keep(request, INITIATIVES, form, _page(_("Add an initiative")), to=lambda row: row)


@requires(EDIT)
def edit_initiative(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Initiative, pk)
    form = InitiativeForm(request.POST or None, user=request.user, instance=found)
    return keep(request, INITIATIVES, form, _page(_("Change %(name)s") % {"name": found}, found), to=found)


def _page(heading: str, *found: Initiative) -> FormPage:
    crumbs = [(_("Initiatives"), reverse("stakeholders:initiatives"))]
    return FormPage(heading, crumbs=[*crumbs, *((str(one), one.get_absolute_url()) for one in found)])
