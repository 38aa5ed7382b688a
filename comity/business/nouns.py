"""The nouns of this room: the parts of a partner's business, and who in the office understands whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.business import samples, services
from comity.business.capabilities import PORTAL, READ, UNDERSTAND
from comity.business.models import Mission, Understanding
from comity.business.parts import KINDS, Kind
from comity.imports.model_lists import Fact, list_of
from comity.imports.parsing import STAFF
from comity.nouns import Act, Area, Noun, Place, Search
from comity.partners.importing.fields import PARTNER
from comity.partners.samples import Sample
from comity.partners.tabs import Tab

OF_PARTNER = Fact("partner", ["agency", "organization"], names=PARTNER)
KEYS = {"step": ("partner", "journey", "name")}


def _noun(kind: Kind) -> Noun:
    """One part of the page: found by its words, and brought in as a list."""
    name = kind.model.ASKED[0]
    listed = list_of(
        kind.model,
        f"business-{kind.slug}",
        label=kind.heading,
        to=UNDERSTAND,
        key=KEYS.get(kind.name, ("partner", name)),
        fields=[OF_PARTNER, *kind.model.ASKED],
        page=f"business:{kind.name}",
        rows=lambda: kind.model.objects.select_related("partner"),
        check=kind.keeping.check,
    )
    place = Place(Area.PARTNERS, kind.heading, f"business:{kind.slug}", READ, under="business:list")
    return Noun(
        kind.model,
        plural=kind.heading,
        page=f"business:{kind.name}",
        actions=kind.keeping.actions,
        places=[place],
        search=Search(name, "partner__name"),
        traits=[listed],
    )


NOUNS = (
    Noun(
        Mission,
        plural=_("Missions"),
        actions=services.MISSIONS.actions,
        places=[
            Place(Area.PARTNERS, _("Business"), "business:list", READ),
            Place(Area.TODAY, _("Our business"), "business:portal", PORTAL, order=8),
        ],
        traits=[
            Tab("business", _("Business"), "business:of_partner", READ),
            *(Sample(days, make) for days, make in samples.STORY),
        ],
    ),
    *map(_noun, KINDS),
    Noun(
        Understanding,
        plural=_("Who understands whom"),
        page="business:edit_understanding",
        office_only=True,
        actions=services.UNDERSTANDING.actions,
        places=[
            Place(
                Area.PARTNERS,
                _("Who understands whom"),
                "business:register",
                READ,
                _("Our people by the business they understand, and where nobody does"),
                under="business:list",
            )
        ],
        acts=[
            Act(
                _("Say who understands whose business"),
                _("who, whom or which kind, how well"),
                "business:add_understanding",
                UNDERSTAND,
                about="partners.Partner",
            )
        ],
        traits=[
            list_of(
                Understanding,
                "understanding",
                label=_("Who understands whom"),
                to=UNDERSTAND,
                key=["user", "partner", "kind"],
                fields=[
                    Fact("user", ["who", "name", "email"], names=STAFF),
                    Fact("partner", ["agency", "organization", "understands"], names=PARTNER),
                    *("kind", "level", "since", "note"),
                ],
                page="business:edit_understanding",
                rows=lambda: Understanding.objects.select_related("user", "partner"),
                check=services.check_understanding,
            )
        ],
    ),
)
