"""Those without a lead contact, as a list from which contacts are assigned."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.office.pickers import TIER
from comity.office.services import today
from comity.partners import capabilities
from comity.partners.models import Partner
from comity.partners.pickers import of_partner
from comity.people.access import Request
from comity.ui.tables import Bulk, Choice, Column, Picked, Search, Table


def gaps_table(request: Request) -> Table:
    """Those this person may see that nobody leads, longest alone first."""
    user, day = request.user, today()
    may_assign = user.can(capabilities.ASSIGN)
    return Table(
        request,
        Partner.objects.visible_to(user).without_lead(),
        name="gaps",
        columns=[
            Column("name", link=True),
            Column("kind", wide=True),
            Column(
                "since",
                _("No contact since"),
                sort="lead_gap_since",
                value=lambda row: row.lead_gap_since,
                wide=True,
            ),
            Column(
                "days",
                _("Days"),
                value=lambda row: (day - row.lead_gap_since).days,
                link=_page("contacts"),
                numeric=True,
            ),
            Column("headcount", _("People"), link=_page("facts"), wide=True),
        ],
        # Each is read by the list of partners too, which assigns to those that are ticked here.
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
            Picked("tier", _("Tier"), TIER, user, "tier"),
            of_partner(user, "parent", key="part_of", label=_("Part of")),
        ],
        default_sort="since",
        bulk=[Bulk(_("Assign a contact"), reverse("partners:assign_gaps"))] if may_assign else [],
        caption=_("Nobody to call"),
        export_name="without-a-contact",
    )


def _page(name: str) -> Any:
    return lambda row: reverse(f"partners:{name}", args=[row.pk])
