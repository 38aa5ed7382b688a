"""A partner's word against a line: raised into the ring, and decided there, upheld or explained."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.billing.models import Bill, Dispute, Line
from comity.billing.services import adjusting
from comity.core.errors import DomainError
from comity.files.services import attach
from comity.followups.services import finish, raise_follow_up
from comity.office.services import current_office, today
from comity.partners.models import Assignment
from comity.people.models import User
from comity.ui.components.days import day, month
from comity.ui.money import money

RAISE, UPHOLD, EXPLAIN = "billing.dispute", "billing.uphold", "billing.explain"
KIND = "dispute"  # of follow-up; its source is the line


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
    if not reason.strip():
        raise DomainError(_("Say what is wrong with the line."), "reason")
    owner = line.offering.service.owner
    with translation.override(settings.LANGUAGE_CODE):  # it is the office that reads it
        said = {"name": line.offering.service, "month": month(line.month), "amount": money(cents)}
        follow_up = raise_follow_up(
            kind=KIND,
            partner=line.bill.partner,
            title=_("%(amount)s of %(name)s in %(month)s is disputed") % said,
            said=reason,
            by=by,
            raised_by=by,
            owner=owner if owner.is_active else None,
            source_id=str(line.pk),
            source_label=f"{line.bill}, {line.offering.service} ({line})",
        )
    made = Dispute.objects.create(
        line=line, cents=cents, reason=reason.strip(), follow_up=follow_up, raised_by=by
    )
    _record(RAISE, made, by, cents=cents, reason=made.reason)
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
    said = {"day": day(bill.dispute_until), "who": who}
    if bill.dispute_until is None:
        return _("Call %(who)s about this line.") % said
    return _("This bill could be disputed until %(day)s. Call %(who)s about it.") % said


@transaction.atomic
def decide(dispute: Dispute, *, outcome: str, words: str, by: User, cents: int | None = None) -> Dispute:
    """They are right, or the line is: the words say why, and are kept beside it for the next reader.

    cents  how much is put right on the next bill where it is upheld: all that is in dispute, unless given

    Raises DomainError.
    """
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("line__bill", "adjustment")
    found = rows.get(pk=dispute.pk)
    if not found.is_open:
        if found.decided_by is None:
            raise DomainError(_("They withdrew this dispute."))
        raise DomainError(_("%(name)s has already decided this.") % {"name": found.decided_by})
    if not words.strip():
        raise DomainError(_("Say why. They will read it."), "words")
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
        found.adjustment = adjusting.adjust(found.line, sign * said["cents"], found.words, by=by)
    found.save(update_fields=["outcome", "words", "decided_by", "decided_at", "adjustment"])
    finish(found.follow_up_id, words=found.words, by=by, outcome=outcome)
    _record(UPHOLD if outcome == Dispute.Outcome.UPHELD else EXPLAIN, found, by, **said)
    return found


def _record(action: str, dispute: Dispute, by: User, **after: Any) -> None:
    partner_id = dispute.line.bill.partner_id
    audit.record(by=by, action=action, target=dispute, after=after, partner_id=partner_id)
