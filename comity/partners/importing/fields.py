"""What the rows of both lists may say, the headers it is said under, and how any list names a partner."""

from __future__ import annotations

import re
from functools import partial

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comity.core.errors import DomainError
from comity.imports import parsing
from comity.imports.model_lists import Fact, fields_of
from comity.imports.parsing import Lookup
from comity.imports.profiles import Field
from comity.office.services import current_office
from comity.partners import names
from comity.partners.models import Partner, Person, Position
from comity.ui.charts import county_names


def a_name(cell: str, longest: int = names.LONGEST_NAME) -> str:
    """A name as it is kept. Raises CellError for one that is too long."""
    try:
        return names.tidy(cell, longest=longest)
    except DomainError as error:
        raise parsing.CellError(str(error)) from error


def addresses(cell: str) -> list[str]:
    """The e-mail addresses in a cell, which may stand among names and remarks; the first is the person's. Raises CellError."""
    found = re.findall(r"[^\s,;<>()\[\]\"]+@[^\s,;<>()\[\]\"]+", cell)
    return list(dict.fromkeys(parsing.email(one) for one in found or [cell]))


def a_county(cell: str) -> str:
    """The FIPS code of a county of our state, by its code or its name. Raises CellError for another state's."""
    known = county_names(current_office().state_fips)
    code = parsing.fips(cell) if cell.strip().isdigit() else cell
    bare = names.key(re.sub(r"(?i) (county|parish|borough)$", "", cell.strip()))
    found = [fips for fips, name in known.items() if fips == code or names.key(name) == bare]
    if len(found) != 1:
        raise parsing.CellError(_("“%(text)s” is no county of our state.") % {"text": cell[:80]})
    return found[0]


def _also(words: str) -> list[str]:
    """Other words for one thing, separated by commas."""
    return words.split(", ")


def _meaning(**words: str) -> dict[str, str]:
    """What other people call the choices: by each spelling the choice that is meant."""
    return {spelling: value for value, spellings in words.items() for spelling in _also(spellings)}


# By what it has, then by what those had that were made one with it.
_OWN = ("code", "fips", "name", "aliases__name")
_NAMED_BY = (*_OWN, *(f"merged_from__{by}" for by in _OWN))
PARTNER = Lookup(
    Partner.objects.standing,
    by=_NAMED_BY,
    keys={by: names.code_key if by.endswith("code") else names.key for by in _NAMED_BY},
    unknown=_("We cannot find “%(name)s”."),
)

_KINDS = _meaning(
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
            _also(
                "organization name, organisation name, organization, organisation, agency, agency name, partner, "
                "partner name, customer, customer name, entity, body, department, county, county name, "
                "municipality, full name, nombre"
            ),
            help=_("The full name. Used to match a row that has no code or FIPS code."),
            parse=a_name,
            tells=True,
        ),
        Fact(
            "code",
            _also("agency code, partner code, acronym, abbreviation, short name, org code, entity code"),
            help=_("Your own short code or acronym, up to 30 characters. Rows are matched by it first."),
            tells=True,
        ),
        Field(
            "aliases",
            _("Other names"),
            _("Former names and spellings, separated by semicolons. Later imports recognize them."),
            parse=parsing.listing(a_name),
            many=True,
            lines=True,
            synonyms=_also("alias, aliases, also known as, aka, former name, former names, other name"),
        ),
        Fact(
            "kind",
            _also("type, domain type, organization type, agency type, entity type, category, branch"),
            help=_("Agency, board, county and so on. Anything we do not recognize becomes Unknown."),
            spellings=_KINDS,
            otherwise="unknown",
        ),
        Fact(
            "status",
            ["state of the relationship"],
            help=_("Considering, active or former."),
            spellings=_meaning(former="inactive, closed", active="current", considering="prospect"),
        ),
        Fact(
            "parent",
            _also(
                "parent, parent code, parent name, parent organization, parent agency, reports to, belongs to"
            ),
            help=_(
                "The organization it belongs to, by code, FIPS code or name. It can be anywhere in the "
                "same file."
            ),
            parse=a_name,
            strict=True,
        ),
        Fact(
            "tier",
            ["tier"],
            help=_("How often to visit: one of the tiers in the office settings."),
            parse=parsing.text(50),
        ),
        Fact(
            "headcount",
            _also("headcount, people, number of employees, staff, fte, size"),
            help=_("How many people work there."),
        ),
        Fact(
            "budget_cents",
            _also("budget, yearly budget, budget dollars, budget usd"),
            help=_("In dollars."),
        ),
        Fact(
            "fips",
            _also("fips, county fips, geoid, fips county code"),
            help=_(
                "A county has five digits; we restore a missing leading zero. Used to match a row that "
                "has no code."
            ),
            parse=parsing.fips,
            tells=True,
        ),
        Fact(
            "population",
            _also(
                "population, inhabitants, pop, pop 2023, pop 2024, pop 2025, population estimate, residents"
            ),
            help=_("For local governments."),
        ),
        Fact(
            "place",
            _also("city, place, location, town, seat"),
            help=_("Where it is."),
            parse=partial(a_name, longest=100),
        ),
        Fact(
            "lies_in",
            _also("in county, county of place, located in county"),
            help=_("Of a city or a district: the name of the county, or its FIPS code."),
            parse=a_county,
        ),
        Field(
            "domains",
            _("Domains"),
            _("Internet domains, separated by semicolons."),
            parse=parsing.listing(parsing.domain),
            many=True,
            lines=True,
            synonyms=_also("domain, domain name, internet domain, internet domains"),
        ),
        Fact("website", _also("website, web site, url, homepage, web address")),
        Fact("notes", _also("note, remarks, comments, comment")),
    ],
)


