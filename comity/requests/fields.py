"""The fields of a request form: kept as JSON, read into these, and refused where they mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.ui.components.days import day
from comity.ui.money import quantity

MOST_CHOICES, MOST_STEPS, LONGEST, LONGEST_TEXT = 30, 12, 200, 4_000


class Kind(TextChoices):
    TEXT = "text", gettext_lazy("Text")
    LONG = "long", gettext_lazy("Long text")
    NUMBER = "number", gettext_lazy("Number")
    CHOICE = "choice", gettext_lazy("Choice")
    DATE = "date", gettext_lazy("Date")
    PLACE = "place", gettext_lazy("Place")
    PERSON = "person", gettext_lazy("Person")
    COST_CENTER = "cost_center", gettext_lazy("Cost center")
    FILE = "file", gettext_lazy("File")


def in_language(english: str, spanish: str) -> str:
    """The words in the reader's language; English where there is no Spanish."""
    return spanish if spanish and (get_language() or "").startswith("es") else english


@dataclass(frozen=True)
class Field:
    """One field.

    key      what answers keep it by; it never changes
    name     what the office's ITSM tool calls it; its key, unless given
    choices  pairs of English and Spanish; an answer keeps the place of one, "1" the first
    least, most  of a number; of a text how many characters
    past     of a date: whether it may be over
    shown    on what it depends: the key of an earlier field, a colon, and the choice it has to be, if not any
    """

    key: str
    kind: str
    en: str
    es: str = ""
    hint_en: str = ""
    hint_es: str = ""
    name: str = ""
    required: bool = False
    choices: list[list[str]] = field(default_factory=list)
    least: str = ""
    most: str = ""
    past: bool = False
    shown: str = ""

    @property
    def label(self) -> str:
        return in_language(self.en, self.es)

    @property
    def hint(self) -> str:
        return in_language(self.hint_en, self.hint_es)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Each choice by its place."""
        return [(str(place), in_language(*each)) for place, each in enumerate(self.choices, 1)]

    @property
    def waits_for(self) -> tuple[str, str]:
        """The key of the field it depends on and the choice it has to be; "" for none, and for any."""
        key, _colon, value = self.shown.partition(":")
        return key, value

    def words(self, answer: Any) -> str:
        """An answer as people read it; of a row that was picked its key is kept, and what it was called."""
        if isinstance(answer, Mapping):
            return str(answer["words"])
        if self.kind == Kind.CHOICE:
            return dict(self.options).get(answer, "")
        if self.kind == Kind.DATE:
            return day(date.fromisoformat(answer))
        return quantity(Decimal(answer)) if self.kind == Kind.NUMBER else str(answer)


def plain(one: Field) -> dict[str, Any]:
    """A field as JSON; what it does not have is not said."""
    return {name: value for name, value in asdict(one).items() if value}


def read_fields(rows: Iterable[Mapping[str, Any]]) -> list[Field]:
    """The fields that `plain` wrote. Raises DomainError for what is no form."""
    try:
        return [Field(**row) for row in rows]
    except TypeError:
        raise DomainError(_("This is not a form.")) from None


def conditions(earlier: Iterable[Field]) -> dict[str, str]:
    """On what a later field may depend, as `Field.shown` keeps it, in words."""
    found = {"": _("Always")}
    for each in earlier:
        found[f"{each.key}:"] = _("If “%(field)s” is filled in") % {"field": each.label}
        for value, words in each.options:
            said = {"field": each.label, "value": words}
            found[f"{each.key}:{value}"] = _("If “%(field)s” is “%(value)s”") % said
    return found


def check(said: Sequence[Field]) -> None:
    """Raises DomainError for fields that cannot stand in one form in this order."""
    labels = {each.key: each.en for each in said}
    for place, each in enumerate(said):
        if each.kind not in Kind.values or not each.en.strip() or len(labels) < len(said):
            raise DomainError(_("Every field has a kind and a label in English."), "en")
        if each.least and each.most and Decimal(each.least) > Decimal(each.most):
            raise DomainError(_("The lower limit is above the upper one."), "most")
        if each.kind == Kind.CHOICE and not 2 <= len(each.choices) <= MOST_CHOICES:
            most = {"most": MOST_CHOICES}
            raise DomainError(_("Write at least two choices, and at most %(most)s.") % most, "choices")
        if each.shown not in conditions(said[:place]):
            names = {"field": each.en, "other": labels.get(each.waits_for[0], "?")}
            if each.shown in conditions(said):
                sentence = _("“%(field)s” depends on “%(other)s”, so it has to come after it.")
            else:
                sentence = _("“%(field)s” depends on an answer that is no longer there: “%(other)s”.")
            raise DomainError(sentence % names, "shown")


def shown(said: Iterable[Field], answers: Mapping[str, Any]) -> list[Field]:
    """Those that are asked as things stand: one that is not asked has no answer on which another could depend."""
    given: dict[str, Any] = {"": True}
    found = []
    for each in said:
        key, value = each.waits_for
        if given.get(key) and value in ("", given[key]):
            found.append(each)
            given[each.key] = answers.get(each.key)
    return found
