"""Finding the row an address names, or answering as if it did not exist."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

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
