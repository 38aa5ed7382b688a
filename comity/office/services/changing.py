"""Changing the office's settings; two who do so at once do not undo each other's work unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ManyToOneRel
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.core.places import BY_FIPS
from comity.office.memory import forget
from comity.office.models import Closure, Office, VisitTier
from comity.people.models import User
from comity.people.pictures import emblem

UPDATE_OFFICE = "office.update"
SET_LOGO = "office.set_logo"
ADD_CLOSURE = "office.add_closure"
REMOVE_CLOSURE = "office.remove_closure"
SAVE_TIER = "office.save_tier"
REMOVE_TIER = "office.remove_tier"


@dataclass(frozen=True)
class Clash:
    """One setting that two people changed at once."""

    name: str
    yours: Any
    theirs: Any
    original: Any


class ClashError(DomainError):
    """Someone else changed the same settings meanwhile; nothing was saved."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__(
            _("Someone else changed the same settings meanwhile. Nothing of yours is saved yet.")
        )
        self.clashes = clashes


@transaction.atomic
def update_office(*, by: User | str, original: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Change settings of the office.

    original  the values as whoever asks has seen them
    wanted    the values as they should be

    What someone else changed meanwhile stays unless it is changed here as well; then ClashError is raised with yours,
    theirs and the original, and nothing is saved.
    """
    office = locked_office()
    changed = {name: value for name, value in wanted.items() if value != original[name]}
    clashes = [
        Clash(name, value, getattr(office, name), original[name])
        for name, value in changed.items()
        if getattr(office, name) not in (original[name], value)
    ]
    if clashes:
        raise ClashError(clashes)
    before = {
        name: getattr(office, name) for name, value in changed.items() if getattr(office, name) != value
    }
    if not before:
        return
    for name in before:
        setattr(office, name, changed[name])
    if "state_fips" in before:
        _follow_state(office)
    office.save()
    forget()
    audit.record(
        by=by,
        action=UPDATE_OFFICE,
        target=office,
        before=before,
        after={name: changed[name] for name in before},
    )


def locked_office() -> Office:
    """The office's row, made if there is none yet, kept from others until the transaction ends."""
    Office.objects.get_or_create(pk=1)
    return Office.objects.select_for_update().get(pk=1)


def _follow_state(office: Office) -> None:
    """The state's name and its public holidays go with its FIPS code."""
    state = BY_FIPS.get(office.state_fips)
    office.state_name = state.name if state else office.state_name
    office.state_holidays = state.code if state else office.state_holidays


@transaction.atomic
def set_logo(*, by: User, logo: UploadedFile[bytes] | None) -> None:
    """Show this logo, or with None the product's own sign. Raises DomainError for what is no picture."""
    office = locked_office()
    old = office.logo.name
    office.logo = emblem(logo) if logo is not None else ""
    office.save(update_fields=["logo"])
    forget()
    if old:
        storage = office.logo.storage
        transaction.on_commit(lambda: storage.delete(old))
    audit.record(
        by=by, action=SET_LOGO, target=office, before={"logo": bool(old)}, after={"logo": bool(office.logo)}
    )


@transaction.atomic
def add_closure(*, by: User, day: date, name: str) -> Closure:
    """Write down a day on which the office is closed; due days promised before stay as they are."""
    if Closure.objects.filter(day=day).exists():
        raise DomainError(_("The office is already closed that day."))
    closure = Closure.objects.create(day=day, name=name)
    forget()
    audit.record(by=by, action=ADD_CLOSURE, target=closure, after={"day": str(day), "name": name})
    return closure


@transaction.atomic
def remove_closure(closure: Closure, *, by: User) -> None:
    """The office is open that day after all."""
    audit.record(
        by=by, action=REMOVE_CLOSURE, target=closure, before={"day": str(closure.day), "name": closure.name}
    )
    closure.delete()
    forget()


@transaction.atomic
def save_tier(*, by: User, tier: VisitTier | None, name: str, every_days: int) -> VisitTier:
    """Add a tier, or change one. Raises DomainError for a name that another tier has."""
    before = {"name": tier.name, "every_days": tier.every_days} if tier else None
    tier = tier or VisitTier(order=VisitTier.objects.count())
    tier.name, tier.every_days = name, every_days
    try:
        with transaction.atomic():
            tier.save()
    except IntegrityError:
        raise DomainError(_("There is a tier of this name already.")) from None
    after = {"name": name, "every_days": every_days}
    if after != before:
        audit.record(by=by, action=SAVE_TIER, target=tier, before=before, after=after)
    return tier


@transaction.atomic
def remove_tier(tier: VisitTier, *, by: User) -> None:
    """Take a tier away. Raises DomainError while anyone is in it."""
    if _is_used(tier):
        raise DomainError(_("“%(name)s” is still in use; move those in it first.") % {"name": tier.name})
    before = {"name": tier.name, "every_days": tier.every_days}
    audit.record(by=by, action=REMOVE_TIER, target=tier, before=before)
    tier.delete()


def _is_used(tier: VisitTier) -> bool:
    """Whether any row of any room above points here; the rooms are not known by name."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: tier}).exists()
        for relation in VisitTier._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel)
    )
