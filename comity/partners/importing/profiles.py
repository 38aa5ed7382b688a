"""The two lists that can be imported: their fields, who writes them, and where a row leads."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.imports.models import ImportRow
from comity.imports.profiles import Profile
from comity.partners.capabilities import EDIT, EDIT_PEOPLE
from comity.partners.importing.fields import PARTNERS_FIELDS, PEOPLE_FIELDS
from comity.partners.importing.partner_rows import PartnerHandler
from comity.partners.importing.people_rows import PeopleHandler
from comity.partners.pickers import PARTNERS_WORD


def _person_or_post(row: ImportRow) -> str:
    """A person's page; a vacant post stands among the people of its partner."""
    if at := row.write.get("vacant"):
        return reverse("partners:people_of", args=[at])
    return reverse("partners:person", args=[row.target_id])


PARTNERS = Profile(
    key="partners",
    label=PARTNERS_WORD,
    to=EDIT,
    fields=PARTNERS_FIELDS,
    handler=PartnerHandler,
    link=lambda row: reverse("partner", args=[row.target_id]),
)
PEOPLE = Profile(
    key="people",
    label=_("People and their positions"),
    to=EDIT_PEOPLE,
    fields=PEOPLE_FIELDS,
    handler=PeopleHandler,
    link=_person_or_post,
)
