"""The two lists that can be imported: their fields, who writes them, and where a row leads."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.imports import profiles
from comity.imports.models import ImportRow
from comity.imports.profiles import Profile
from comity.office.services import words
from comity.partners.importing.partner_fields import PARTNERS_FIELDS
from comity.partners.importing.partner_rows import PartnerHandler
from comity.partners.importing.people_fields import PEOPLE_FIELDS
from comity.partners.importing.people_rows import PeopleHandler


def _person_or_post(row: ImportRow) -> str:
    """A person's page; a vacant post stands among the people of its partner."""
    if at := row.write.get("vacant"):
        return reverse("partners:people_of", args=[at])
    return reverse("partners:person", args=[row.target_id])


def register() -> None:
    """Let both lists be imported; called as the site starts."""
    profiles.register(
        Profile(
            key="partners",
            label=lambda: words().Partners,
            fields=PARTNERS_FIELDS,
            handler=PartnerHandler,
            link=lambda row: reverse("partner", args=[row.target_id]),
        )
    )
    profiles.register(
        Profile(
            key="people",
            label=lambda: _("People and their posts"),
            fields=PEOPLE_FIELDS,
            handler=PeopleHandler,
            link=_person_or_post,
        )
    )
