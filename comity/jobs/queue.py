"""Doing one piece of work after the other.

The queue is django-tasks' table. Its entry and our `Work` are taken in one transaction, so that a worker killed at
any point leaves either both waiting, or a running `Work` with a worker that no longer lives: `rescue` finds
those and puts them back.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from comity.core.errors import DomainError
from comity.jobs import identity
from comity.jobs.models import Work
from comity.jobs.progress import Interrupted, Progress, TakenOver
from comity.jobs.registry import function_of, resumes

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
RETRY_AFTER = (timedelta(seconds=10), timedelta(minutes=1))
KEEP_ENTRIES = timedelta(days=7)


@task()
def perform(work_id: int) -> None:
    """The queue's entry for a piece of work; `run_next` begins the work and does this in one go."""
    _do(Work.objects.get(pk=work_id), lambda: False)


def enqueue(work: Work, after: timedelta | None = None) -> None:
    """Put work that waits into the queue; in the caller's transaction."""
    entry = (perform.using(run_after=timezone.now() + after) if after else perform).enqueue(work.pk)
    work.queue_id = str(entry.id)
    work.save(update_fields=["queue_id"])


def run_next(should_stop: Callable[[], bool] = lambda: False, *, even_later: bool = False) -> bool:
    """Take the next piece of work and do it; False when there was none.

    even_later  also work that waits for its next attempt
    """
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    ready = waiting if even_later else DBTaskResult.objects.ready()
    taken = _take(ready) if ready.exists() else None
    if taken is None:
        return False
    entry, work = taken
    try:
        _do(work, should_stop)
    finally:
        entry.set_successful(None)
    return True


def rescue() -> int:
    """Put back work whose worker died, or end it after too many attempts; how many there were."""
    return sum(_rescue(work) for work in Work.objects.filter(state=Work.State.RUNNING) if not work.is_alive())


def forget_old_entries() -> None:
    """Entries of the queue are kept a week after they ended; what a person sees is `Work`, which stays."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_ENTRIES).delete()


@transaction.atomic
def destroy_ended(before: datetime) -> int:
    """Destroy work that ended before a moment; how many pieces it was."""
    return Work.objects.filter(finished_at__lt=before).delete()[0]


@transaction.atomic
def _take(ready: Any) -> tuple[Any, Work] | None:
    """Claim the next entry and begin its work, together; None if others were quicker."""
    entry = ready.get_locked()
    if entry is None:
        return None
    entry.claim(identity.this_process())
    work = Work.objects.select_for_update().filter(pk=entry.args_kwargs["args"][0]).first()
    if work is None or work.state != Work.State.WAITING:
        entry.set_successful(None)
        return None
    begin(work)
    return entry, work


def begin(work: Work) -> None:
    """This process does it from now on."""
    now = timezone.now()
    work.state, work.attempts = Work.State.RUNNING, work.attempts + 1
    work.worker, work.heartbeat_at, work.started_at = identity.this_process(), now, work.started_at or now
    work.save(update_fields=["state", "attempts", "worker", "heartbeat_at", "started_at"])


@contextmanager
def here(work: Work) -> Iterator[Progress]:
    """Do work that was started `here`; if this process is killed, it is taken up like any other."""
    try:
        yield Progress(work)
    except BaseException as problem:
        _end(work, Work.State.FAILED, str(problem) if isinstance(problem, DomainError) else "")
        raise
    _end(work, Work.State.DONE, "")


def _do(work: Work, should_stop: Callable[[], bool]) -> None:
    """Do a piece of work that was begun, and write down how it ended."""
    function = function_of(work.task)
    if function is None:
        _end(work, Work.State.FAILED, _("This version of Comity no longer does this kind of work."))
        return
    try:
        said = function(Progress(work, should_stop), **work.arguments)
    except TakenOver:
        log.warning("Work %d (%s) was taken over by another worker; this attempt ends.", work.pk, work.task)
    except Interrupted:
        _give_back(work)
    except DomainError as error:
        _end(work, Work.State.FAILED, str(error))
    except Exception:
        # Whatever it was, the worker goes on and the person is told.
        error_id = secrets.token_hex(4)
        log.exception(
            "Work %d (%s), attempt %d failed [error %s]", work.pk, work.task, work.attempts, error_id
        )
        _try_again(work, error_id)
    else:
        _end(work, Work.State.DONE, said or "")


@transaction.atomic
def _rescue(work: Work) -> bool:
    """Put one back, unless it was seen alive meanwhile."""
    if not work.of_this_attempt().filter(heartbeat_at=work.heartbeat_at).select_for_update().first():
        return False
    log.warning("Work %d (%s) lost its worker %s.", work.pk, work.task, work.worker)
    if work.queue_id:
        DBTaskResult.objects.filter(pk=work.queue_id).update(
            status=TaskResultStatus.FAILED, finished_at=timezone.now()
        )
    if resumes(work.task):
        _without_counting(work)
    elif work.attempts >= MOST_ATTEMPTS:
        sentence = _("This was started three times, and each time the server stopped while it was running.")
        _end(work, Work.State.FAILED, sentence)
    else:
        _back_to_waiting(work)
    return True


def _end(work: Work, state: str, message: str) -> None:
    """Finish, unless another attempt has taken over."""
    values: dict[str, Any] = {"state": state, "message": message, "worker": "", "finished_at": timezone.now()}
    if state == Work.State.DONE:
        values["done"] = F("total")
    work.of_this_attempt().update(**values)


def _back_to_waiting(work: Work, after: timedelta | None = None) -> None:
    work.state, work.worker, work.heartbeat_at = Work.State.WAITING, "", None
    work.save(update_fields=["state", "worker", "heartbeat_at"])
    enqueue(work, after)


@transaction.atomic
def _give_back(work: Work) -> None:
    """The worker stops: the work waits for the next one, and this attempt does not count."""
    if work.of_this_attempt().select_for_update().first():
        _without_counting(work)


def _without_counting(work: Work) -> None:
    """Back to waiting, as if this attempt had not been."""
    work.attempts -= 1
    work.save(update_fields=["attempts"])
    _back_to_waiting(work)


@transaction.atomic
def _try_again(work: Work, error_id: str) -> None:
    """Something we did not foresee went wrong: once more after a while, in case it was the moment."""
    if not work.of_this_attempt().select_for_update().first():
        return
    if work.attempts >= MOST_ATTEMPTS:
        sentence = _("Something went wrong on our side. Tell your administrator: error %(id)s.")
        _end(work, Work.State.FAILED, sentence % {"id": error_id})
    else:
        _back_to_waiting(work, after=RETRY_AFTER[work.attempts - 1])
