"""Entering, changing and retiring services and their offerings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.keeping import Keeping
from comity.editing.values import Values, plain_values
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import (
    CostCenter,
    CustomerClass,
    DataClass,
    Edition,
    Fund,
    Offering,
    Service,
    Subject,
)

ADD, CHANGE, RETIRE = "services.add", "services.change", "services.retire"
PUBLISH, REVIEW = "services.publish", "services.review"
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
    values = {"status": Service.Status.RETIRED, "retired_on": today()}
    return change(Service.objects.standing(), service_id, values, by=by, action=RETIRE).row


@transaction.atomic
def publish(service_id: int, *, version: int, review_on: date, by: User) -> Service:
    """Say that the entry is right as it is, until its next review; where it has changed, partners read it from now on.

    version  of the draft, as this person read it

    Raises DomainError for a draft that has changed meanwhile, and for a review that is not to come.
    """

    def check(service: Service) -> None:
        if service.version != version:
            raise DomainError(_("This draft has changed since you opened it. Read it again."))
        if review_on <= today():
            raise DomainError(_("Choose a day to come for the next review."), "review_on")

    values = {"review_on": review_on, "reviewed_by": by, "reviewed_on": today()}
    service = change(Service.objects.standing(), service_id, values, by=by, action=REVIEW, check=check).row
    last, facts = service.editions.first(), facts_of(service)
    if last is None or last.facts != facts:
        number = last.number + 1 if last else 1
        now = timezone.now()
        Edition.objects.create(service=service, number=number, facts=facts, published_by=by, published_at=now)
        audit.record(by=by, action=PUBLISH, target=service, after={"number": number})
    return service


def facts_of(service: Service) -> Values:
    """What an edition of it would say now."""
    return plain_values(service, Service.PUBLISHED)


def days_of(service: Service) -> list[tuple[str, date]]:
    """Since when, and until when, it is offered: what each day is, and the day."""
    known = ((name, getattr(service, name)) for name in Service.DAYS)
    return [(label_of(name), day) for name, day in known if day]


def label_of(name: str) -> str:
    """What a fact of a service is called."""
    field: Any = Service._meta.get_field(name)
    return str(capfirst(field.verbose_name))


class Difference(NamedTuple):
    """What two editions say of one thing."""

    label: str
    was: str
    now: str


LISTS: Mapping[str, Any] = {"data_classes": DataClass, "needs": Service, "subjects": Subject}


def named(name: str, keys: Iterable[int]) -> list[Any]:
    """The rows that an entry names by their keys, in order; those that are gone are left out."""
    return list(LISTS[name]._default_manager.filter(pk__in=keys)) if keys else []


def differences(before: Values, after: Values) -> list[Difference]:
    """What differs between two editions, each as people read it."""

    def words(name: str, facts: Values) -> str:
        value = facts.get(name) or ""
        return value if isinstance(value, str) else ", ".join(map(str, named(name, value)))

    return [
        Difference(label_of(name), words(name, before), words(name, after))
        for name in Service.PUBLISHED
        if (before.get(name) or "") != (after.get(name) or "")
    ]


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


def refuse_chosen(row: Any) -> None:
    """Raises DomainError while an entry has chosen it."""
    field = next(name for name, model in LISTS.items() if isinstance(row, model))
    if any(row.pk in keys for keys in Service.objects.order_by().values_list(field, flat=True)):
        raise DomainError(_("“%(name)s” is still in use, so it stays.") % {"name": row})


FUNDS = Keeping(Fund, gettext_lazy("a fund"), check_kept)
COST_CENTERS = Keeping(CostCenter, gettext_lazy("a cost center"), check_kept)
CLASSES = Keeping(CustomerClass, gettext_lazy("a customer class"), check_kept)
DATA_CLASSES = Keeping(DataClass, gettext_lazy("a data class"), check_kept, check_drop=refuse_chosen)
SUBJECTS = Keeping(Subject, gettext_lazy("a subject"), check_kept, check_drop=refuse_chosen)


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
    for name in LISTS:
        setattr(service, name, sorted(set(getattr(service, name))))
    if service.pk and service.pk in (service.followed_by_id, *service.needs):
        raise DomainError(_("A service neither needs nor follows itself."), "needs")
    days = [(name, day) for name in Service.DAYS if (day := getattr(service, name))]
    for (_before, earlier), (name, later) in pairwise(days):
        if later < earlier:
            raise DomainError(_("This day is before the one above it."), name)


def check_offering(offering: Offering) -> None:
    """Tidied and right. Raises DomainError."""
    offering.name, offering.code = " ".join(offering.name.split()), offering.code.strip()
    offering.kinds = sorted(set(offering.kinds))
    if unknown := set(offering.kinds) - set(Partner.Kind.values):
        raise DomainError(_("There is no kind “%(kind)s”.") % {"kind": min(unknown)[:40]}, "kinds")
    if offering._state.adding and offering.service.is_retired:
        raise DomainError(_("%(name)s is retired.") % {"name": offering.service}, "service")
