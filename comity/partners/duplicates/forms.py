"""Why two may be one and what differs between them, in words; and choosing what the one that stays is to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundWidget
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comity.partners.duplicates.services import Subject
from comity.partners.forms.partners import dollars
from comity.partners.models import Partner
from comity.ui.widgets import Radios


def reasons_in_words(reasons: Sequence[Sequence[str]]) -> list[str]:
    """The reasons of a pair as short phrases, the strongest first."""
    words = {
        "spelling": _("same name, different spelling"),
        "core": _("same name except for the state and general words"),
        "alike": _("similar names"),
        "domain": _("both have the domain %(what)s"),
        "acronym": _("one is the acronym of the other"),
        "code": _("both go by the code %(what)s"),
        "place": _("both in %(what)s"),
        "places": _("but in different places"),
        "kinds": _("but of different kinds"),
        "email": _("both have the email %(what)s"),
        "same_name": _("same name at the same organization"),
        "alike_name": _("similar names at the same organization"),
        "emails": _("but with different email addresses"),
    }
    return [words[why] % {"what": what} for why, what in reasons]


@dataclass(frozen=True)
class Fact:
    """One line of the comparison."""

    name: str
    label: str
    one: str
    two: str

    @property
    def differs(self) -> bool:
        return self.one != self.two


def facts_of(subject: Subject, one: models.Model, two: models.Model) -> list[Fact]:
    """What either of them says, side by side."""
    facts = [Fact(name, _label(one, name), _shown(one, name), _shown(two, name)) for name in subject.facts]
    return [fact for fact in facts if fact.one or fact.two]


def _label(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def _shown(row: models.Model, name: str) -> str:
    value: Any = getattr(row, name)
    if value is None or value == "":
        return ""
    if name.endswith("_cents"):
        return dollars(value)
    if isinstance(value, int):
        return f"{value:,}"
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


class MergeForm(forms.Form):
    """Which of the two stays, and whose facts it keeps; chosen in the table that shows them side by side."""

    def __init__(self, facts: list[Fact], better: int, *args: Any, **kwargs: Any) -> None:
        """better  the one proposed to stay: 1 or 2"""
        super().__init__(*args, **kwargs)
        self.fields["stays"] = forms.ChoiceField(
            label=_("Which one stays?"),
            choices=[("1", _("The first")), ("2", _("The second"))],
            initial=str(better),
            widget=Radios,
        )
        self.every = facts
        self.facts = [fact for fact in facts if fact.differs]
        says_nothing = {"", str(Partner.Kind.UNKNOWN.label)}
        for fact in self.facts:
            full = [side for side, text in (("1", fact.one), ("2", fact.two)) if text not in says_nothing]
            self.fields[fact.name] = forms.ChoiceField(
                label=fact.label,
                choices=[("1", fact.one or _("nothing")), ("2", fact.two or _("nothing"))],
                initial=full[0] if len(full) == 1 else str(better),
                widget=Radios,
            )

    def lines(self) -> list[tuple[Fact, list[BoundWidget]]]:
        """Every fact with the choice between the two; with none where both say the same."""
        return [(fact, self[fact.name].subwidgets if fact.differs else []) for fact in self.every]

    def theirs(self) -> dict[str, bool]:
        """Facts that are taken from the one that does not stay."""
        stays = self.cleaned_data["stays"]
        return {fact.name: self.cleaned_data[fact.name] != stays for fact in self.facts}
