"""How the permission matrix gets a ticket."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject
from comity.tickets.models import Owner, Ticket
from comity.tickets.services import open_ticket


def _ticket(cast: Cast, partner: Partner) -> Arguments:
    title = "A canary does not sing"
    found = Ticket.objects.filter(partner=partner).first()
    return ((found or open_ticket(title=title, partner=partner, by=cast.ana)).pk,)


def _rule(_cast: Cast, partner: Partner) -> Arguments:
    found, _made = Owner.objects.get_or_create(field="company", value="Canary", defaults={"partner": partner})
    return (found.pk,)


SUBJECTS = {
    **{f"tickets:{name}": Subject(_ticket) for name in ("ticket", "portal_ticket")},
    **{f"tickets:{name}_rule": Subject(_rule, office_only=True) for name in ("edit", "remove")},
}
