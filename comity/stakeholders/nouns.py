"""The nouns of this room: initiatives, and stakeholders of them and of partners."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.followups.kinds import Kind
from comity.imports.model_lists import Fact, list_of
from comity.imports.parsing import Lookup
from comity.nouns import Act, Area, Kept, Noun, Place, Search
from comity.partners.importing.fields import PARTNER
from comity.partners.models import Person
from comity.partners.samples import Sample
from comity.partners.tabs import Known, Tab
from comity.stakeholders import samples, services
from comity.stakeholders.capabilities import EDIT, READ
from comity.stakeholders.models import Initiative, Stakeholder

PERSON = Lookup(Person.objects.standing, by=("email", "name", "merged_from__email", "merged_from__name"))

NOUNS = (
    Noun(
        Initiative,
        plural=_("Initiatives"),
        page="stakeholders:initiative",
        office_only=True,
        actions=services.INITIATIVES.actions,
        places=[
            Place(
                Area.PARTNERS,
                _("Initiatives"),
                "stakeholders:initiatives",
                READ,
                _("What we want to bring about, and who has a say in it"),
                under="stakeholders:list",
            )
        ],
        acts=[
            Act(_("Add an initiative"), _("name, purpose, with whom"), "stakeholders:add_initiative", EDIT)
        ],
        search=Search(hint="purpose", to=READ),
    ),
    Noun(
        Stakeholder,
        plural=_("Stakeholders"),
        page="stakeholders:stakeholder",
        actions=services.STAKEHOLDERS.actions,
        places=[Place(Area.PARTNERS, _("Stakeholders"), "stakeholders:list", READ)],
        traits=[
            Tab("stakeholders", _("Stakeholders"), "stakeholders:of_partner", READ),
            Known(_("Has a say in"), services.known_of),
            Kind(services.PLAN, _("Engagement step"), Stakeholder, to=READ, asks_if_it_helped=False),
            Kept(
                "stakeholders",
                _("Stakeholders who left or are no longer involved, and those of initiatives that ended"),
                None,
                services.destroy_past,
            ),
            *(Sample(days, make) for days, make in samples.STORY),
            list_of(
                Stakeholder,
                "stakeholders",
                label=_("Stakeholders"),
                to=EDIT,
                key=["person", "partner", "initiative"],
                fields=[
                    Fact("person", ["who", "stakeholder", "email"], names=PERSON),
                    Fact("partner", ["agency", "organization"], names=PARTNER),
                    Fact("initiative", ["project"], names=Lookup(Initiative.objects.all, by=("name",))),
                    *("role", Fact("influence", ["power"]), "interest"),
                    Fact("stance", ["attitude", "support"]),
                    Fact("sure", ["confidence"]),
                    *("long_timer", "since", "note", "sensitive", "ends_on"),
                ],
                page="stakeholders:stakeholder",
                rows=lambda: Stakeholder.objects.select_related("person", "partner", "initiative"),
                check=services.check_stakeholder,
            ),
        ],
    ),
)
