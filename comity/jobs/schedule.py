"""Recurring work: due by the clock, run by one worker at a time, made up for once after a pause."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from django.utils import timezone

from comity.jobs import identity
from comity.jobs.models import Due
from comity.jobs.registry import Recurring, recurring

log = logging.getLogger(__name__)


def bring_up_to_date() -> None:
    """Give every recurring work its row; one whose time was moved forward is not kept waiting for the old one."""
    now = timezone.now()
    known = {due.name: due for due in Due.objects.all()}
    for one in recurring():
        first = now if one.interval is not None else one.next_after(now)
        if one.key not in known:
            Due.objects.get_or_create(name=one.key, defaults={"next_at": first})
        elif known[one.key].next_at > one.next_after(now):
            Due.objects.filter(name=one.key).update(next_at=one.next_after(now))


def run_due(lane: str | None = None) -> int:
    """Run what is due, of one lane or all; how many were run."""
    now = timezone.now()
    waiting = dict(Due.objects.filter(worker="", next_at__lte=now).values_list("name", "next_at"))
    return sum(_run(one, now) for one in recurring(lane) if one.key in waiting)


def rescue() -> None:
    """Free what a dead worker was running; it is still due, and so runs again."""
    long_ago = timezone.now() - identity.DEAD_AFTER
    for due in Due.objects.exclude(worker=""):
        if identity.is_gone(due.worker) or (due.heartbeat_at and due.heartbeat_at < long_ago):
            log.warning("%s lost its worker %s.", due.name, due.worker)
            Due.objects.filter(pk=due.pk, worker=due.worker).update(worker="")


def _run(one: Recurring, now: datetime) -> bool:
    """Claim and run one, unless another worker was quicker or there is nothing to do."""
    if one.when is not None and not one.when():
        return False
    me = identity.this_process()
    claimed = Due.objects.filter(name=one.key, worker="", next_at__lte=now).update(
        worker=me, last_started_at=now, heartbeat_at=now
    )
    if not claimed:
        return False
    error = ""
    try:
        one.function()
    except Exception:
        error_id = secrets.token_hex(4)
        log.exception("Recurring work %s failed [error %s]", one.key, error_id)
        error = f"error {error_id}"
    finished = timezone.now()
    Due.objects.filter(name=one.key, worker=me).update(
        worker="", last_finished_at=finished, last_error=error, next_at=one.next_after(finished)
    )
    return True
