"""Finding the row an address names, or answering as if it did not exist."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.office.services import words
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
