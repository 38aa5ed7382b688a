"""How one partner, or somebody there, is picked by typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, Q, Subquery, When
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.nouns import Words
from comity.office.services import today, words
from comity.partners import capabilities as can
from comity.partners import names
from comity.partners.models import (
    BY_RANK,
    Alias,
    Assignment,
    Partner,
    PartnerQuerySet,
    Person,
    PersonQuerySet,
    Position,
)
from comity.people.pickers import ANYONE_OF_US
from comity.ui.pickers import Picker
from comity.ui.tables import Picked, Search


def _partners(user: Any) -> PartnerQuerySet:
    rows = Partner.objects.visible_to(user).standing()
    return rows if user.can(can.VIEW) else rows.none()


def _by_code_or_name(text: str) -> Q:
    """By its code, its name or another name it goes by; or by the code or name of what was made one with it."""
    key = names.key(text)
    aliases = Alias.objects.filter(name_key=key).values("partner")
    own = Q(code__iexact=text) | Q(name_key=key)
    went = Partner.objects.filter(own, merged_into__isnull=False).values("merged_into")
    return own | Q(pk__in=aliases) | Q(pk__in=went)


def _by_name_or_address(text: str) -> Q:
    """By name or e-mail address; or by those of whoever was made one with them."""
    own = Q(name__iexact=text) | Q(email__iexact=text)
    went = Person.objects.filter(own, merged_into__isnull=False).values("merged_into")
    return own | Q(pk__in=went)


def _people(user: Any) -> PersonQuerySet:
    """Those someone may see, each with the name of a body they hold a post `at`."""
    post = Position.objects.filter(person=OuterRef("pk")).by_rank()
    rows = Person.objects.visible_to(user).standing()
    return (
        rows.annotate(at=Subquery(post.values("partner__name")[:1]))
        if user.can(can.VIEW_PEOPLE)
        else rows.none()
    )


def _at_partner(user: Any, rows: Any, key: int) -> Any:
    """People with how near they are to a partner: those who hold a post there, its head and its IT lead first."""
    posts = Position.objects.visible_to(user).current(today()).filter(partner=key).by_rank()
    own: Any = posts.filter(person=OuterRef("pk"))
    near = Case(When(pk__in=posts.held().values("person"), then=Subquery(own.values_list(BY_RANK)[:1])))
    return rows.annotate(near=near, as_what=Subquery(own.values("title")[:1]))


def _of_person(user: Any, rows: Any, key: int) -> Any:
    """Partners with whether somebody holds a post there."""
    posts = Position.objects.visible_to(user).current(today()).filter(person=key)
    return rows.annotate(near=Case(When(pk__in=posts.values("partner"), then=0)))


PARTNER = Picker(
    "partner",
    rows=_partners,
    find=lambda rows, text: rows.search(text),
    outright=_by_code_or_name,
    label=lambda row: f"{row.name} ({row.code})" if row.code else row.name,
    hint=lambda row: row.get_kind_display(),
    went="merged_from",
    near=_of_person,
)
# Of whom something may be heard: not those that are no more.
PARTNER_TODAY = replace(PARTNER, key="partner-today", rows=lambda user: _partners(user).not_former())
PERSON = Picker(
    "person",
    rows=_people,
    find=lambda rows, text: rows.search(text),
    outright=_by_name_or_address,
    label=lambda row: f"{row.name} ({row.email})" if row.email else row.name,
    hint=lambda row: row.at,
    went="merged_from",
    near=_at_partner,
)


def looked_after_by(user: Any, field: str, day: date) -> Picked:
    """The filter “looked after by”, for a list whose rows name a partner in a field, on a day."""

    def of(rows: Any, keys: Any) -> Any:
        return rows.filter(
            **{f"{field}__in": Assignment.objects.on(day).filter(user__in=keys).values("partner")}
        )

    return Picked("contact", _("Looked after by"), ANYONE_OF_US, user, of)


# What one of them is called, asked each time it is said: the label of a field, the head of a column.
PARTNER_WORD = lazy(lambda: words().Partner, str)()
PARTNERS_WORD = lazy(lambda: words().Partners, str)()


def of_partner(
    user: Any,
    field: str | Callable[[Any, Any], Any] = "partner",
    *,
    key: str = "partner",
    label: Words = "",
    none: Words = "",
) -> Picked:
    """The filter “of a partner”, for every list whose rows are of some: by its key, code, name, another name, or words."""
    return Picked(key, label or PARTNER_WORD, PARTNER, user, field, none)


def of_partners(path: str = "partner") -> Search:
    """The search of a list whose rows are of partners: those found by their names."""

    def found(rows: Any, text: str) -> Any:
        return rows.filter(**{f"{path}__in": Partner.objects.search(text)})

    return Search("q", _l("Find"), found)
