"""Finding the row an address names, or answering as if it did not exist; and answering a form about a partner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer
from comity.office.services import words
from comity.partners import capabilities
from comity.partners.models import Partner, Person, Position
from comity.people.access import Request


def partner_of(request: Request, pk: int) -> Partner:
    rows = Partner.objects.visible_to(request.user).select_related("parent", "tier", "merged_into")
    return get_object_or_404(rows, pk=pk)


def person_of(request: Request, pk: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user).standing(), pk=pk)


def position_of(request: Request, pk: int) -> Position:
    rows = Position.objects.visible_to(request.user).select_related("partner", "person")
    return get_object_or_404(rows, pk=pk)


Crumbs = list[tuple[str, str]]


def crumbs(partner: Partner | None = None) -> Crumbs:
    """The way back to the list of partners, or to one of them."""
    found = [(words().Partners, reverse("partners:list"))]
    return found if partner is None else [*found, (str(partner), partner.get_absolute_url())]


def people_crumbs(person: Person | None = None) -> Crumbs:
    """The way back to the list of people, or to one of them."""
    found = [(_("People"), reverse("partners:people"))]
    return found if person is None else [*found, (str(person), person.get_absolute_url())]


def begun_at(request: Request, otherwise: str, partner: Partner | None = None) -> str:
    """Where an act leads back to: where it was begun, if its address says so ("?from=coverage"), or `otherwise`."""
    begun = request.GET.get("from")
    if begun == "coverage" and request.user.can(capabilities.ASSIGN):
        return reverse("coverage")
    return partner.get_absolute_url() if partner and begun == "glance" else otherwise


def answer_at(
    request: Request,
    form: BaseForm,
    save: Callable[[], Any],
    partner: Partner,
    tab: str,
    *,
    told: str | Callable[[Any], str],
    undo: Callable[[Any], str] | None = None,
    **page: Any,
) -> HttpResponse:
    """Answer a form about a partner, begun on one of its tabs ("people_of") and leading back there.

    page  what FormPage is told besides
    """
    back = begun_at(request, reverse(f"partners:{tab}", args=[partner.pk]), partner)
    shown = FormPage(crumbs=crumbs(partner), back=back, **page)
    return answer(request, form, save, page=shown, told=told, to=back, undo=undo)
