"""What this room offers to the rooms below it: roles from memberships, duties to hand over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comity import jobs
from comity.office.services import today
from comity.partners import notices, obligations, services
from comity.partners.models import Assignment, Membership, Partner
from comity.partners.services import close_lapsed, hand_over, refresh_leads
from comity.partners.tables.picked import picked
from comity.people import duties
from comity.people import services as accounts
from comity.people.access import register_partner_roles
from comity.people.models import User


def with_lower_rooms() -> None:
    """Called once, as the room's app starts."""
    register_partner_roles(roles_of)
    duties.register(
        duties.Duty(
            "partners.assignments",
            _("assignments as a contact"),  # type: ignore[arg-type]  # said in the language of the reader
            rows=assignments_of,
            url_of=lambda user: reverse("partners:contacts_of", args=[user.pk]),
            hand_over=hand_over_all,
        )
    )
    jobs.every(
        "partners.turn_of_day",
        turn_of_day,
        daily_at=time(0, 10),
        label=_("Close access that lapsed; note who has no lead contact"),
    )
    accounts.follow_address(services.follow_sign_in)
    register_obligations()


def turn_of_day() -> None:
    """What a new day brings: leads that begin or end, and access that ends with its last day."""
    notices.tell_gaps(refresh_leads(today()), by="worker")
    close_lapsed(today())


def register_obligations() -> None:
    """What of this room's own is open with a partner."""
    obligations.register(
        obligations.Obligation(
            "partners.parts",
            label=lambda count: (
                ngettext("%(count)s part of it", "%(count)s parts of it", count) % {"count": count}
            ),
            open_rows=lambda partner: (
                Partner.objects.standing().filter(parent=partner).exclude(status=Partner.Status.FORMER)
            ),
            url=lambda partner: f"{reverse('partners:list')}?{picked('part_of', partner.pk, partner)}",
        )
    )
    obligations.register(
        obligations.Obligation(
            "partners.memberships",
            label=lambda count: (
                ngettext("%(count)s sign-in to the portal", "%(count)s sign-ins to the portal", count)
                % {"count": count}
            ),
            open_rows=lambda partner: Membership.objects.not_over(today()).filter(partner=partner),
            url=lambda partner: reverse("partners:people_of", args=[partner.pk]),
        )
    )


def roles_of(user: User) -> Iterable[str]:
    """The roles a partner's user holds through memberships today."""
    return Membership.objects.standing().filter(user=user).values_list("role", flat=True)


def assignments_of(user: User) -> QuerySet[Assignment]:
    """What someone looks after, now or soon."""
    return Assignment.objects.not_over(today()).filter(user=user)


def hand_over_all(from_user: User, to_user: User, by: User) -> int:
    """Hand over all that someone looks after, from today on; for how many partners."""
    return hand_over(from_user, to_user, Partner.objects.all(), today(), "", by)