_FUNCTIONS = _meaning(
    head="director, executive, secretary, commissioner, county manager",
    deputy="deputy director",
    it_lead="cio, it, it director, it manager",
    finance="cfo, finance, budget",
    security="ciso, security, information security",
    operations="coo",
)

PEOPLE_FIELDS = [
    *fields_of(
        Person,
        [
            Fact(
                "name",
                _also("full name, person, contact, contact name, employee, employee name, nombre"),
                help=_("First and last name in one column, or use the two columns below."),
                parse=partial(a_name, longest=names.LONGEST_PERSON_NAME),
                required=False,
                tells=True,
            ),
            Field(
                "first_name",
                _("First name"),
                parse=partial(a_name, longest=100),
                synonyms=_also("first, given name, forename"),
                tells=True,
            ),
            Field(
                "last_name",
                _("Last name"),
                parse=partial(a_name, longest=100),
                synonyms=_also("last, surname, family name"),
                tells=True,
            ),
            Fact(
                "email",
                _also("email, e mail, email address, mail, e mail address, correo"),
                help=_("Used to match a person. Without it, the name and organization are used."),
                parse=addresses,
                tells=True,
            ),
            Fact("phone", _also("telephone, phone number, work phone, office phone, business phone")),
            Fact("mobile", _also("cell, cell phone, mobile phone, cellphone")),
            Field(
                "language",
                _("Language"),
                _("English or Spanish: the language we write to them in."),
                choices=lambda: dict(settings.LANGUAGES),
                spellings=_meaning(es="espanol, español", en="ingles"),
                synonyms=["preferred language"],
            ),
            Fact("notes", _also("note, remarks, comments, comment")),
        ],
    ),
    *fields_of(
        Position,
        [
            Field(
                "partner",
                _("Works at"),
                _(
                    "The organization, by code, FIPS code or name. Someone who works at several needs a row "
                    "for each."
                ),
                parse=a_name,
                synonyms=_also(
                    "partner, partner name, agency, agency name, organization, organization name, department, company, "
                    "employer, county, customer"
                ),
                tells=True,
            ),
            Field(
                "partner_code",
                _("Organization code"),
                _(
                    "For a file that has one column for the code and one for the name. The code is used first."
                ),
                parse=parsing.text(30),
                synonyms=_also("agency code, org code, organization code, customer code, entity code"),
                tells=True,
            ),
            Fact(
                "title",
                _also("title, position, position title, role, working title"),
                label=_("Job title"),
                parse=partial(a_name, longest=200),
                required=False,
                strict=True,
            ),
            Fact(
                "function",
                _also("function, area"),
                help=_("Head, deputy, IT lead, finance lead, security lead, operations or other."),
                spellings=_FUNCTIONS,
                otherwise="other",
            ),
            Fact("acting", _also("is acting, interim"), help=_("Yes if the position is held temporarily.")),
            Fact("shared", _also("shared, is shared"), help=_("Yes if several people share the position.")),
            Field(
                "vacant",
                _("Vacant"),
                _(
                    "Yes if nobody holds the position. A row with a title and no person is vacant even "
                    "without this column."
                ),
                parse=parsing.yes_no,
                strict=True,
                synonyms=_also("is vacant, vacancy, open position"),
            ),
            Fact(
                "starts_on",
                _also("starts on, start date, start, from, hire date, in post since"),
                help=_("The first day in the position."),
            ),
            Fact(
                "ends_on",
                _also("ends on, end date, end, to, last day"),
                help=_("The first day no longer in the position."),
            ),
        ],
    ),
]
