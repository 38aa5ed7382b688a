"""Putting right what was issued: an amount that one proposes and another approves comes onto the next bill.

And what the office says of billing.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.billing.models import Adjustment, Line, Terms
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.people.models import User

PROPOSED, APPROVED, DECLINED = "billing.adjust", "billing.approve_adjustment", "billing.decline_adjustment"
SET_TERMS = "billing.set_terms"


@transaction.atomic
def adjust(line: Line, cents: int, why: str, *, by: User) -> Adjustment:
    """Propose an amount by which an issued line is put right; below zero, it is a credit.

    Raises DomainError without a reason or an amount, for a line that is not issued, and for a credit of more than it charges.
    """
    held = Line.objects.select_for_update(of=("self",)).select_related("bill").get(pk=line.pk)
    if held.bill.issued_at is None:
        raise DomainError(_("This bill is not issued yet. Run it again, and it comes out right."))
    if not cents:
        raise DomainError(_("Say by how much the line is wrong."), "cents")
    if not why.strip():
        raise DomainError(_("Say why. The reason stands on the bill."), "why")
    stands = held.cents + (held.adjustments.aggregate(cents=Sum("cents"))["cents"] or 0)
    if cents * stands < 0 and abs(cents) > abs(stands):
        raise DomainError(_("This is more than the line still charges."), "cents")
    values = {"line": held, "cents": cents, "why": why.strip(), "made_by": by}
    return create(Adjustment, values, by=by, action=PROPOSED, partner_id=held.bill.partner_id)


@transaction.atomic
def approve(adjustment_id: int, *, by: User) -> Adjustment:
    """Say that an adjustment is right: it comes onto the next bill. Raises DomainError for one's own."""
    found = _waiting(adjustment_id)
    if found.made_by_id == by.pk:
        raise DomainError(_("You proposed this, so somebody else has to approve it."))
    found.approved_by, found.approved_at = by, timezone.now()
    found.save(update_fields=["approved_by", "approved_at"])
    audit.record(by=by, action=APPROVED, target=found, partner_id=found.line.bill.partner_id)
    return found


@transaction.atomic
def decline(adjustment_id: int, *, by: User) -> Line:
    """Say that an adjustment is wrong: it is gone. Raises DomainError for one by which a dispute ended."""
    found = _waiting(adjustment_id)
    if hasattr(found, "dispute"):
        raise DomainError(_("A dispute ended with this, so it stays."))
    line, before = found.line, {"cents": found.cents, "why": found.why}
    audit.record(by=by, action=DECLINED, target=found, before=before, partner_id=line.bill.partner_id)
    found.delete()
    return line


def _waiting(adjustment_id: int) -> Adjustment:
    rows = Adjustment.objects.select_for_update(of=("self",)).select_related("line__bill", "line__offering")
    found = rows.filter(pk=adjustment_id, approved_at=None).first()
    if found is None:
        raise DomainError(_("This is no longer waiting to be approved."))
    return found


@transaction.atomic
def set_terms(values: Values, *, by: User, seen: Values | None = None) -> Terms:
    """Say what holds for billing from now on. Raises ConflictError, DomainError."""
    Terms.objects.get_or_create(pk=1)
    return change(Terms.objects.all(), 1, values, by=by, action=SET_TERMS, seen=seen, check=_check_terms).row


def _check_terms(terms: Terms) -> None:
    for name in ("due_days", "dispute_days"):
        if not 1 <= getattr(terms, name) <= 365:
            raise DomainError(_("Give between 1 and 365 days."), name)
    if terms.moved_cents < 0:
        raise DomainError(_("Give an amount that is not below zero."), "moved_cents")
