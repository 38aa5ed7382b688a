"""The nouns of this room: a service at a partner, and who is eligible for what."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from comity.adoption import samples, services
from comity.adoption.capabilities import PORTAL, READ, SET, WORK
from comity.adoption.models import Adoption
from comity.imports.model_lists import Fact, kept_noun, list_of
from comity.imports.parsing import Lookup
from comity.notifications.kinds import NoticeKind
from comity.nouns import Area, Noun, Place
from comity.partners.importing.fields import PARTNER
from comity.partners.samples import Sample
from comity.partners.tabs import Tab
from comity.services.models import Service
from comity.services.nouns import kinds_of_partner

SERVICE = Lookup(Service.objects.standing, by=("name",))
under_counties = partial(Place, Area.SERVICES, under="adoption:counties")

NOUNS = (
    Noun(
        Adoption,
        plural=_("Who uses what"),
        page="adoption:adoption",
        actions={
            services.STEP: _("took a step toward a service"),
            services.BACK: _("took back a step toward a service"),
        },
        places=[
            Place(
                Area.SERVICES, _("Counties"), "adoption:counties", READ, _("Who uses what, on a map"), order=7
            ),
            under_counties(_("Pipeline"), "adoption:pipeline", READ),
            under_counties(_("Compare with bills"), "adoption:billed", WORK),
            Place(Area.SERVICES, _("Offers"), "adoption:portal", PORTAL, order=1),
        ],
        traits=[
            NoticeKind(services.MOVED, _("A request for a service moved on"), addressed=True),
            Tab("adoption", _("Services"), "adoption:of_partner", READ),
            *(Sample(days, make) for days, make in samples.STORY),
            list_of(
                Adoption,
                "adoption",
                label=_("Who uses what"),
                to=WORK,
                key=["service", "partner"],
                fields=[
                    Fact("service", names=SERVICE),
                    Fact("partner", ["agency", "organization", "county"], names=PARTNER),
                    "stage",
                    Fact("since", ["date", "joined", "day"]),
                ],
                page="adoption:adoption",
                rows=lambda: Adoption.objects.select_related("service", "partner"),
                check=services.check_listed,
                after=services.complete_steps,
            ),
        ],
    ),
    kept_noun(
        services.ELIGIBLE,
        _("Who is eligible"),
        "eligibility",
        to=SET,
        key=["service", "basis"],
        fields=[
            Fact("service", names=SERVICE),
            Fact("kinds", parse=kinds_of_partner, strict=True),
            *("condition", "offer", "basis", "national"),
        ],
        place=under_counties(_("Who is eligible"), "adoption:eligibility", READ),
        office_only=False,
    ),
)
