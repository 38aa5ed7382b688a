"""The nouns of this room: those the office serves, and the people there."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from comity.nouns import Noun, Search
from comity.office.services import words
from comity.partners.capabilities import VIEW_PEOPLE
from comity.partners.models import Partner, Person


def _partners() -> str:
    return words().Partners


NOUNS = (
    Noun(
        Partner,
        plural=lazy(_partners, str)(),  # the office's word, asked each time it is said
        page="partner",
        search=Search(hint="code", rows=lambda user: Partner.objects.visible_to(user).standing()),
    ),
    Noun(
        Person,
        plural=_("People"),
        page="partners:person",
        search=Search(
            hint="email", to=VIEW_PEOPLE, rows=lambda user: Person.objects.visible_to(user).standing()
        ),
    ),
)
