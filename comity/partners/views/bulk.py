"""Acts on many partners at once: what was ticked in the list, or all that it found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comity.core.errors import DomainError
from comity.editing.answering import refuse
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.bulk import SetForm
from comity.partners.forms.contacts import BulkAssignForm
from comity.partners.tables import partners_table
from comity.people.access import Request, requires
from comity.ui.components.page import tell
from comity.ui.tables import Table


@require_POST
@requires(capabilities.ASSIGN)
def assign_many(request: Request) -> HttpResponse:
    table = partners_table(request)
    form = BulkAssignForm(_typed(request), initial={"starts_on": today()})
    if form.is_bound and form.is_valid():
        assigned, left = services.assign_many(table.chosen(), by=request.user, **form.cleaned_data)
        said = ngettext(
            "%(user)s looks after %(count)s more.", "%(user)s looks after %(count)s more.", assigned
        )
        sentence = said % {"user": form.cleaned_data["user"], "count": f"{assigned:,}"}
        if left:
            sentence += " " + ngettext("%(count)s stays as it was.", "%(count)s stay as they were.", left) % {
                "count": f"{left:,}"
            }
        tell(request, sentence)
        return _back(table)
    return _ask(request, table, form, "partners/assign_many.html")


@require_POST
@requires(capabilities.EDIT)
def set_many(request: Request) -> HttpResponse:
    table = partners_table(request)
    form = SetForm(_typed(request))
    if form.is_bound and form.is_valid():
        try:
            changed = services.set_on_many(table.chosen(), by=request.user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            said = ngettext("%(count)s is changed.", "%(count)s are changed.", changed)
            tell(request, said % {"count": f"{changed:,}"})
            return _back(table)
    return _ask(request, table, form, "partners/set_many.html")


def _typed(request: Request) -> Any:
    """What was typed on the page of the act; nothing yet when one comes from the list."""
    return request.POST if request.POST.get("step") == "act" else None


def _ask(request: Request, table: Table, form: forms.Form, template: str) -> HttpResponse:
    """The page of the act, with the rows it is for."""
    chosen = table.chosen()
    count = chosen.count()
    if not count:
        tell(request, _("Nothing was chosen. Tick the boxes before the names first."))
        return _back(table)
    return render(
        request,
        template,
        {
            "form": form,
            "count": count,
            "some": chosen.order_by("name", "pk")[:10],
            "more": max(0, count - 10),
            "ids": [] if request.POST.get("all") == "1" else request.POST.getlist("ids"),
            "all": request.POST.get("all") == "1",
            "query": request.POST.get("query", ""),
            "back": _list_url(table),
        },
    )


def _back(table: Table) -> HttpResponse:
    return redirect(_list_url(table))


def _list_url(table: Table) -> str:
    from django.urls import reverse

    return f"{reverse('partners:list')}{f'?{table.query}' if table.query else ''}"
