"""`comity bill run|approve|issue PERIOD`, `show PARTNER PERIOD`, `explain LINE`: a month's bills, and what is on them."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import CommandError

from comity.access import Capability
from comity.billing.capabilities import APPROVE, ISSUE, RUN
from comity.billing.models import Bill, Line, Run
from comity.billing.services import running
from comity.billing.services.exporting import exact_dollars
from comity.people.management.acting import ActsCommand, Said, able, add_actor
from comity.ui.money import money, plain_dollars, quantity
from comity.usage.models import Period
from comity.usage.services import months


def _run(*, period: str, email: str | None, dry_run: bool, **_more: Any) -> Said:
    of, by = period_of(period, make=not dry_run), able(email, RUN)
    made = running.rehearse(of) if dry_run else running.run(of, by=by, here=True)
    plain = {
        "period": period,
        **made.counted,
        "total": plain_dollars(made.total_cents),
        "usage": made.usage,
        "input_hash": made.input_hash,
    }
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in made.usage.items())
    counted = ", ".join(f"{count:,} {name}" for name, count in made.counted.items())
    words = [f"{period}: {counted}, {money(made.total_cents)}. Rows of usage: {rows}."]
    return plain, words + (["Nothing was written."] if dry_run else [])


def _step(do: Any, capability: Capability, *, period: str, email: str | None, **_more: Any) -> Said:
    run = do(standing_run(period).pk, by=able(email, capability))
    return {}, [f"{period} is {run.get_state_display().lower()}."]


def _show(*, partner: str, period: str, **_more: Any) -> Said:
    rows = Bill.objects.filter(run__in=Run.objects.standing(), run__period=period_of(period))
    bill = rows.select_related("partner", "run__period").filter(partner__code__iexact=partner).first()
    if bill is None:
        raise CommandError(f"{partner} has no bill of {period}.")
    lines = [_line(line) for line in bill.lines.select_related("offering__service").order_by("pk")]
    plain = {
        "bill": bill.number,
        "partner": bill.partner.code,
        "period": period,
        "state": bill.run.state,
        "total": plain_dollars(bill.total_cents),
        "due_on": bill.due_on,
        "lines": lines,
    }
    words = [f"{bill.number}  {bill.partner}  {bill.run.get_state_display()}"]
    for each in lines:
        note = f"  ({each['kind']}, {each['month']})" if each["kind"] != Line.Kind.USAGE else ""
        shown = "{line:>9}  {amount:>14}  {quantity:>14} {unit}  {offering}".format(**each)
        words.append(f"{shown}{note}")
    return plain, [*words, f"Total {money(bill.total_cents)}."]


def _explain(*, line: int, **_more: Any) -> Said:
    rows = Line.objects.filter(bill__run__in=Run.objects.standing(), pk=line)
    found = rows.select_related("bill__partner", "offering__service", "rate", "snapshot").first()
    if found is None:
        raise CommandError(f"There is no line {line}.")
    plain = {
        **_line(found),
        "bill": found.bill.number,
        "partner": found.bill.partner.code,
        "exact": exact_dollars(found),
        "parts": found.parts,
        "usage_rows": found.usage_rows,
        "rate": found.rate_id,
        "derivation": found.rate.derivation if found.rate else {},
        "figures": found.snapshot,
        "corrects": found.corrects_id,
        "words": found.words,
    }
    of = f"{found.offering.service}, {found.offering}"
    words = [f"Line {found.pk} of {found.bill}: {of}, {money(found.cents)}"]
    words += [f"  {part['units']} × ${part['price']} = {part['cents']} cents" for part in found.parts]
    if found.usage_rows:
        words.append(f"  from {quantity(found.usage_rows)} rows of usage of {found.month:%Y-%m}")
    if found.snapshot:
        words.append(f"  split by {found.snapshot}")
    if found.corrects_id:
        words.append(f"  corrects line {found.corrects_id}: {found.words}")
    return plain, [*words, f"  exactly ${plain['exact']}, rounded once"]


def _line(line: Line) -> dict[str, Any]:
    return {
        "line": line.pk,
        "service": line.offering.service,
        "offering": line.offering,
        "meter": line.offering.code,
        "kind": line.kind,
        "month": f"{line.month:%Y-%m}",
        "quantity": f"{line.quantity:f}",
        "unit": line.offering.get_unit_display(),
        "amount": plain_dollars(line.cents),
    }


def period_of(text: str, *, make: bool = False) -> Period:
    """The month that somebody typed. Raises CommandError, DomainError."""
    first = months.month(text)
    if make:
        Period.objects.get_or_create(first_on=first)
    found: Period | None = Period.objects.filter(first_on=first).first()
    if found is None:
        raise CommandError(f"Nothing has come in for {text} yet.")
    return found


def standing_run(text: str) -> Run:
    """The run of a month whose bills are to be seen. Raises CommandError, DomainError."""
    standing = Run.objects.standing().select_related("period")
    run: Run | None = standing.filter(period=period_of(text)).first()
    if run is None:
        raise CommandError(f"There are no bills of {text}. Begin with: comity bill run {text}")
    return run


class Command(ActsCommand):
    help = "Run a month’s bills, approve and issue them, show a partner’s bill, or explain a line."
    acts = {
        "run": (_run, "make a draft of a month’s bills"),
        "approve": (
            partial(_step, running.approve, APPROVE),
            "say that a draft is right; not by the one who ran it",
        ),
        "issue": (partial(_step, running.issue, ISSUE), "give approved bills out and close the month"),
        "show": (_show, "a partner’s bill of a month"),
        "explain": (_explain, "how a line came about"),
    }

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = self.add_acts(parser, tell=("run", "show", "explain"))
        act["show"].add_argument("partner", help="the partner’s code")
        act["explain"].add_argument("line", type=int, help="the number of the line, as `show` has it")
        for name in ("run", "approve", "issue", "show"):
            act[name].add_argument("period", help="the month, as 2026-10")
        for name in ("run", "approve", "issue"):
            add_actor(act[name])
        told = "say what it would come to, and write nothing"
        act["run"].add_argument("--dry-run", action="store_true", help=told)
