"""What this room tells people of the office: whom they look after from now on, and where nobody leads any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.notifications.services import notify
from comity.office.services import words
from comity.partners.models import Assignment, Partner
from comity.people.models import User
from comity.people.roles import Role

ASSIGNED = "partners.assigned"
LEAD_GAP = "partners.lead_gap"


def tell_assigned(assignment: Assignment, by: User | str) -> None:
    """Someone learns of the partner they look after."""
    partner, starts_on = assignment.partner, assignment.starts_on

    def text() -> str:
        return _("You look after %(partner)s from %(day)s. Your role: %(role)s.") % {
            "partner": partner,
            "day": date_format(starts_on),
            "role": assignment.get_role_display(),
        }

    url = reverse("partners:contacts", args=[partner.pk])
    notify([assignment.user], kind=ASSIGNED, text=text, url=url, about=partner, but_not=_person(by))


def tell_assigned_many(user: User, count: int, on: date, by: User | str) -> None:
    """Someone learns of many at once."""

    def text() -> str:
        return ngettext(
            "You look after %(count)s more %(partner)s from %(day)s.",
            "You look after %(count)s more %(partners)s from %(day)s.",
            count,
        ) % {"count": count, "partner": words().partner, "partners": words().partners, "day": date_format(on)}

    url = reverse("partners:contacts_of", args=[user.pk])
    notify([user], kind=ASSIGNED, text=text, url=url, but_not=_person(by))


def tell_taken_back(user: User, count: int, by: User | str) -> None:
    """Someone learns that what they were asked to look after is not theirs."""

    def text() -> str:
        return ngettext(
            "Taken back: you do not look after the %(partner)s just given to you.",
            "Taken back: you do not look after the %(count)s %(partners)s just given to you.",
            count,
        ) % {"count": count, "partner": words().partner, "partners": words().partners}

    url = reverse("partners:contacts_of", args=[user.pk])
    notify([user], kind=ASSIGNED, text=text, url=url, but_not=_person(by))


def who_assigns() -> list[User]:
    """Those who watch over coverage, and whom to ask for a contact: the chief customer officers, else the administrators."""
    active = User.objects.active()
    return list(active.with_role(Role.CCO)) or list(active.with_role(Role.ADMINISTRATOR))


def tell_gaps(opened: Collection[int], by: User | str) -> None:
    """Those who watch over coverage learn of new gaps: each by itself, or their number if there are many."""
    partners = list(Partner.objects.served().filter(pk__in=opened).order_by("sort_name", "pk"))
    if not partners:
        return
    told = partial(notify, who_assigns(), kind=LEAD_GAP, but_not=_person(by))
    if len(partners) > 3:
        told(text=partial(_many, len(partners)), url=f"{reverse('partners:list')}?without_lead=1")
        return
    for partner in partners:
        url = reverse("partners:contacts", args=[partner.pk])
        told(text=partial(_one, partner), url=url, about=partner)


def _one(partner: Partner) -> str:
    return _("%(partner)s no longer has a lead contact.") % {"partner": partner}


def _many(count: int) -> str:
    return _("%(count)s %(partners)s no longer have a lead contact.") % {
        "count": f"{count:,}",
        "partners": words().partners,
    }


def _person(by: User | str) -> User | None:
    return by if isinstance(by, User) else None
