"""What a row of a list of partners may say, the headers it is said under, and the words used for a kind."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from comity.imports import parsing
from comity.imports.model_lists import Fact, fields_of
from comity.imports.profiles import Field
from comity.partners.importing import cells
from comity.partners.importing.cells import also, meaning
from comity.partners.models import Partner

_KINDS = meaning(
    agency="department, state agency, executive branch, division, bureau, authority",
    board="boards",
    commission="council",
    court="judicial, judicial branch, courts",
    legislature="legislative, legislative branch, general assembly",
    university="college, higher education",
    county="parish, borough, counties",
    city="municipality, municipal, cities",
    town="village, township, towns",
    district="special district, school district, independent intrastate",
    tribe="tribal, native sovereign nation, tribal nation",
    unknown="n a",
)

PARTNERS_FIELDS = fields_of(
    Partner,
    [
        Fact(
            "name",
            also(
                "organization name, organisation name, organization, organisation, agency, agency name, partner, "
                "partner name, customer, customer name, entity, body, department, county, county name, "
                "municipality, full name, nombre"
            ),
            help=_("The full name. Used to match a row that has no code or FIPS code."),
            parse=cells.name,
        ),
        Fact(
            "code",
            also("agency code, partner code, acronym, abbreviation, short name, org code, entity code"),
            help=_("Your own short code or acronym, up to 30 characters. Rows are matched by it first."),
        ),
        Field(
            "aliases",
            _("Other names"),
            _("Former names and spellings, separated by semicolons. Later imports recognize them."),
            parse=parsing.listing(cells.name),
            many=True,
            lines=True,
            synonyms=also("alias, aliases, also known as, aka, former name, former names, other name"),
        ),
        Fact(
            "kind",
            also("type, domain type, organization type, agency type, entity type, category, branch"),
            help=_("Agency, board, county and so on. Anything we do not recognize becomes Unknown."),
            spellings=_KINDS,
            otherwise="unknown",
        ),
        Fact(
            "status",
            ["state of the relationship"],
            help=_("Considering, active or former."),
            spellings=meaning(former="inactive, closed", active="current", considering="prospect"),
        ),
        Fact(
            "parent",
            also(
                "parent, parent code, parent name, parent organization, parent agency, reports to, belongs to"
            ),
            help=_(
                "The organization it belongs to, by code, FIPS code or name. It can be anywhere in the "
                "same file."
            ),
            parse=cells.name,
        ),
        Fact(
            "tier",
            ["tier"],
            help=_("How often to visit: one of the tiers in the office settings."),
            parse=parsing.text(50),
        ),
        Fact(
            "headcount",
            also("headcount, people, number of employees, staff, fte, size"),
            help=_("How many people work there."),
        ),
        Fact(
            "budget_cents",
            also("budget, yearly budget, budget dollars, budget usd"),
            help=_("In dollars."),
        ),
        Fact(
            "fips",
            also("fips, county fips, geoid, fips county code"),
            help=_(
                "A county has five digits; we restore a missing leading zero. Used to match a row that "
                "has no code."
            ),
            parse=parsing.fips,
        ),
        Fact(
            "population",
            also(
                "population, inhabitants, pop, pop 2023, pop 2024, pop 2025, population estimate, residents"
            ),
            help=_("For local governments."),
        ),
        Fact(
            "place",
            also("city, place, location, town, seat"),
            help=_("Where it is."),
            parse=partial(cells.name, longest=100),
        ),
        Field(
            "domains",
            _("Domains"),
            _("Internet domains, separated by semicolons."),
            parse=parsing.listing(parsing.domain),
            many=True,
            lines=True,
            synonyms=also("domain, domain name, internet domain, internet domains"),
        ),
        Fact("website", also("website, web site, url, homepage, web address")),
        Fact("notes", also("note, remarks, comments, comment")),
    ],
)
