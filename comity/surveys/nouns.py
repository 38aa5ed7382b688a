"""The nouns of this room: what is asked, and each time it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.nouns import Noun, Search
from comity.surveys.capabilities import READ
from comity.surveys.models import Survey, Wave

# For the office; partners' users reach the waves that concern them through their portal.
NOUNS = (
    Noun(
        Wave,
        plural=_("Waves"),
        page="surveys:wave",
        search=Search(hint="version__survey__name", to=READ),
    ),
    Noun(Survey, plural=_("Surveys"), page="surveys:survey", search=Search(to=READ)),
)
