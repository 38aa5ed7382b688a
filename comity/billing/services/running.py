"""A month's bills, run, approved by somebody else, and issued; docs/decisions/bill-runs.md says why it goes in these steps.

A run that is being made is seen by nobody. It takes the place of the draft before it in one short transaction, so wherever a
process is killed there is the old draft or the new one, never a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity import jobs
from comity.audit import services as audit
from comity.billing.capabilities import APPROVE
from comity.billing.models import Bill, Line, Run, Terms
from comity.billing.services.reckoning import inputs_of, reckon
from comity.core.errors import DomainError
from comity.imports.setwise import chunks
from comity.jobs import queue
from comity.jobs.models import Work
from comity.jobs.progress import Watched
from comity.notifications.models import Notice
from comity.notifications.services import notify, settle
from comity.office.services import today
from comity.partners.models import Membership
from comity.people.models import User
from comity.people.roles import Role
from comity.rates.models import DriverSnapshot
from comity.ui.components.days import month
from comity.ui.money import money
from comity.usage.models import Period

MAKE_WORK, TELL_WORK = "billing.make", "billing.tell"
RAN, APPROVED, ISSUED, DROPPED = "billing.run", "billing.approve", "billing.issue", "billing.drop"
CHUNK = 2_000  # lines of one transaction: about a fifth of a second
BILL_ISSUED = "billing.issue_bill"
BILL_IS_THERE, TO_APPROVE = "billing.issued", "billing.to_approve"  # kinds of notice
INPUTS = {
    "usage": _l("the usage"),
    "rates": _l("the rates"),
    "classes": _l("the customer classes"),
    "shares": _l("shared amounts or their driver figures"),
    "adjustments": _l("the adjustments"),
    "code": _l("Comity’s version"),
}


def run(period: Period, *, by: User, here: bool = False) -> Run:
    """Begin to make the bills of a month, in the background or here and now. Raises DomainError where it cannot be begun."""
    made = _begin(period, by, here=here)
    if here and made.work:
        with queue.here(made.work) as progress:
            make(progress, run_id=made.pk)
        made.refresh_from_db()
    return made


@transaction.atomic
def _begin(period: Period, by: User, *, here: bool) -> Run:
    held = Period.objects.select_for_update().get(pk=period.pk)
    refuse_to_run(held)
    for left in held.runs.filter(state=Run.State.RUNNING):
        if left.work and left.work.state in {Work.State.WAITING, Work.State.RUNNING}:
            said = {"who": left.run_by, "month": month(held.first_on)}
            raise DomainError(_("%(who)s is running the bills of %(month)s right now.") % said)
        Run.objects.filter(pk=left.pk).update(state=Run.State.DROPPED)  # its work was given up
    made = Run.objects.create(period=held, run_by=by)
    made.work = jobs.start(
        MAKE_WORK,
        {"run_id": made.pk},
        label=_("Running the bills of %(month)s") % {"month": month(held.first_on)},
        by=by,
        url=made.get_absolute_url(),
        here=here,
    )
    made.save(update_fields=["work"])
    return made


def rehearse(period: Period) -> Run:
    """What a run would come to; nothing is written. Raises DomainError."""
    refuse_to_run(period)
    found = Run(period=period)
    reckon(found)
    return found


def refuse_to_run(period: Period) -> None:
    """Raises DomainError for a month that is closed or approved, or before which another is still to be issued."""
    words = ""
    if period.closed_at:
        words = _("The bills of %(month)s are issued. What is wrong is put right by adjustments.")
    elif period.runs.filter(state=Run.State.APPROVED).exists():
        words = _("The bills of %(month)s are approved. Drop them first, to run them again.")
    if words:
        raise DomainError(words % {"month": month(period.first_on)})
    _refuse_before(period)


def _refuse_before(period: Period) -> None:
    before = Period.objects.open().filter(first_on__lt=period.first_on).order_by("first_on")
    if first := before.filter(Q(parts__rows__gt=0) | Q(runs__in=Run.objects.standing())).first():
        words = _("Issue %(first)s first: late usage and installments follow from what was billed.")
        raise DomainError(words % {"first": month(first.first_on)})


def make(progress: Watched, *, run_id: int) -> None:
    """Background work: make a run's bills. Safe to do again from anywhere."""
    of = Run.objects.select_related("period").get(pk=run_id)
    try:
        if of.state == Run.State.RUNNING:
            _clear(of)
            bills, lines = reckon(of, progress)
            _write(bills, lines, progress)
            _take_place(of)
    except DomainError:
        Run.objects.filter(pk=of.pk, state=Run.State.RUNNING).update(state=Run.State.DROPPED)
        raise
    finally:
        _sweep(of.period)


