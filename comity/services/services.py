"""Entering, changing and retiring services and their offerings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.keeping import Keeping
from comity.editing.values import Values
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import CostCenter, CustomerClass, Fund, Offering, Service

ADD, CHANGE, RETIRE = "services.add", "services.change", "services.retire"
ADD_OFFERING, CHANGE_OFFERING = "services.add_offering", "services.change_offering"
RETIRE_OFFERING = "services.retire_offering"
HEARD = "service"  # the kind of follow-up


def add_service(values: Values, *, by: User) -> Service:
    """Add a service. Raises DomainError."""
    return create(Service, values, by=by, action=ADD, check=check_service)


def change_service(service_id: int, values: Values, *, by: User, seen: Values | None = None) -> Service:
    """Change a service. Raises ConflictError, DomainError."""
    rows = Service.objects.all()
    return change(rows, service_id, values, by=by, action=CHANGE, seen=seen, check=check_service).row


@transaction.atomic
def retire_service(service_id: int, *, by: User) -> Service:
    """It can no longer be had, and everything about it stays. Raises DomainError while an offering of it stands."""
    if offering := Offering.objects.standing().filter(service=service_id).first():
        raise DomainError(_("“%(name)s” is still offered. Retire it first.") % {"name": offering})
    values = {"status": Service.Status.RETIRED}
    return change(Service.objects.standing(), service_id, values, by=by, action=RETIRE).row


def add_offering(values: Values, *, by: User) -> Offering:
    """Add an offering. Raises DomainError."""
    return create(Offering, values, by=by, action=ADD_OFFERING, check=check_offering)


def change_offering(offering_id: int, values: Values, *, by: User, seen: Values | None = None) -> Offering:
    """Change an offering. Raises ConflictError, DomainError."""
    rows = Offering.objects.all()
    changed = change(
        rows, offering_id, values, by=by, action=CHANGE_OFFERING, seen=seen, check=check_offering
    )
    return changed.row


def retire_offering(offering_id: int, *, by: User) -> Offering:
    """From today on it can no longer be had; what was used of it stays. Raises DomainError."""
    values = {"retired_on": today()}
    return change(Offering.objects.standing(), offering_id, values, by=by, action=RETIRE_OFFERING).row


def check_kept(row: Any) -> None:
    """Tidied."""
    for name in ("code", "name"):
        if hasattr(row, name):
            setattr(row, name, " ".join(getattr(row, name).split()))


FUNDS = Keeping(Fund, gettext_lazy("a fund"), check_kept)
COST_CENTERS = Keeping(CostCenter, gettext_lazy("a cost center"), check_kept)
CLASSES = Keeping(CustomerClass, gettext_lazy("a customer class"), check_kept)


def hear(service: Service, *, partner: Partner | None, title: str, said: str, by: User) -> FollowUp:
    """Write down what was heard of a service; its owner answers for it. Raises DomainError."""
    return raise_follow_up(
        kind=HEARD,
        partner=partner,
        title=title,
        said=said,
        by=by,
        owner=service.owner if service.owner.is_active else None,
        source_id=str(service.pk),
        source_label=str(service),
    )


@transaction.atomic
def hand_over(from_user: User, to_user: User, by: User) -> int:
    """Let somebody else own all that one person owned; how many services."""
    owned = list(Service.objects.owned_by(from_user))
    for service in owned:
        change_service(service.pk, {"owner": to_user}, by=by)
    return len(owned)


def check_service(service: Service) -> None:
    """Tidied and right. Raises DomainError."""
    service.name, service.promise = " ".join(service.name.split()), " ".join(service.promise.split())
    if not service.owner.is_office:
        raise DomainError(_("Only someone in our office can own a service."), "owner")


def check_offering(offering: Offering) -> None:
    """Tidied and right. Raises DomainError."""
    offering.name, offering.code = " ".join(offering.name.split()), offering.code.strip()
    offering.kinds = sorted(set(offering.kinds))
    if unknown := set(offering.kinds) - set(Partner.Kind.values):
        raise DomainError(_("There is no kind “%(kind)s”.") % {"kind": min(unknown)[:40]}, "kinds")
    if offering._state.adding and offering.service.is_retired:
        raise DomainError(_("%(name)s is retired.") % {"name": offering.service}, "service")
