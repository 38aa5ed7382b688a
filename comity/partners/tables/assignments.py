"""What one contact looks after, as a list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.office.services import today, words
from comity.partners import capabilities
from comity.partners.models import Assignment
from comity.people.access import Request
from comity.people.models import User
from comity.ui.tables import Choice, Column, Search, Table, Toggle


def _end(row: Assignment) -> SafeString:
    return format_html(
        '{}<span class="usa-sr-only"> ({})</span>', pgettext("assignment", "End"), row.partner.name
    )


def assignments_table(request: Request, contact: User) -> Table:
    """What someone looks after, now or soon."""
    rows = Assignment.objects.visible_to(request.user).filter(user=contact).not_over(today())
    columns = [
        Column("partner", words().Partner, link=True),
        Column("role", sort=("role", "partner__name")),
        Column("starts_on", wide=True),
        Column("ends_on"),
    ]
    if request.user.can(capabilities.ASSIGN):
        columns.append(
            Column(
                "end",
                _("Actions"),
                value=_end,
                link=lambda row: reverse("partners:end_assignment", args=[row.pk]),
            )
        )
    return Table(
        request,
        rows.select_related("partner"),
        name="assignments",
        columns=columns,
        filters=[
            Search("q", _("Find"), lambda found, text: found.filter(partner__name__icontains=text)),
            Choice("role", _("Role"), Assignment.Role.choices, "role"),
            Toggle("served", _("Served now"), lambda found: found.on(today()).of_served()),
        ],
        default_sort="partner",
        row_name=lambda row: row.partner.name,
        empty=_("None right now."),
        caption=words().Partners,
        export_name=_("assignments of %(name)s") % {"name": contact.name},
    )
