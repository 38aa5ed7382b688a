"""Starting background work, and doing it here and now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from comity.jobs.registry import Recurring, function_of
from comity.nouns import named

if TYPE_CHECKING:
    from comity.jobs.models import Work


@transaction.atomic
def start(
    name: str,
    arguments: Mapping[str, Any],
    *,
    label: str,
    by: models.Model | str,
    url: str = "",
    here: bool = False,
) -> Work:
    """Begin long work in the background, once the caller's transaction is committed.

    name       the key of a `LongWork`
    arguments  plain values (they are kept as JSON)
    label      what the person who waits reads above the bar
    by         who may look on, or the name of a machine ("command line")
    url        where the result is to be seen
    here       not in the background: this process does it, in `queue.here`
    """
    from comity.jobs import queue
    from comity.jobs.models import Work

    if function_of(name) is None:
        raise ValueError(f"There is no work named {name!r}.")
    work = Work.objects.create(
        task=name,
        arguments=dict(arguments),
        label=label,
        owner=by if isinstance(by, str) else f"{by._meta.label}:{by.pk}",
        url=url,
    )
    if here:
        queue.begin(work)
    else:
        queue.enqueue(work)
    return work


def run_waiting() -> int:
    """Do, in this process, all that is due and all that waits, until nothing is left; how many pieces it was.

    For tests, the sample state and the command line. What failed is tried again without a pause.
    """
    from comity.jobs import queue, schedule

    schedule.bring_up_to_date()
    pieces = schedule.run_due()
    while queue.run_next(even_later=True):
        pieces += 1
    return pieces


def run_now(name: str) -> None:
    """Run one recurring work in this process, whether or not it is due."""
    if (work := named(Recurring, name)) is None:
        raise ValueError(f"There is no recurring work named {name!r}.")
    work.function()
