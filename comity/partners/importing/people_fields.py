"""What a row of a list of people may say, the headers it is said under, and the words used for it."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comity.imports import parsing
from comity.imports.model_lists import Fact, fields_of
from comity.imports.profiles import Field
from comity.partners import names
from comity.partners.importing import cells
from comity.partners.importing.cells import also, meaning
from comity.partners.models import Person, Position

_FUNCTIONS = meaning(
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
                also("full name, person, contact, contact name, employee, employee name, nombre"),
                help=_("First and last name in one column, or use the two columns below."),
                parse=partial(cells.name, longest=names.LONGEST_PERSON_NAME),
                required=False,
            ),
            Field(
                "first_name",
                _("First name"),
                parse=partial(cells.name, longest=100),
                synonyms=also("first, given name, forename"),
            ),
            Field(
                "last_name",
                _("Last name"),
                parse=partial(cells.name, longest=100),
                synonyms=also("last, surname, family name"),
            ),
            Fact(
                "email",
                also("email, e mail, email address, mail, e mail address, correo"),
                help=_("Used to match a person. Without it, the name and organization are used."),
            ),
            Fact("phone", also("telephone, phone number, work phone, office phone, business phone")),
            Fact("mobile", also("cell, cell phone, mobile phone, cellphone")),
            Field(
                "language",
                _("Language"),
                _("English or Spanish: the language we write to them in."),
                choices=lambda: dict(settings.LANGUAGES),
                spellings=meaning(es="espanol, español", en="ingles"),
                synonyms=["preferred language"],
            ),
            Fact("notes", also("note, remarks, comments, comment")),
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
                parse=cells.name,
                synonyms=also(
                    "partner, partner name, agency, agency name, organization, organization name, department, company, "
                    "employer, county, customer"
                ),
            ),
            Field(
                "partner_code",
                _("Organization code"),
                _(
                    "For a file that has one column for the code and one for the name. The code is used first."
                ),
                parse=parsing.text(30),
                synonyms=also("agency code, org code, organization code, customer code, entity code"),
            ),
            Fact(
                "title",
                also("title, position, position title, role, working title"),
                label=_("Job title"),
                parse=partial(cells.name, longest=200),
                required=False,
            ),
            Fact(
                "function",
                also("function, area"),
                help=_("Head, deputy, IT lead, finance lead, security lead, operations or other."),
                spellings=_FUNCTIONS,
                otherwise="other",
            ),
            Fact("acting", also("is acting, interim"), help=_("Yes if the position is held temporarily.")),
            Fact("shared", also("shared, is shared"), help=_("Yes if several people share the position.")),
            Field(
                "vacant",
                _("Vacant"),
                _(
                    "Yes if nobody holds the position. A row with a title and no person is vacant even "
                    "without this column."
                ),
                parse=parsing.yes_no,
                synonyms=also("is vacant, vacancy, open position"),
            ),
            Fact(
                "starts_on",
                also("starts on, start date, start, from, hire date, in post since"),
                help=_("The first day in the position."),
            ),
            Fact(
                "ends_on",
                also("ends on, end date, end, to, last day"),
                help=_("The first day no longer in the position."),
            ),
        ],
    ),
]
