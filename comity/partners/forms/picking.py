"""Fields for one partner, one person or one of the office's people among many."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from comity.partners.models import Partner, Person
from comity.people.models import User
from comity.ui.fields import PickField


def partner_words(partner: Partner) -> str:
    """A partner as a list of choices says it: its name, with its code where it has one."""
    return f"{partner.name} ({partner.code})" if partner.code else partner.name


def person_words(person: Person) -> str:
    """A person as a list of choices says it; the address tells two of one name apart."""
    return f"{person.name} ({person.email})" if person.email else person.name


def find_partners(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    """Partners that the words may mean."""
    exact = rows.filter(name__iexact=text)
    return exact if exact.exists() else rows.search(text.replace("(", " ").replace(")", " "))  # type: ignore[attr-defined]


def find_people(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    """People that the words may mean."""
    return rows.search(text.replace("(", " ").replace(")", " "))  # type: ignore[attr-defined, no-any-return]


def find_users(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    """The office's people whose name or address holds the words."""
    return rows.filter(Q(name__icontains=text) | Q(email__icontains=text))


def partner_field(rows: QuerySet[Partner], **more: Any) -> PickField:
    return PickField(
        rows,
        search=find_partners,
        url=lambda: reverse("partners:choose_partner"),
        label_of=partner_words,
        **more,
    )


def person_field(rows: QuerySet[Person], **more: Any) -> PickField:
    return PickField(
        rows, search=find_people, url=lambda: reverse("partners:choose_person"), label_of=person_words, **more
    )


def contact_field(**more: Any) -> PickField:
    """One of the office's active people."""
    return PickField(
        User.objects.active().office(),
        search=find_users,
        url=lambda: reverse("partners:choose_contact"),
        **more,
    )
