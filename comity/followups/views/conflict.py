"""Two people on one follow-up: what the other did, and each field as yours, theirs, and as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comity.followups.models import Severity
from comity.followups.services import ConflictError
from comity.partners.models import Partner
from comity.ui.components.days import day


@dataclass(frozen=True)
class Difference:
    """One field on which two people disagree."""

    label: str
    yours: str
    theirs: str
    original: str


@dataclass(frozen=True)
class Conflict:
    since: list[Any]
    differences: list[Difference]


def conflict_of(error: ConflictError, form: forms.Form) -> Conflict:
    """What happened meanwhile, and the fields of this form that somebody changed."""
    originals = error.originals()
    differences = []
    for name, bound_field in form.fields.items():
        attribute = "partner_id" if name == "partner" else name
        if attribute not in originals:
            continue
        differences.append(
            Difference(
                label=str(bound_field.label or name),
                yours=_shown(attribute, form.cleaned_data.get(name)),
                theirs=_shown(attribute, getattr(error.follow_up, attribute)),
                original=_shown(attribute, originals[attribute]),
            )
        )
    return Conflict(error.since, differences)


def _shown(name: str, value: Any) -> str:
    """A value of a field as people read it."""
    if isinstance(value, Partner):
        return str(value)
    if name == "partner_id":
        found = Partner.objects.filter(pk=value).first() if value else None
        return str(found) if found else _("Our office as a whole")
    if name == "severity":
        return str(Severity(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value and name.endswith("_on"):
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    return str(value or "")
