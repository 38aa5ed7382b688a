"""The ready way to bring in a list of some thousand rows: told by the fields of a model and what it is known again by.

    Noun(Closure, traits=[
        list_of(Closure, "closures", label=_("Days the office is closed"), to=MANAGE,
                key=["day"], fields=["day", Fact("name", ["reason"])], page="office:calendar"),
    ])

docs/imports.md, "A list of a new noun", has the whole of it. Lists of a hundred thousand rows have handlers of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db import models
from django.db.models import Model, QuerySet
from django.forms import Form
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from comity.access import Capability
from comity.editing.keeping import Keeping
from comity.imports import parsing
from comity.imports.model_rows import ModelRows
from comity.imports.models import Import, ImportRow
from comity.imports.parsing import Lookup, Parser
from comity.imports.profiles import Field, Profile
from comity.nouns import Noun, Place, Words

_PARSERS: tuple[tuple[type[models.Field[Any, Any]], Parser], ...] = (
    (models.EmailField, parsing.email),
    (models.URLField, parsing.website),
    (models.TextField, parsing.paragraphs),
    (models.BooleanField, parsing.yes_no),
    (models.DateField, parsing.day),
    (models.DecimalField, parsing.decimal),
    (models.IntegerField, parsing.whole_number),
)


@dataclass(frozen=True)
class Fact:
    """A field of the model that a row may say; most are told by their name alone.

    synonyms   other headers people give it
    names      the rows it may name, where it refers to one
    label      what it is called, where that is not what the model calls it
    help       more about it, where that is not what the model says
    parse      how a cell is read, where its kind does not tell
    spellings  what other people call a choice: spelling -> value
    otherwise  the value of what matches no choice
    required   whether a new row has to say it; else as the model has it
    tells      whether it tells which row is meant: see profiles.Field
    strict     whether a row is set aside where it cannot be read
    words      says the value of a row, where it is not for people as it is kept
    """

    name: str
    synonyms: Sequence[str] = ()
    names: Lookup | None = None
    label: Words = ""
    help: Words = ""
    parse: Parser | None = None
    spellings: Mapping[str, str] | None = None
    otherwise: str | None = None
    required: bool | None = None
    tells: bool = False
    strict: bool = False
    words: Callable[[Any], str] | None = None


def list_of(
    model: type[Model],
    profile: str,
    *,
    label: Words,
    to: Capability,
    key: Sequence[str],
    fields: Sequence[str | Fact],
    page: str = "",
    rows: Callable[[], QuerySet[Any]] | None = None,
    check: Callable[[Any], None] | None = None,
    after: Callable[[], object] | None = None,
    about: type[Form] | None = None,
    told: Callable[[Import], Profile] | None = None,
    stays: Callable[[], str] | None = None,
) -> Profile:
    """A list whose rows are rows of one model.

    profile  its key: what the command calls it
    key      the fields a row is known again by; one that may be empty tells a row by being so
    fields   what a row may say
    page     the URL name of the page of one, or of all; where a row itself says it is, unless given
    rows     those that a file may meet; all there are, unless given
    check    the room's own rules, asked of the row as it would be: what its services give to `editing.change`
    after    called when rows were written or taken back, in the same transaction
    about    what has to be said of a file, and `told` the list as that makes it: see profiles.Profile
    stays    says why nothing that came in can be taken back; "" where it can
    """
    known = [replace(one, tells=True) if one.key in key else one for one in fields_of(model, fields)]
    rows = rows or model._default_manager.all

    def link(row: ImportRow) -> str:
        if not page:
            return str(cast(Any, model(pk=row.target_id)).get_absolute_url())
        try:
            return reverse(page, args=[row.target_id])
        except NoReverseMatch:
            return reverse(page)

    return Profile(
        key=profile,
        label=label,
        to=to,
        fields=known,
        handler=lambda: ModelRows(model, known, key, rows=rows, check=check, after=after, stays=stays),
        link=link,
        about=about,
        told=told,
    )


def kept_noun(
    keeping: Keeping[Any],
    plural: Words,
    profile: str,
    *,
    to: Capability,
    key: Sequence[str],
    fields: Sequence[str | Fact],
    place: Place,
    page: str = "",
    office_only: bool = True,
) -> Noun:
    """The noun of rows that the office keeps in a list, at its place, into which a whole list may be brought too.

    page         the URL name of the page of one, where each has one
    office_only  whether nobody else ever sees one
    """
    listed = list_of(
        keeping.model,
        profile,
        label=plural,
        to=to,
        key=key,
        fields=fields,
        page=page or place.url_name,
        check=keeping.check,
    )
    return Noun(
        keeping.model,
        plural=plural,
        page=page,
        office_only=office_only,
        actions=keeping.actions,
        places=[place],
        traits=[listed],
    )


def fields_of(model: type[Model], facts: Sequence[str | Fact | Field]) -> list[Field]:
    """What a row may say, of fields of a model and besides. Raises TypeError for one whose cells nobody can read."""
    return [one if isinstance(one, Field) else _field(model, one) for one in facts]


def _field(model: type[Model], fact: str | Fact) -> Field:
    fact = Fact(fact) if isinstance(fact, str) else fact
    field: Any = model._meta.get_field(fact.name)
    if field.is_relation and fact.names is None and fact.parse is None:
        raise TypeError(f"Nothing tells which rows {model._meta.label}.{fact.name} may name.")
    needed = not (field.blank or field.null or field.has_default())
    return Field(
        key=fact.name,
        label=fact.label or capfirst(field.verbose_name),
        help=fact.help or field.help_text,
        parse=fact.parse or _parser(field),
        synonyms=fact.synonyms,
        required=needed if fact.required is None else fact.required,
        lines=isinstance(field, models.TextField),
        choices=(lambda: dict(field.flatchoices)) if field.choices else None,
        spellings=fact.spellings or {},
        otherwise=fact.otherwise,
        names=fact.names,
        tells=fact.tells,
        strict=fact.strict,
        words=fact.words,
    )


def _parser(field: Any) -> Parser:
    """How cells of a field are read."""
    if isinstance(field, models.IntegerField) and field.name.endswith("_cents"):
        return parsing.cents
    found = next((parser for kind, parser in _PARSERS if isinstance(field, kind)), None)
    return found or parsing.text(field.max_length or 300)
