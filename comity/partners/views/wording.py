"""How the facts of a partner and a person read, for the page on which two versions stand side by side."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.office.models import VisitTier
from comity.partners.forms.partners import DollarsField
from comity.partners.models import Partner, Person
from comity.partners.services.values import PARTNER_FACTS, PERSON_FACTS
from comity.partners.views.saving import Editing


def editing_partner(partner: Partner) -> Editing:
    """A partner being edited."""
    labels = {name: _label(Partner, name) for name in PARTNER_FACTS}
    labels |= {"aliases": _("Other names"), "domains": _("Internet domains")}
    return Editing(f"partner:{partner.pk}", labels, partner_words)


def editing_person(person: Person) -> Editing:
    """A person being edited."""
    labels = {name: _label(Person, name) for name in PERSON_FACTS}
    return Editing(f"person:{person.pk}", labels, person_words)


def partner_words(name: str, value: Any) -> str:
    """One fact of a partner, as a person reads it."""
    if value in (None, "", []):
        return pgettext("no value", "nothing")
    if name == "parent":
        return _name_of(Partner, value)
    if name == "tier":
        return _name_of(VisitTier, value)
    if name == "kind":
        return str(Partner.Kind(value).label)
    if name == "status":
        return str(Partner.Status(value).label)
    if name == "budget_cents":
        return f"${DollarsField().prepare_value(value)}"
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def person_words(name: str, value: Any) -> str:
    """One fact of a person, as a person reads it."""
    if value in (None, ""):
        return pgettext("no value", "nothing")
    return str(dict(settings.LANGUAGES).get(value, value)) if name == "language" else str(value)


def _label(model: Any, name: str) -> str:
    return str(capfirst(model._meta.get_field(name).verbose_name))


def _name_of(model: Any, pk: Any) -> str:
    row = model.objects.filter(pk=pk).first()
    return str(row) if row else str(pk)