def _write(bills: Iterable[Bill], lines: Sequence[Line], progress: Watched) -> None:
    """Bills and lines, some at a time; while they are written nobody sees them."""
    for some_bills in chunks(bills, CHUNK):
        Bill.objects.bulk_create(some_bills)
    for done, some in enumerate(chunks(lines, CHUNK)):
        progress.say(done * CHUNK, len(lines), _("Writing"))
        Line.objects.bulk_create(some)


@transaction.atomic
def _take_place(of: Run) -> None:
    """Let the run be seen, whole, in place of the draft before it."""
    period = Period.objects.select_for_update().get(pk=of.period_id)
    now = Run.objects.select_for_update().get(pk=of.pk)
    written = Line.objects.filter(bill__run=of).aggregate(lines=Count("pk"), cents=Sum("cents", default=0))
    whole = {"lines": of.counted["lines"], "cents": of.total_cents}
    if now.state != Run.State.RUNNING or written != whole:
        raise DomainError(_("Somebody else ran these bills meanwhile. Look at theirs first."))
    refuse_to_run(period)
    drafts = period.runs.filter(state=Run.State.DRAFT)
    of.replaces, of.state = drafts.first(), Run.State.DRAFT
    drafts.update(state=Run.State.DROPPED)
    of.save()
    after = {**of.counted, "total_cents": of.total_cents}
    audit.record(by=of.run_by or "worker", action=RAN, target=of, after=after)
    if of.replaces:
        settle(of.replaces, kind=TO_APPROVE)
    able, text, url = User.objects.who_can(APPROVE), partial(_asked, of), of.get_absolute_url()
    notify(able, kind=TO_APPROVE, text=text, url=url, about=of, but_not=of.run_by)


def _asked(of: Run) -> str:
    said = {"month": month(of.period.first_on), "amount": money(of.total_cents)}
    return _("The bills of %(month)s wait to be approved: %(amount)s") % said


@transaction.atomic
def approve(run_id: int, *, by: User) -> Run:
    """Say that a draft is right. Raises DomainError for one's own, and where what it was made from has changed."""
    found = _locked(run_id, Run.State.DRAFT)
    if found.run_by_id == by.pk:
        raise DomainError(_("You ran these bills, so somebody else has to approve them."))
    _refuse_changed(found)
    return _step(found, Run.State.APPROVED, APPROVED, by, approved_by=by, approved_at=timezone.now())


@transaction.atomic
def issue(run_id: int, *, by: User) -> Run:
    """Give approved bills out, close their month, and tell the partners. From then on nothing of it changes."""
    period = Period.objects.select_for_update().get(runs=run_id)
    found = _locked(run_id, Run.State.APPROVED)
    _refuse_before(period)
    _refuse_changed(found)
    terms, now = Terms.now(), timezone.now()
    bills = Bill.objects.filter(run=found)
    due, until = (today() + timedelta(days=days) for days in (terms.due_days, terms.dispute_days))
    bills.update(due_on=due, dispute_until=until, issued_at=now)
    used = Line.objects.filter(bill__run=found).exclude(snapshot=None).values("snapshot")
    DriverSnapshot.objects.filter(pk__in=used, used_at=None).update(used_at=now)
    period.closed_at = now
    period.save(update_fields=["closed_at"])
    found.period = period
    audit.record_many(by=by, acts=map(_act_of, bills.select_related("partner")))
    label = _("Telling about the bills of %(month)s") % {"month": month(period.first_on)}
    jobs.start(TELL_WORK, {"run_id": run_id}, label=label, by=by, url=found.get_absolute_url())
    return _step(found, Run.State.ISSUED, ISSUED, by, issued_by=by, issued_at=now)


