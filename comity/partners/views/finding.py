"""Finding the row an address names, or answering as if it did not exist."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.office.services import words
from comity.partners.models import Assignment, Membership, Partner, Person, Position
from comity.people.access import Request
from comity.people.models import User


def partner_of(request: Request, pk: int) -> Partner:
    rows = Partner.objects.visible_to(request.user).select_related("parent", "tier", "merged_into")
    found: Partner = get_object_or_404(rows, pk=pk)
    return found


def person_of(request: Request, pk: int) -> Person:
    found: Person = get_object_or_404(Person.objects.visible_to(request.user).standing(), pk=pk)
    return found


def position_of(request: Request, pk: int) -> Position:
    rows = Position.objects.visible_to(request.user).select_related("partner", "person")
    found: Position = get_object_or_404(rows, pk=pk)
    return found


def assignment_of(request: Request, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(request.user).select_related("partner", "user")
    found: Assignment = get_object_or_404(rows, pk=pk)
    return found


def membership_of(request: Request, pk: int) -> Membership:
    rows = Membership.objects.visible_to(request.user).select_related("partner", "person", "user")
    found: Membership = get_object_or_404(rows, pk=pk)
    return found


def contact_of(request: Request, pk: int) -> User:
    """One of the office's people, active or gone: what they look after has to be handed over."""
    found: User = get_object_or_404(User.objects.visible_to(request.user).office(), pk=pk)
    return found


Crumbs = list[tuple[str, str]]


def crumbs(partner: Partner | None = None) -> Crumbs:
    """The way back to the list of partners, or to one of them."""
    found = [(words().Partners, reverse("partners:list"))]
    return found if partner is None else [*found, (str(partner), partner.get_absolute_url())]


def people_crumbs(person: Person | None = None) -> Crumbs:
    """The way back to the list of people, or to one of them."""
    found = [(_("People"), reverse("partners:people"))]
    return found if person is None else [*found, (str(person), person.get_absolute_url())]
