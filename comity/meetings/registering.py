"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comity.meetings.models import Officer, Plan
from comity.meetings.services import officers, plans
from comity.partners import obligations
from comity.people import duties

if TYPE_CHECKING:
    pass


def register_all() -> None:
    _duties()
    _obligations()


def _duties() -> None:
    duties.register(
        duties.Duty(
            key="meetings.plans",
            label=_("visits to come"),  # type: ignore[arg-type]  # a lazy string is one
            rows=Plan.objects.led_by,
            url_of=lambda _user: f"{reverse('meetings:plans')}?state={Plan.State.PLANNED}",
            hand_over=plans.hand_over,
        )
    )
    duties.register(
        duties.Duty(
            key="meetings.officers",
            label=_("parts of the office that they stand for on visits"),  # type: ignore[arg-type]
            rows=lambda user: Officer.objects.filter(user=user),
            url_of=lambda _user: reverse("meetings:officers"),
            hand_over=officers.hand_over,
        )
    )


def _obligations() -> None:
    obligations.register(
        obligations.Obligation(
            key="visits",
            label=lambda count: (
                ngettext("%(count)s visit to come", "%(count)s visits to come", count) % {"count": count}
            ),
            open_rows=lambda partner: Plan.objects.planned().to_partner(partner),
            url=lambda partner: (
                f"{reverse('meetings:plans')}?state={Plan.State.PLANNED}&partner={partner.pk}"
            ),
        )
    )
