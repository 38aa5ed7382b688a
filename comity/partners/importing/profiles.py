"""The fields a row may say something of, the headers people give them, and the words they use for a kind."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.imports import parsing, profiles
from comity.imports.profiles import Field, Profile
from comity.office.services import words
from comity.partners import names
from comity.partners.importing.partner_rows import PartnerHandler
from comity.partners.importing.people_rows import PeopleHandler
from comity.partners.models import Partner, Position


def _name(cell: str, longest: int = names.LONGEST_NAME) -> str:
    try:
        return names.tidy(cell, longest=longest)
    except DomainError as error:
        raise parsing.CellError(str(error)) from error


def _choices(choices: type[Partner.Kind | Partner.Status | Position.Function]) -> Any:
    return lambda: dict(choices.choices)


KIND_SPELLINGS = {
    "department": "agency",
    "state agency": "agency",
    "executive branch": "agency",
    "division": "agency",
    "bureau": "agency",
    "authority": "agency",
    "boards": "board",
    "council": "commission",
    "judicial": "court",
    "judicial branch": "court",
    "courts": "court",
    "legislative": "legislature",
    "legislative branch": "legislature",
    "general assembly": "legislature",
    "college": "university",
    "higher education": "university",
    "parish": "county",
    "borough": "county",
    "counties": "county",
    "municipality": "city",
    "municipal": "city",
    "cities": "city",
    "village": "town",
    "township": "town",
    "towns": "town",
    "special district": "district",
    "school district": "district",
    "independent intrastate": "district",
    "tribal": "tribe",
    "native sovereign nation": "tribe",
    "tribal nation": "tribe",
    "n a": "unknown",
}
FUNCTION_SPELLINGS = {
    "director": "head",
    "executive": "head",
    "secretary": "head",
    "commissioner": "head",
    "county manager": "head",
    "deputy director": "deputy",
    "cio": "it_lead",
    "it": "it_lead",
    "it director": "it_lead",
    "it manager": "it_lead",
    "cfo": "finance",
    "finance": "finance",
    "budget": "finance",
    "ciso": "security",
    "security": "security",
    "information security": "security",
    "coo": "operations",
}

PARTNERS_FIELDS = (
    Field(
        "name",
        gettext_lazy("Name"),
        gettext_lazy("The full name. It is the key of a row that has neither code nor FIPS code."),
        parse=_name,
        required=True,
        synonyms=[
            "organization name",
            "organisation name",
            "organization",
            "organisation",
            "agency",
            "agency name",
            "partner",
            "partner name",
            "customer",
            "customer name",
            "entity",
            "body",
            "department",
            "county",
            "county name",
            "municipality",
            "full name",
            "nombre",
        ],
    ),
    Field(
        "code",
        gettext_lazy("Code"),
        gettext_lazy("Your own short code or acronym; up to 30 letters. The first key of a row."),
        parse=parsing.text(30),
        synonyms=[
            "agency code",
            "partner code",
            "acronym",
            "abbreviation",
            "short name",
            "org code",
            "entity code",
        ],
    ),
    Field(
        "aliases",
        gettext_lazy("Other names"),
        gettext_lazy(
            "Former names and spellings, separated by semicolons. Later files meet the same row by them."
        ),
        parse=parsing.listing(_name),
        many=True,
        synonyms=["alias", "aliases", "also known as", "aka", "former name", "former names", "other name"],
    ),
    Field(
        "kind",
        gettext_lazy("Kind"),
        gettext_lazy("Agency, board, county and so on. What is not known stays unknown."),
        choices=_choices(Partner.Kind),
        spellings=KIND_SPELLINGS,
        otherwise="unknown",
        synonyms=[
            "type",
            "domain type",
            "organization type",
            "agency type",
            "entity type",
            "category",
            "branch",
        ],
    ),
    Field(
        "status",
        gettext_lazy("Status"),
        gettext_lazy("Considering, active or former."),
        choices=_choices(Partner.Status),
        spellings={"inactive": "former", "current": "active", "prospect": "considering", "closed": "former"},
        synonyms=["state of the relationship"],
    ),
    Field(
        "parent",
        gettext_lazy("Part of"),
        gettext_lazy(
            "The body it belongs to, by code, FIPS code or name; it may stand anywhere in the same file."
        ),
        parse=_name,
        synonyms=[
            "parent",
            "parent code",
            "parent name",
            "parent organization",
            "parent agency",
            "reports to",
            "belongs to",
        ],
    ),
    Field(
        "tier",
        gettext_lazy("Visit tier"),
        gettext_lazy("How often it is to be visited: one of the tiers in the office's settings."),
        parse=parsing.text(50),
        synonyms=["tier"],
    ),
    Field(
        "headcount",
        gettext_lazy("People"),
        gettext_lazy("How many people work there."),
        parse=parsing.whole_number,
        synonyms=["headcount", "employees", "number of employees", "staff", "fte", "size"],
    ),
    Field(
        "budget_cents",
        gettext_lazy("Yearly budget"),
        gettext_lazy("In dollars."),
        parse=parsing.cents,
        synonyms=["budget", "annual budget", "budget dollars", "budget usd"],
    ),
    Field(
        "fips",
        gettext_lazy("FIPS code"),
        gettext_lazy("Of a county five digits; a zero lost in front comes back. The second key of a row."),
        parse=parsing.fips,
        synonyms=["fips", "county fips", "geoid", "fips county code"],
    ),
    Field(
        "population",
        gettext_lazy("Population"),
        gettext_lazy("Of a local government."),
        parse=parsing.whole_number,
        synonyms=["pop", "pop 2023", "pop 2024", "pop 2025", "population estimate", "residents"],
    ),
    Field(
        "place",
        gettext_lazy("City or place"),
        gettext_lazy("Where it is."),
        parse=partial(_name, longest=100),
        synonyms=["city", "place", "location", "town", "seat"],
    ),
    Field(
        "domains",
        gettext_lazy("Domains"),
        gettext_lazy("Internet domains, separated by semicolons."),
        parse=parsing.listing(parsing.domain),
        many=True,
        synonyms=["domain", "domain name", "internet domain", "internet domains"],
    ),
    Field(
        "website",
        gettext_lazy("Web site"),
        "",
        parse=parsing.website,
        synonyms=["website", "url", "homepage", "web address"],
    ),
    Field(
        "notes",
        gettext_lazy("Notes"),
        gettext_lazy("Only your office sees these. They may be public records."),
        parse=parsing.paragraphs,
        synonyms=["note", "remarks", "comments", "comment"],
    ),
)

PEOPLE_FIELDS = (
    Field(
        "name",
        gettext_lazy("Name"),
        gettext_lazy("First and last name in one column; or use the two columns below."),
        parse=partial(_name, longest=names.LONGEST_PERSON_NAME),
        synonyms=["full name", "person", "contact", "contact name", "employee", "employee name", "nombre"],
    ),
    Field(
        "first_name",
        gettext_lazy("First name"),
        "",
        parse=partial(_name, longest=100),
        synonyms=["first", "given name", "forename"],
    ),
    Field(
        "last_name",
        gettext_lazy("Last name"),
        "",
        parse=partial(_name, longest=100),
        synonyms=["last", "surname", "family name"],
    ),
    Field(
        "email",
        gettext_lazy("E-mail"),
        gettext_lazy("The key of a person. Without it the name together with the body is."),
        parse=parsing.email,
        synonyms=["email", "email address", "mail", "e mail address", "correo"],
    ),
    Field(
        "phone",
        gettext_lazy("Phone"),
        "",
        parse=parsing.text(50),
        synonyms=["telephone", "phone number", "work phone", "office phone", "business phone"],
    ),
    Field(
        "mobile",
        gettext_lazy("Mobile"),
        "",
        parse=parsing.text(50),
        synonyms=["cell", "cell phone", "mobile phone", "cellphone"],
    ),
    Field(
        "language",
        gettext_lazy("Language"),
        gettext_lazy("English or Spanish: how we write to them."),
        choices=lambda: dict(settings.LANGUAGES),
        spellings={"espanol": "es", "español": "es", "ingles": "en"},
        synonyms=["preferred language"],
    ),
    Field(
        "partner",
        gettext_lazy("Works at"),
        gettext_lazy("The body by code, FIPS code or name. Someone who works at several has a row for each."),
        parse=_name,
        synonyms=[
            "partner",
            "partner code",
            "partner name",
            "agency",
            "agency code",
            "agency name",
            "organization",
            "organization name",
            "department",
            "company",
            "employer",
            "county",
            "customer",
        ],
    ),
    Field(
        "title",
        gettext_lazy("Job title"),
        "",
        parse=partial(_name, longest=200),
        synonyms=["title", "position", "position title", "role", "working title"],
    ),
    Field(
        "function",
        gettext_lazy("What the post does"),
        gettext_lazy("Head, deputy, IT lead, finance lead, security lead, operations or other."),
        choices=_choices(Position.Function),
        spellings=FUNCTION_SPELLINGS,
        otherwise="other",
        synonyms=["function", "area"],
    ),
    Field(
        "acting",
        gettext_lazy("Acting"),
        gettext_lazy("Yes if the post is held for the time being."),
        parse=parsing.yes_no,
        synonyms=["is acting", "interim"],
    ),
    Field(
        "shared",
        gettext_lazy("Shared with others"),
        gettext_lazy("Yes if several hold the post together."),
        parse=parsing.yes_no,
        synonyms=["shared", "is shared"],
    ),
    Field(
        "starts_on",
        gettext_lazy("Since"),
        gettext_lazy("The first day in the post."),
        parse=parsing.day,
        synonyms=["starts on", "start date", "start", "from", "hire date", "in post since"],
    ),
    Field(
        "ends_on",
        gettext_lazy("Until"),
        gettext_lazy("The first day no longer in the post."),
        parse=parsing.day,
        synonyms=["ends on", "end date", "end", "to", "last day"],
    ),
    Field(
        "notes",
        gettext_lazy("Notes"),
        gettext_lazy("Only your office sees these. They may be public records."),
        parse=parsing.paragraphs,
        synonyms=["note", "remarks", "comments", "comment"],
    ),
)


def register() -> None:
    """Let both lists be imported; called as the site starts."""
    profiles.register(
        Profile(
            key="partners",
            label=lambda: words().Partners,
            fields=PARTNERS_FIELDS,
            handler=PartnerHandler,
            link=lambda pk: reverse("partner", args=[pk]),
        )
    )
    profiles.register(
        Profile(
            key="people",
            label=lambda: _("People and their posts"),
            fields=PEOPLE_FIELDS,
            handler=PeopleHandler,
            link=lambda pk: reverse("partners:person", args=[pk]),
        )
    )
