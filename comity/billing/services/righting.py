"""What is wrong on an issued line: disputed by its partner, and put right by an amount that comes onto the next bill.

A dispute is raised into the ring and decided there; an adjustment is proposed by one and approved by another. And what
the office says of billing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.billing.capabilities import APPROVE
from comity.billing.models import Adjustment, Bill, Dispute, Line, Terms
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.files.services import attach
from comity.followups.services import finish, raise_follow_up
from comity.notifications.services import notify, settle
from comity.office.services import current_office, today
from comity.partners.models import Assignment
from comity.people.models import User
from comity.ui.components.days import day, month
from comity.ui.money import money, signed

RAISE, UPHOLD, EXPLAIN = "billing.dispute", "billing.uphold", "billing.explain"
DISPUTE = "dispute"  # of follow-up; its source is the line
PROPOSED, APPROVED, DECLINED = "billing.adjust", "billing.approve_adjustment", "billing.decline_adjustment"
SET_TERMS = "billing.set_terms"
TO_APPROVE = "billing.adjustment_to_approve"  # the kind of notice


@transaction.atomic
def dispute(
    line: Line, *, cents: int, reason: str, by: User, evidence: UploadedFile[Any] | None = None
) -> Dispute:
    """Dispute some or all of a line; the owner of its service answers for it.

    cents  how much of the line, as a positive amount, also of a credit

    Raises DomainError after the deadline, while the line is in dispute, and for more than the line.
    """
    line = (
        Line.objects.select_for_update(of=("self",))
        .select_related("bill__partner", "bill__run__period", "offering__service__owner")
        .get(pk=line.pk)
    )
    if refusal := why_not(line):
        raise DomainError(refusal)
    if not 0 < cents <= abs(line.cents):
        most = money(abs(line.cents))
        raise DomainError(_("The line is %(most)s. Dispute that much or less.") % {"most": most}, "cents")
    if not (reason := reason.strip()):
        raise DomainError(_("Say what is wrong with the line."), "reason")
    owner = line.offering.service.owner
    with translation.override(settings.LANGUAGE_CODE):  # it is the office that reads it
        said = {"name": line.offering.service, "month": month(line.month), "amount": money(cents)}
        follow_up = raise_follow_up(
            kind=DISPUTE,
            partner=line.bill.partner,
            title=_("%(amount)s of %(name)s in %(month)s is disputed") % said,
            said=reason,
            by=by,
            raised_by=by,
            owner=owner if owner.is_active else None,
            source_id=str(line.pk),
            source_label=f"{line.bill}, {line.offering.full_name}",
        )
    made = Dispute.objects.create(line=line, cents=cents, reason=reason, follow_up=follow_up, raised_by=by)
    _record(RAISE, made, by, cents=cents, reason=reason)
    if evidence is not None:
        attach(follow_up, evidence, by=by)
    return made


def why_not(line: Line) -> str:
    """Why a line cannot be disputed now, as a sentence for its partner; "" where it can."""
    bill = line.bill
    if bill.issued_at is None:
        return _("This bill is not issued yet.")
    if not line.cents:
        return _("Nothing is charged on this line.")
    if bill.dispute_until is None or bill.dispute_until < today():
        return whom_to_call(bill)
    if line.disputes.open().exists():
        return _("This line is in dispute already.")
    return ""


def whom_to_call(bill: Bill) -> str:
    """After the deadline: whom to call, by name if somebody looks after the partner, else the office."""
    leads = Assignment.objects.on(today()).filter(partner=bill.partner_id, role=Assignment.Role.LEAD)
    lead = leads.select_related("user").first()
    called = lead.user if lead else current_office()
    who = ", ".join(filter(None, (str(called), called.phone, called.email)))
    sentence = _("This bill could be disputed until %(day)s. Call %(who)s about it.")
    return sentence % {"day": day(bill.dispute_until), "who": who}


@transaction.atomic
def decide(dispute: Dispute, *, outcome: str, words: str, by: User, cents: int | None = None) -> Dispute:
    """They are right, or the line is: the words say why, and are kept beside it for the next reader.

    cents  how much is put right on the next bill where it is upheld: all that is in dispute, unless given

    Raises DomainError.
    """
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("line__bill", "adjustment")
    found = rows.get(pk=dispute.pk)
    if not found.follow_up.is_pending:
        if found.decided_by is None:
            raise DomainError(_("They withdrew this dispute."))
        raise DomainError(_("%(name)s has already decided this.") % {"name": found.decided_by})
    found.outcome, found.words = outcome, words.strip()
    found.decided_by, found.decided_at = by, timezone.now()
    said: dict[str, Any] = {"words": found.words}
    if outcome == Dispute.Outcome.UPHELD:
        most = found.cents - abs(found.adjustment.cents if found.adjustment else 0)
        said["cents"] = most if cents is None else cents
        if not 0 < said["cents"] <= most:
            sentence = _("They dispute %(most)s. Put right that much or less.")
            raise DomainError(sentence % {"most": money(most)}, "cents")
        sign = -1 if found.line.cents > 0 else 1
        found.adjustment = adjust(found.line, sign * said["cents"], found.words, by=by)
    found.save(update_fields=["outcome", "words", "decided_by", "decided_at", "adjustment"])
    finish(found.follow_up_id, words=found.words, by=by, outcome=outcome)
    _record(UPHOLD if outcome == Dispute.Outcome.UPHELD else EXPLAIN, found, by, **said)
    return found


def _record(action: str, dispute: Dispute, by: User, **after: Any) -> None:
    partner_id = dispute.line.bill.partner_id
    audit.record(by=by, action=action, target=dispute, after=after, partner_id=partner_id)


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
    stands = held.cents + (held.adjustments.aggregate(cents=Sum("cents"))["cents"] or 0)
    if cents * stands < 0 and abs(cents) > abs(stands):
        raise DomainError(_("This is more than the line still charges."), "cents")
    values = {"line": held, "cents": cents, "why": why.strip(), "made_by": by}
    made = create(Adjustment, values, by=by, action=PROPOSED, partner_id=held.bill.partner_id)
    able, url = User.objects.who_can(APPROVE), reverse("billing:adjustments")
    notify(able, kind=TO_APPROVE, text=partial(_asked, made), url=url, about=made, but_not=by)
    return made


def _asked(adjustment: Adjustment) -> str:
    said = {"amount": signed(adjustment.cents), "bill": adjustment.line.bill}
    return _("An adjustment of %(amount)s to %(bill)s waits to be approved") % said


@transaction.atomic
def approve(adjustment_id: int, *, by: User) -> Adjustment:
    """Say that an adjustment is right: it comes onto the next bill. Raises DomainError for one's own."""
    found = _waiting(adjustment_id)
    if found.made_by_id == by.pk:
        raise DomainError(_("You proposed this, so somebody else has to approve it."))
    found.approved_by, found.approved_at = by, timezone.now()
    found.save(update_fields=["approved_by", "approved_at"])
    audit.record(by=by, action=APPROVED, target=found, partner_id=found.line.bill.partner_id)
    settle(found, kind=TO_APPROVE)
    return found


@transaction.atomic
def decline(adjustment_id: int, *, by: User) -> Line:
    """Say that an adjustment is wrong: it is gone. Raises DomainError for one by which a dispute ended."""
    found = _waiting(adjustment_id)
    if hasattr(found, "dispute"):
        raise DomainError(_("A dispute ended with this, so it stays."))
    line, before = found.line, {"cents": found.cents, "why": found.why}
    audit.record(by=by, action=DECLINED, target=found, before=before, partner_id=line.bill.partner_id)
    settle(found, kind=TO_APPROVE)
    found.delete()
    return line


def _waiting(adjustment_id: int) -> Adjustment:
    rows = Adjustment.objects.select_for_update(of=("self",)).select_related("line__bill", "line__offering")
    found: Adjustment | None = rows.filter(pk=adjustment_id, approved_at=None).first()
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
