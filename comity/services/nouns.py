"""The nouns of this room: services and their offerings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.editing.final import Final
from comity.editing.keeping import Keeping
from comity.followups.kinds import Kind, all_said
from comity.imports.model_lists import Fact, kept_noun, list_of
from comity.imports.parsing import STAFF, CellError, Lookup
from comity.nouns import Act, Area, Noun, Place, Search, Words
from comity.partners.models import Partner
from comity.partners.samples import Sample
from comity.people.duties import Duty
from comity.services import samples, services
from comity.services.capabilities import EDIT, READ
from comity.services.models import CostCenter, CustomerClass, Edition, Fund, Offering, Service
from comity.services.pickers import OFFERING


def kinds_of_partner(cell: str) -> list[str]:
    """Kinds as our own file has them, or by their labels: "county; city"."""
    known = {str(label).casefold(): value for value, label in Partner.Kind.choices}
    found = []
    for word in (part.strip() for part in cell.split(";") if part.strip()):
        kind = word.casefold() if word.casefold() in Partner.Kind.values else known.get(word.casefold())
        if kind is None:
            sentence = _("“%(word)s” is not a kind. Separate kinds with semicolons, such as county; city.")
            raise CellError(str(sentence) % {"word": word[:40]})
        found.append(kind)
    return sorted(set(found))


def _chosen(name: str) -> Fact:
    """Some rows of a list, by their names: "CJIS; FTI"."""

    def parse(cell: str) -> list[int]:
        found = []
        for word in (part.strip() for part in cell.split(";") if part.strip()):
            row = services.LISTS[name].objects.filter(name__iexact=word).first()
            if row is None:
                sentence = _("We cannot find “%(name)s”. Separate several with semicolons.")
                raise CellError(str(sentence) % {"name": word[:60]})
            found.append(row.pk)
        return sorted(set(found))

    def words(row: Service) -> str:
        return ", ".join(map(str, services.named(name, getattr(row, name))))

    return Fact(name, parse=parse, words=words, strict=True)


def _kept(keeping: Keeping[Any], plural: Words, fields: Sequence[str | Fact]) -> Noun:
    """A list that the office keeps: what it is told by comes first of its fields."""
    name = str(keeping.model._meta.verbose_name_plural).replace(" ", "_")
    return kept_noun(
        keeping,
        plural,
        name.replace("_", "-"),
        to=EDIT,
        key=[str(fields[0])],
        fields=fields,
        place=Place(Area.SERVICES, plural, f"services:{name}", READ, under="services:list"),
        page="services:customer_class" if keeping.model is CustomerClass else "",
    )


NOUNS = (
    Noun(
        Service,
        plural=_("Services"),
        page="services:service",
        actions={
            services.ADD: _("added a service"),
            services.CHANGE: _("changed a service"),
            services.RETIRE: _("retired a service"),
            services.PUBLISH: _("published the entry of a service"),
            services.REVIEW: _("reviewed the entry of a service"),
        },
        places=[
            Place(Area.SERVICES, _("Services"), "services:list", READ),
        ],
        acts=[Act(_("Add a service"), _("name, promise, owner"), "services:add", EDIT)],
        search=Search(hint="promise", to=READ),
        traits=[
            Sample(757, samples.catalogue),
            Sample(samples.WRITTEN, samples.entries),
            Sample(10, samples.longer_hours),
            Kind(services.HEARD, _("About a service"), Service, to=READ, problem=all_said),
            Duty(
                "services.owned",
                _("services they own"),
                rows=Service.objects.owned_by,
                url_of=lambda _user: reverse("services:list"),
                hand_over=services.hand_over,
            ),
            list_of(
                Service,
                "services",
                label=_("Services"),
                to=EDIT,
                key=["name"],
                fields=[
                    Fact("name", ["service"]),
                    Fact("promise", ["description", "what it does"]),
                    Fact("owner", ["service owner", "owner email"], names=STAFF),
                    "status",
                    Fact("cost_center", ["cost centre"], names=Lookup(CostCenter.objects.all, by=("code",))),
                    *("name_es", "internal_name", *Service.DAYS, "review_on"),
                    Fact("synonyms", ["keywords", "tags", "also called"]),
                    Fact("followed_by", ["replaced by"], names=Lookup(Service.objects.all, by=("name",))),
                    *(_chosen(name) for name in services.LISTS),
                    *(name for name in Service.PUBLISHED if name not in {"promise", *services.LISTS}),
                ],
                check=services.check_service,
            ),
        ],
    ),
    Noun(
        Offering,
        plural=_("Offerings"),
        page="services:offering",
        actions={
            services.ADD_OFFERING: _("added an offering"),
            services.CHANGE_OFFERING: _("changed an offering"),
            services.RETIRE_OFFERING: _("retired an offering"),
        },
        places=[Place(Area.SERVICES, _("Offerings"), "services:offerings", READ)],
        acts=[Act(_("Add an offering"), _("meter code, unit, funding"), "services:add_offering", EDIT)],
        search=Search(hint="code", to=READ),
        traits=[
            OFFERING,
            list_of(
                Offering,
                "offerings",
                label=_("Offerings"),
                to=EDIT,
                key=["code"],
                fields=[
                    Fact("service", names=Lookup(Service.objects.standing, by=("name",))),
                    Fact("name", ["offering"]),
                    Fact("code", ["meter", "meter code", "sku"]),
                    Fact("unit", ["billed per", "unit of measure"]),
                    Fact("funding", ["funding method"]),
                    Fact("kinds", ["who can have it", "eligible"], parse=kinds_of_partner, strict=True),
                ],
                rows=lambda: Offering.objects.select_related("service"),
                check=services.check_offering,
            ),
        ],
    ),
    _kept(
        services.CLASSES,
        _("Customer classes"),
        ["name", Fact("kinds", parse=kinds_of_partner, strict=True), "headcount_max", "order"],
    ),
    Noun(
        Edition,
        office_only=True,
        traits=[Final(Edition, "published", "OLD.id > 0", "A published entry cannot be changed.")],
    ),
    *(
        _kept(keeping, plural, ["name", "name_es", "order"])
        for keeping, plural in (
            (services.DATA_CLASSES, _("Data classes")),
            (services.SUBJECTS, _("Subjects")),
        )
    ),
    _kept(
        services.COST_CENTERS,
        _("Cost centers"),
        ["code", "name", Fact("fund", names=Lookup(Fund.objects.all, by=("code",)))],
    ),
    _kept(services.FUNDS, _("Funds"), ["code", "name"]),
)
