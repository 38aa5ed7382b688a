"""Connecting ServiceNow, testing the connection, and syncing: one sync at a time, taken up where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity import jobs
from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.itsm import orders, sync
from comity.itsm.client import RefusedError, ServiceNow, UnreachableError
from comity.itsm.models import PURPOSE, TOO_MUCH, Connection, Feed, clock_words
from comity.itsm.taking import TABLES
from comity.jobs.models import Work
from comity.jobs.progress import Progress
from comity.people import sealing
from comity.people.models import User

CONNECT, SYNC = "itsm.connect", "itsm.sync"
COUNTED = {"new": _l("new"), "changed": _l("changed"), "gone": _l("deleted"), "aside": _l("set aside")}


@transaction.atomic
def connect(values: Values, *, secret: str, by: User, seen: Values | None = None) -> Connection:
    """Enter or change the connection; another instance is read from its beginning. Raises ConflictError, DomainError."""

    def check(row: Connection) -> None:
        parts = urlsplit(row.url.strip().rstrip("/"))
        local = settings.DEMO and parts.hostname == "127.0.0.1"
        if not (parts.scheme == "https" or local) or not parts.hostname or "@" in parts.netloc or parts.path:
            raise DomainError(_("Enter https:// and the name of your instance, and no more."), "url")
        row.url = f"{parts.scheme}://{parts.netloc}"
        if secret:
            row.secret_sealed = sealing.keys(PURPOSE).encrypt(secret.encode()).decode()
        if not row.secret_sealed and not settings.SERVICENOW_SECRET:
            raise DomainError(_("Enter the secret."), "secret")

    found = Connection.objects.first()
    if found is None:
        return create(Connection, values, by=by, action=CONNECT, check=check)
    done = change(Connection.objects.all(), found.pk, values, by=by, action=CONNECT, seen=seen, check=check)
    if "url" in done.after:
        Feed.objects.update(mark="", at="", at_id="", again="", sweeping=False)
    return done.row


def feeds() -> list[Feed]:
    """How far each table was read; those never read too."""
    known = {feed.name: feed for feed in Feed.objects.filter(name__in=TABLES)}
    return [known.get(name) or Feed.objects.create(name=name) for name in TABLES]


def _connection() -> Connection:
    row = Connection.objects.first()
    if row is None:
        raise DomainError(_("ServiceNow is not connected yet."))
    return row


@transaction.atomic
def start(by: User | str, *, full: bool = False, here: bool = False) -> Work:
    """Begin a sync; in the background, unless here. Raises DomainError while one runs, and before there is a connection."""
    connection = _connection()
    Connection.objects.select_for_update().get(pk=connection.pk)  # so that two do not begin at once
    for work in Work.objects.filter(task=SYNC).unfinished():
        if work.state == Work.State.WAITING or work.is_alive():
            raise DomainError(_("A sync is running already. Wait until it is done."))
        work.of_this_attempt().update(state=Work.State.FAILED, message=_("It broke off."))
    url = connection.get_absolute_url()
    return jobs.start(SYNC, {"full": full}, label=_("Sync with ServiceNow"), by=by, url=url, here=here)


def start_on_schedule() -> None:
    """Unless one runs, or ServiceNow wants to be left alone."""
    row = Connection.objects.filter(active=True).first()
    if row and not (row.not_before and row.not_before > timezone.now()):
        with suppress(DomainError):
            start("schedule")


@contextmanager
def _opened(row: Connection, **more: int) -> Iterator[ServiceNow]:
    """Ask it; afterwards how far its clock is off is kept."""
    client = ServiceNow(row.url, row.auth, row.client, row.secret, local=settings.DEMO, **more)
    try:
        yield client
    finally:
        client.close()
        off = client.clock_off
        seconds = None if off is None else round(off.total_seconds())
        Connection.objects.filter(pk=row.pk).update(clock_off=seconds)


def test() -> None:
    """Ask every table once, and keep what was found: may we read it, how many rows, how far its clock is off."""
    row, problem = _connection(), ""
    try:
        with _opened(row, tries=1) as client:
            for feed in feeds():
                with _said(feed):
                    _look(client, feed)
    except UnreachableError as error:
        problem = str(error)
    Connection.objects.filter(pk=row.pk).update(problem=problem, not_before=None)


def run(progress: Progress, *, full: bool = False) -> str:
    """Background work: order what is to be ordered, then read every table. Safe to do again from anywhere.

    Raises DomainError where ServiceNow cannot be asked; what was read until then is kept.
    """
    connection, rows = Connection.objects.get(), feeds()
    problems: list[str] = []
    until = None
    try:
        with _opened(connection) as client:
            problems += orders.push(client)
            for number, feed in enumerate(rows):
                # What this work read before it was killed is not read again.
                if feed.read_at is None or feed.read_at < progress.work.created_at:
                    _begin(feed, full=full)
                    with _said(feed):
                        _look(client, feed)
                        sync.read(client, feed, TABLES[feed.name], progress, (number, len(rows)))
    except UnreachableError as error:
        problems, until = [*problems, str(error)], error.until or timezone.now()
    refused = [f"{TABLES[feed.name].label}: {feed.problem}" for feed in rows if feed.problem]
    said, problem = " ".join([counted(rows), *refused]), " ".join(problems)
    facts = {"said": said, "problem": problem, "not_before": until, "ended_at": timezone.now()}
    Connection.objects.filter(pk=connection.pk).update(**facts)
    if any(feed.last.get("new") or feed.last.get("changed") for feed in rows):
        audit.record(by="ServiceNow", action=SYNC, target=connection, after={"said": said})
    if until:
        raise DomainError(problem)
    return f"{said} {problem}".strip()


def _begin(feed: Feed, *, full: bool) -> None:
    """What a table's counts are counted from; and where a pass over all rows begins, unless it has begun."""
    if full and not feed.sweeping:
        feed.sweep, feed.sweeping, feed.at, feed.at_id, feed.again = feed.sweep + 1, True, "", "", ""
    if not feed.at:
        feed.last = {"read": 0}
    feed.save()


@contextmanager
def _said(feed: Feed) -> Iterator[None]:
    """What is refused of one table is kept with it, and keeps none of the others out."""
    feed.problem = ""
    try:
        yield
    except RefusedError as refused:
        feed.problem = str(refused)
    feed.save(update_fields=["problem"])


def _look(client: ServiceNow, feed: Feed) -> None:
    """Whether a table can be read. Raises RefusedError; and UnreachableError for a clock that is too far off."""
    feed.total = sync.look(client, TABLES[feed.name])
    feed.save(update_fields=["total"])
    if client.clock_off is not None and abs(client.clock_off) > TOO_MUCH:
        words = _("%(clock)s Nothing is read until both are right.")
        raise UnreachableError(words % {"clock": clock_words(client.clock_off)})


def counted(rows: Sequence[Feed]) -> str:
    """What came of these tables in the last sync: "24 new, 3 changed."."""
    counts = [(sum(feed.last.get(name, 0) for feed in rows), words) for name, words in COUNTED.items()]
    return f"{', '.join(f'{count:,} {words}' for count, words in counts if count) or _('Nothing new')}."