def drop(run_id: int, *, by: User) -> Run:
    """Throw bills away that are not issued. Raises DomainError for those that are."""
    with transaction.atomic():
        found = _step(_locked(run_id, Run.State.DRAFT, Run.State.APPROVED), Run.State.DROPPED, DROPPED, by)
    _sweep(found.period)
    return found


def tell(progress: Watched, *, run_id: int) -> None:
    """Background work: tell those who look after a partner's money that its bill is there. Safe to do again."""
    told = Notice.objects.filter(kind=BILL_IS_THERE, about_kind=Bill._meta.label).values("about_id")
    bills = Bill.objects.issued().filter(run=run_id).exclude(pk__in=told)
    waiting = bills.select_related("partner", "run__period")
    for done, bill in enumerate(waiting):
        progress.say(done, len(waiting))
        heads = Membership.objects.standing().filter(partner=bill.partner, role=Role.PARTNER_FINANCE)
        people, url = User.objects.active().filter(memberships__in=heads), bill.get_absolute_url()
        notify(people, kind=BILL_IS_THERE, text=partial(_sentence, bill), url=url, about=bill)


def _sentence(bill: Bill) -> str:
    said = {"month": month(bill.run.period.first_on), "amount": money(bill.total_cents)}
    sentence = _("The bill of %(partner)s for %(month)s is there: %(amount)s")
    return sentence % {**said, "partner": bill.partner}


def _act_of(bill: Bill) -> dict[str, Any]:
    return {
        "action": BILL_ISSUED,
        "target_kind": bill._meta.label,
        "target_id": str(bill.pk),
        "target_label": f"{bill} {bill.partner}",
        "partner_id": bill.partner_id,
        "after": {"total_cents": bill.total_cents},
    }


def changed(inputs: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    """What differs of the inputs of two runs, in words."""
    return [str(words) for name, words in INPUTS.items() if inputs.get(name) != others.get(name)]


def _refuse_changed(found: Run) -> None:
    late = [date.fromisoformat(each) for each in found.inputs.get("late", ())]
    if what := changed(found.inputs, inputs_of(found.period, late)):
        sentence = _("Since these bills were run, this has changed: %(what)s. Run them again.")
        raise DomainError(sentence % {"what": ", ".join(what)})


def _step(found: Run, state: str, action: str, by: User, **values: Any) -> Run:
    before = found.state
    for name, value in {**values, "state": state}.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    audit.record(by=by, action=action, target=found, before={"state": before}, after={"state": state})
    settle(found, kind=TO_APPROVE)
    return found


def _locked(run_id: int, *states: str) -> Run:
    rows = Run.objects.select_for_update(of=("self",)).select_related("period", "replaces")
    found: Run = rows.get(pk=run_id)
    if found.state not in states:
        said = {"month": month(found.period.first_on), "state": found.get_state_display().lower()}
        raise DomainError(_("The bills of %(month)s are now “%(state)s”, so this cannot be done.") % said)
    return found


def _sweep(period: Period) -> None:
    """Take away what dropped runs left behind; the draft that was replaced last stays, to be compared with."""
    kept = period.runs.exclude(state=Run.State.DROPPED).values("replaces")
    dropped = period.runs.filter(state=Run.State.DROPPED, bills__isnull=False).exclude(pk__in=kept)
    for each in dropped.distinct():
        _clear(each)


def _clear(of: Run) -> None:
    """Take away bills and lines of a run that nobody sees, some at a time."""
    lines: QuerySet[Line] = Line.objects.filter(bill__run=of)
    while some := list(lines.values_list("pk", flat=True)[:CHUNK]):
        Line.objects.filter(pk__in=some).delete()
    Bill.objects.filter(run=of).delete()
