"""The nouns of this room: tickets, the tools that they come from, and the rules for whose they are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.imports.model_lists import Fact, list_of
from comity.nouns import Area, Noun, Place
from comity.partners.importing.fields import PARTNER
from comity.partners.samples import Sample
from comity.tickets import lists, samples, services
from comity.tickets.capabilities import PORTAL, READ, WORK
from comity.tickets.models import Owner, Ticket

NOUNS = (
    Noun(
        Ticket,
        plural=_("Tickets"),
        page="tickets:ticket",
        actions={
            services.OPEN: _("opened a ticket"),
            services.SET_STATE: _("moved a ticket"),
        },
        places=[
            Place(Area.SERVICES, _("Tickets"), "tickets:list", READ, order=3),
            Place(Area.SERVICES, _("Tickets"), "tickets:portal", PORTAL, order=3),
        ],
        traits=[lists.TICKETS, lists.CHANGES, Sample(4, samples.tickets)],
    ),
    Noun(
        Owner,
        plural=_("Rules for whose tickets are"),
        office_only=True,
        actions=services.RULES.actions,
        places=[Place(Area.SERVICES, _("Whose tickets are"), "tickets:whose", READ, under="tickets:list")],
        traits=[
            list_of(
                Owner,
                "ticket-owners",
                label=_("Rules for whose tickets are"),
                to=WORK,
                key=["field", "value"],
                fields=["field", "value", Fact("partner", names=PARTNER)],
                page="tickets:whose",
                after=services.follow,
            )
        ],
    ),
)
