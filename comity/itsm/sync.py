"""Reading ServiceNow: table by table, page by page; each page is written in one transaction with how far it leads.

Rows are read in the order of (sys_updated_on, sys_id), each page from the last row of the one before, so that rows which
are written meanwhile come later and none is passed over; docs/decisions/servicenow.md says why so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.itsm.client import Fields, Page, RefusedError, ServiceNow
from comity.itsm.models import Feed, Seen
from comity.itsm.taking import KEYS, Table, end
from comity.jobs.progress import Watched

OVERLAP = timedelta(minutes=5)
SIZE = 1_000  # rows of a page
ORDER = "ORDERBYsys_updated_on^ORDERBYsys_id"
NEWEST = 50  # of which one is asked for again, to see that conditions are kept
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
KEPT = ["stamp", "mod_count", "sweep", "parent", "data", "problem"]


class Place(NamedTuple):
    """After which row a page begins; how many rows after it, where all before were withheld; whether it is asked again."""

    at: str
    at_id: str
    offset: int = 0
    again: bool = False

    @property
    def query(self) -> str:
        """^OR binds closer than ^: from this second on, and of this second itself the rows after this one."""
        if not self.at_id:
            return f"sys_updated_on>={self.at}^{ORDER}" if self.at else ORDER
        return f"sys_updated_on>={self.at}^sys_updated_on>{self.at}^ORsys_id>{self.at_id}^{ORDER}"

    def after(self, page: Page) -> Place | None:
        """Where the next page begins; None after the last. A short page is not the last: the limit comes before the rights."""
        if page.rows:
            whole = not self.offset and page.total is not None and len(page.rows) >= page.total
            last = page.rows[-1]
            return None if whole else Place(last["sys_updated_on"], last["sys_id"])
        if not page.total or self.offset >= page.total:
            return None
        if not self.again:
            return self._replace(again=True)
        # Half a page: rows that are touched leave this stretch, and those behind them move up.
        return Place(self.at, self.at_id, self.offset + max(1, SIZE // 2))


def look(client: ServiceNow, table: Table) -> int | None:
    """Whether a table can be read as we read it; how many rows it has, if that is told. Raises RefusedError with why not."""
    for _time in range(3):
        newest = client.table(table.name, "ORDERBYDESCsys_updated_on", fields=table.fields, limit=NEWEST)
        if not newest.rows:
            break
        _check(newest.rows[:1], table, Place("", ""))
        row = newest.rows[0]
        asked = f"sys_id={row['sys_id']}^sys_updated_on={row['sys_updated_on']}"
        found = client.table(table.name, asked, fields=("sys_id",), limit=2)
        if len(found.rows) > 1 or (found.total or 0) > 1:
            raise RefusedError(_("ServiceNow passes over our conditions and sends every row."))
        if found.rows:
            break  # else it was touched meanwhile
    else:
        raise RefusedError(_("The account is not in UTC. Set its time zone in ServiceNow to GMT."))
    return newest.total


def read(client: ServiceNow, feed: Feed, table: Table, progress: Watched, step: tuple[int, int]) -> None:
    """Bring one table up to date, from where it stands. Raises RefusedError, UnreachableError."""
    if feed.at:
        feed.again = min(feed.again or feed.at, feed.at)
    place = Place(feed.at, feed.at_id)
    if not feed.at and not feed.sweeping and feed.mark:
        place = Place(f"{datetime.fromisoformat(feed.mark) - OVERLAP:%Y-%m-%d %H:%M:%S}", "")
    ask = partial(client.table, table.name, fields=table.fields, limit=SIZE)
    # The next page is on its way while this one is written.
    with ThreadPoolExecutor(1) as ahead:
        coming: Future[Page] | None = ahead.submit(ask, place.query, offset=place.offset)
        while coming:
            page = coming.result()
            _check(page.rows, table, place)
            after = place.after(page)
            coming = ahead.submit(ask, after.query, offset=after.offset) if after else None
            _take(feed, table, page.rows)
            progress.say(*step, f"{table.label}: {feed.last['read']:,}")
            place = after or place
    _end(client, feed, table)


def _check(rows: list[Fields], table: Table, place: Place) -> None:
    """Only rows that were asked for, in order and as they are kept, are taken. Raises RefusedError."""
    before = (place.at, place.at_id)
    for row in rows:
        if missing := [name for name in table.fields if name not in row]:
            words = _("ServiceNow keeps back these fields, or does not know them: %(fields)s.")
            raise RefusedError(words % {"fields": ", ".join(missing)})
        if not STAMP.fullmatch(row["sys_updated_on"]):
            raise RefusedError(_("ServiceNow sends values as people read them. Turn display values off."))
        now = (row["sys_updated_on"], row["sys_id"])
        if now <= before:
            raise RefusedError(_("ServiceNow sends rows that were not asked for."))
        before = now


@transaction.atomic
def _take(feed: Feed, table: Table, rows: list[Fields]) -> None:
    """Write a page, and that it is written."""
    if not rows:
        return
    ids = [row["sys_id"] for row in rows]
    facts = feed.rows.filter(sys_id__in=ids).values_list("sys_id", "stamp", "mod_count", "problem")
    known = {sys_id: (stamp, count, problem) for sys_id, stamp, count, problem in facts}
    differ = [row for row in rows if known.get(row["sys_id"]) != (row["sys_updated_on"], _count(row), "")]
    # What a script wrote there without a stamp is found by a full sync.
    taken = rows if feed.sweeping else differ
    problems = table.take(taken, {sys_id: count for sys_id, (_at, count, _why) in known.items()})
    _keep(feed, table, taken, problems)
    new = sum(row["sys_id"] not in known for row in differ)
    _add(feed, read=len(rows), new=new, changed=len(differ) - new, aside=len(problems))
    feed.at, feed.at_id = rows[-1]["sys_updated_on"], ids[-1]
    feed.save()


def _keep(feed: Feed, table: Table, rows: Iterable[Fields], problems: Mapping[str, str]) -> None:
    seen = []
    for row in rows:
        one = Seen(feed=feed, sys_id=row["sys_id"], stamp=row["sys_updated_on"], mod_count=_count(row))
        one.sweep, one.problem = feed.sweep, problems.get(one.sys_id, "")[:300]
        if table.parent:
            one.parent = row[table.parent]
            one.data = {name: row[name] for name in table.fields if name not in KEYS}
        seen.append(one)
    Seen.objects.bulk_create(
        seen, batch_size=1_000, update_conflicts=True, unique_fields=["feed", "sys_id"], update_fields=KEPT
    )


def _end(client: ServiceNow, feed: Feed, table: Table) -> None:
    """A pass is complete: the next begins before the last row; what a pass over all rows did not meet is gone."""
    problem = ""
    total = client.table(table.name).total if feed.sweeping else None
    with transaction.atomic():
        if feed.sweeping:
            met = feed.rows.filter(sweep=feed.sweep).count()
            gone = list(feed.rows.exclude(sweep=feed.sweep).values_list("sys_id", flat=True))
            feed.total = met if total is None else total
            if total is None or total > met:
                words = _("The account sees %(met)s of %(total)s rows. What was deleted cannot be told.")
                problem = words % {"met": f"{met:,}", "total": f"{feed.total:,}"}
            elif gone:
                end(table, gone)
                feed.rows.filter(sys_id__in=gone).delete()
                _add(feed, gone=len(gone))
        feed.mark = (min(feed.again, feed.at) if feed.again else feed.at) or feed.mark
        feed.at = feed.at_id = feed.again = ""
        feed.sweeping, feed.read_at, feed.problem = False, timezone.now(), problem
        feed.save()


def _add(feed: Feed, **counts: int) -> None:
    feed.last = feed.last | {name: feed.last.get(name, 0) + count for name, count in counts.items()}


def _count(row: Fields) -> int:
    return int(row["sys_mod_count"] or 0)
