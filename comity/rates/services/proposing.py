"""A rate is proposed by one person and approved by another; from then on it stands."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.billing.plans import is_dearer, plan_of
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.notifications.services import notify, settle
from comity.people.models import User
from comity.rates import capabilities
from comity.rates.models import Driver, RateVersion, RateVersionQuerySet
from comity.rates.periods import closed_until
from comity.rates.services import derivation
from comity.services.models import Offering
from comity.ui.components.days import day

PROPOSE, CHANGE = "rates.propose", "rates.change"
WITHDRAW, RESTORE = "rates.withdraw", "rates.restore"
APPROVE, END = "rates.approve", "rates.end"
TO_APPROVE = "rates.to_approve"  # the kind of notice
NOTICE_DAYS = 30  # before an increase holds, it is announced
ONE_DAY = timedelta(days=1)
SHARED = RateVersion.Basis.SHARED


def propose(values: Values, *, by: User) -> RateVersion:
    """Propose a rate, and tell those who may approve it. Raises DomainError."""
    rate = create(RateVersion, {**values, "proposed_by": by}, by=by, action=PROPOSE, check=check_rate)
    able, url = User.objects.who_can(capabilities.APPROVE), rate.get_absolute_url()
    notify(able, kind=TO_APPROVE, text=partial(_asked, rate), url=url, about=rate, but_not=by)
    return rate


def _asked(rate: RateVersion) -> str:
    said = {"offering": rate.offering, "day": day(rate.starts_on)}
    return _("A rate of %(offering)s from %(day)s on waits to be approved") % said


def change_proposal(rate_id: int, values: Values, *, by: User, seen: Values | None = None) -> RateVersion:
    """Change a proposal; whoever does, proposes it from then on. Raises ConflictError, DomainError."""

    def check(rate: RateVersion) -> None:
        rate.proposed_by = by
        check_rate(rate)

    rows = RateVersion.objects.proposed()
    return change(rows, rate_id, values, by=by, action=CHANGE, seen=seen, check=check).row


def withdraw(rate_id: int, *, by: User) -> RateVersion:
    """Take a proposal back. Raises DomainError."""
    values = {"withdrawn_at": timezone.now()}
    rate = change(RateVersion.objects.proposed(), rate_id, values, by=by, action=WITHDRAW).row
    settle(rate, kind=TO_APPROVE)
    return rate


def restore(rate_id: int, *, by: User) -> RateVersion:
    """Propose again what was withdrawn. Raises DomainError."""
    rows = RateVersion.objects.filter(withdrawn_at__isnull=False)
    return change(rows, rate_id, {"withdrawn_at": None}, by=by, action=RESTORE, check=check_rate).row


@transaction.atomic
def approve(rate_id: int, *, version: int, by: User) -> RateVersion:
    """Let a proposal hold from its first day on, and end the rate before it the day before; it never changes again.

    version  of the proposal, as this person saw it

    Raises DomainError for one's own proposal, one that changed meanwhile, or one that would not be right.
    """
    rows = RateVersion.objects.proposed()
    found = rows.filter(pk=rate_id).first()
    if found is None:
        raise DomainError(_("This proposal is no longer open."))
    # One approval at a time for an offering, so that two do not pass each other.
    Offering.objects.select_for_update().get(pk=found.offering_id)
    found.refresh_from_db()
    if found.proposed_by_id == by.pk:
        raise DomainError(_("You proposed this rate, so somebody else has to approve it."))
    if found.version != version:
        raise DomainError(_("This proposal has changed since you opened it. Read it again."))
    if ended := _alike(found).filter(ends_on=None, starts_on__lt=found.starts_on).first():
        end = {"ends_on": found.starts_on - ONE_DAY}
        change(RateVersion.objects.approved(), ended.pk, end, by=by, action=END)
    values = {"approved_by": by, "approved_at": timezone.now(), "derivation": derivation.of(found)}
    settle(found, kind=TO_APPROVE)
    return change(rows, rate_id, values, by=by, action=APPROVE, check=check_rate).row


def check_rate(rate: RateVersion) -> None:
    """Tidied and right. Raises DomainError."""
    rate.why = rate.why.strip()
    if rate.basis == SHARED:
        _check_shared(rate)
    else:
        rate.annual_cents, rate.driver = None, ""
        plan_of(rate.plan)
    _check_days(rate)
    _check_overlap(rate)


def _check_shared(rate: RateVersion) -> None:
    rate.plan = None
    if not rate.annual_cents or rate.annual_cents < 0:
        raise DomainError(_("An amount to be split is more than zero."), "annual_cents")
    if rate.driver not in Driver.values:
        raise DomainError(_("Say what the amount is split by."), "driver")
    if rate.customer_class_id:
        raise DomainError(_("An amount that is split is for everybody."), "customer_class")


def _check_days(rate: RateVersion) -> None:
    closed = closed_until(None if rate.basis == SHARED else rate.offering_id)
    if closed and rate.starts_on <= closed:
        words = _("Bills are issued until %(day)s. A rate can begin after that.")
        raise DomainError(words % {"day": day(closed)}, "starts_on")
    if rate.ends_on and rate.ends_on < rate.starts_on:
        raise DomainError(_("It ends before it begins."), "ends_on")
    by_month = rate.basis == SHARED or not plan_of(rate.plan).is_one_price
    if rate.starts_on.day != 1 and by_month:
        raise DomainError(_("A rate that goes by the month begins on the first."), "starts_on")
    if rate.basis == SHARED and rate.ends_on and (rate.ends_on + ONE_DAY).day != 1:
        raise DomainError(_("An amount that is split ends with a month."), "ends_on")


def _check_overlap(rate: RateVersion) -> None:
    """No approved rate of the same offering and class holds on a day of this one, but for one that this one ends."""
    others = _alike(rate).between(rate.starts_on, rate.ends_on or date.max)
    other = others.exclude(ends_on=None, starts_on__lt=rate.starts_on).order_by("starts_on").first()
    if other is None:
        return
    words = _("A rate holds until %(last)s already. Let this one begin after that.")
    if other.starts_on > rate.starts_on:
        words = _("Another rate holds from %(first)s on. Let this one end before.")
    elif other.ends_on is None:
        words = _("A rate holds from %(first)s on already. One that follows it begins later.")
    raise DomainError(words % {"first": day(other.starts_on), "last": day(other.ends_on)}, "starts_on")


def _alike(rate: RateVersion) -> RateVersionQuerySet:
    same = {"offering": rate.offering_id, "customer_class": rate.customer_class_id}
    return RateVersion.objects.approved().filter(**same).exclude(pk=rate.pk)


def rate_before(rate: RateVersion) -> RateVersion | None:
    """What held the day before for those it is for: the rate of their class, else the one for everybody."""
    held = RateVersion.objects.on(rate.starts_on - ONE_DAY).filter(offering=rate.offering_id)
    whose = Q(customer_class=None) | Q(customer_class=rate.customer_class_id)
    return held.filter(whose).exclude(pk=rate.pk).order_by(F("customer_class").asc(nulls_last=True)).first()


def is_increase(rate: RateVersion, before: RateVersion | None) -> bool:
    """Whether some usage may cost more than before; of shared amounts, whether the year does."""
    return before is not None and (before.basis != rate.basis or is_dearer(rate.terms, before.terms))


def short_notice(rate: RateVersion) -> str:
    """What is to be said of an increase that is announced late; "" if there is nothing."""
    told, by = rate.announced_on, rate.starts_on - timedelta(days=NOTICE_DAYS)
    if (told and told <= by) or not is_increase(rate, rate_before(rate)):
        return ""
    words = _("This is an increase, and it is not announced. Announce it by %(by)s.")
    if told:
        words = _("This is an increase, announced on %(told)s. It should be announced by %(by)s.")
    return words % {"by": day(by), "told": day(told)}
