"""What a row of a list of people may say, the headers it is said under, and the words used for it."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.utils.translation import gettext_lazy

from comity.imports import parsing
from comity.imports.profiles import Field
from comity.partners import names
from comity.partners.importing import cells
from comity.partners.models import Position

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

PEOPLE_FIELDS = (
    Field(
        "name",
        gettext_lazy("Name"),
        gettext_lazy("First and last name in one column; or use the two columns below."),
        parse=partial(cells.name, longest=names.LONGEST_PERSON_NAME),
        synonyms=["full name", "person", "contact", "contact name", "employee", "employee name", "nombre"],
    ),
    Field(
        "first_name",
        gettext_lazy("First name"),
        "",
        parse=partial(cells.name, longest=100),
        synonyms=["first", "given name", "forename"],
    ),
    Field(
        "last_name",
        gettext_lazy("Last name"),
        "",
        parse=partial(cells.name, longest=100),
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
        parse=cells.name,
        synonyms=[
            "partner",
            "partner name",
            "agency",
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
        "partner_code",
        gettext_lazy("Code of the body"),
        gettext_lazy(
            "Where a file has a column for the code besides one for the name: the code comes first."
        ),
        parse=parsing.text(30),
        synonyms=["agency code", "org code", "organization code", "customer code", "entity code"],
    ),
    Field(
        "title",
        gettext_lazy("Job title"),
        "",
        parse=partial(cells.name, longest=200),
        synonyms=["title", "position", "position title", "role", "working title"],
    ),
    Field(
        "function",
        gettext_lazy("What the post does"),
        gettext_lazy("Head, deputy, IT lead, finance lead, security lead, operations or other."),
        choices=cells.choices(Position.Function),
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
        "vacant",
        gettext_lazy("Vacant"),
        gettext_lazy(
            "Yes if nobody holds the post. A row with a title that names nobody is a vacant post without this column."
        ),
        parse=parsing.yes_no,
        synonyms=["is vacant", "vacancy", "open position"],
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
        lines=True,
        synonyms=["note", "remarks", "comments", "comment"],
    ),
)
