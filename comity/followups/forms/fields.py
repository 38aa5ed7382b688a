"""Choosing a partner, one of its people, or one of ours, by typing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.partners.models import Partner, PartnerQuerySet, Person, PersonQuerySet
from comity.people.models import User, UserQuerySet
from comity.ui.fields import PickField


def search_partners(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Partners whose name, code or alias holds the words."""
    named = Q(name__icontains=text) | Q(code__iexact=text) | Q(aliases__name__icontains=text)
    return rows.filter(named).distinct()


def search_people(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """People whose name or address holds the words."""
    return rows.filter(Q(name__icontains=text) | Q(email__istartswith=text))


def partners_for(user: User) -> PartnerQuerySet:
    """Those something may be heard of."""
    return Partner.objects.visible_to(user).standing().exclude(status=Partner.Status.FORMER)


def persons_for(user: User) -> PersonQuerySet:
    return Person.objects.visible_to(user).standing()


def owners() -> UserQuerySet:
    """Those who may answer for something."""
    return User.objects.office().active()


def partner_field(**more: Any) -> PickField:
    """Its rows are set in the form's __init__."""
    return PickField(
        Partner.objects.none(),
        search=search_partners,
        url=lambda: reverse("followups:find_partners"),
        **more,
    )


def person_field(**more: Any) -> PickField:
    """Its rows are set in the form's __init__."""
    return PickField(
        Person.objects.none(), search=search_people, url=lambda: reverse("followups:find_persons"), **more
    )


def owner_field(**more: Any) -> PickField:
    more.setdefault("label", _("To whom"))
    return PickField(
        User.objects.none(), search=search_people, url=lambda: reverse("followups:find_owners"), **more
    )
