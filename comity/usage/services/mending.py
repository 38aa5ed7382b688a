"""What was set aside, put right in bulk: say whose an account is, which offering a meter counts, or leave rows out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity import jobs
from comity.audit import services as audit
from comity.editing.keeping import Keeping
from comity.editing.values import Values
from comity.jobs.progress import Progress
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Offering
from comity.usage.judging import ASIDE, EXCLUDED, explanation, judge
from comity.usage.models import Account, Batch, Meter, SetAside, Source
from comity.usage.services.loading import clear, keep, take_turn, view_left
from comity.usage.store import Engine, Store, engine

MEND_WORK = "usage.mend"
TRY_AGAIN, LEAVE_OUT = "usage.try_again", "usage.leave_out"
NAMES: dict[type[Account | Meter], Keeping[Any]] = {
    Account: Keeping(Account, gettext_lazy("an account")),
    Meter: Keeping(Meter, gettext_lazy("a meter")),
}


@transaction.atomic
def mend(source: Source, answers: Sequence[tuple[str, Partner | Offering]], *, by: User) -> Source:
    """Say what names of a source mean, and try again what was set aside, in the background. Raises DomainError."""
    for name, to in answers:
        model = Account if isinstance(to, Partner) else Meter
        if not model.objects.filter(source=source, name=name).exists():
            NAMES[model].enter({"source": source, "name": name, model.means: to}, by=by)
    return try_again(source, by=by)


@transaction.atomic
def try_again(source: Source, *, by: User) -> Source:
    """Judge anew what was set aside of a source, by what is known now. Raises DomainError."""
    return _start(source, TRY_AGAIN, by)


@transaction.atomic
def leave_out(chosen: Iterable[SetAside], *, why: str, by: User) -> int:
    """Count rows that were set aside as left out, and say why; how many. Raises DomainError."""
    of: dict[Source, list[SetAside]] = defaultdict(list)
    for each in chosen:
        of[each.batch.source].append(each)
    for source, own in of.items():
        facts = {"why": why, "rows": sum(each.rows for each in own)}
        groups = [[each.batch_id, each.reason, each.said] for each in own]
        _start(source, LEAVE_OUT, by, after=facts, why=why, groups=groups)
    return sum(each.rows for own in of.values() for each in own)


def _start(source: Source, action: str, by: User, after: Values | None = None, **more: Any) -> Source:
    """Have it mended in the background, and say so in the trail; `more` is for `do_mend`."""
    label = _("Trying again what was set aside of %(source)s") % {"source": source}
    url, arguments = source.get_absolute_url(), {"source_id": source.pk, **more}
    take_turn(source.pk, jobs.start(MEND_WORK, arguments, label=label, by=by, url=url))
    audit.record(by=by, action=action, target=source, after=after)
    return source


def do_mend(
    progress: Progress, *, source_id: int, why: str = "", groups: Sequence[Sequence[Any]] = ()
) -> str:
    """Background work: judge anew what was set aside, file by file; or leave groups of it out."""
    source = Source.objects.get(pk=source_id)
    take_turn(source_id, progress.work)
    batches = list(source.batches.loaded().filter(set_aside__gt=0).select_related("source").order_by("pk"))
    clear(batches)
    before = sum(batch.set_aside for batch in batches)
    for done, batch in enumerate(batches):
        progress.say(done, len(batches), batch.name)
        own = [f"{reason}:{said}" for pk, reason, said in groups if pk == batch.pk]
        if own or not groups:
            _mend(batch, progress, why, own)
            clear([batch])
    count = before - sum(batch.set_aside for batch in batches)
    return ngettext("%(n)s row was mended.", "%(n)s rows were mended.", count) % {"n": f"{count:,}"}


def _mend(batch: Batch, progress: Progress, why: str, groups: Sequence[str]) -> None:
    with Store.here().workshop() as folder, engine(folder) as db:
        headers = _stage(db, batch)
        if groups:
            db.execute(
                f"CREATE TABLE judged AS SELECT * EXCLUDE (cells) FROM before WHERE outcome = '{ASIDE}'"
            )
            db.execute(
                f"""UPDATE judged SET outcome = '{EXCLUDED}', why = $why
                WHERE reason || ':' || said IN (SELECT unnest($groups))""",
                {"why": why, "groups": groups},
            )
        else:
            judge(db, batch, headers, {**batch.mapping, **batch.source.mapping})
        keep(db, folder, batch, progress, headers)


def _stage(db: Engine, batch: Batch) -> list[str]:
    """The cells of what was set aside, as they stood in the file; and their headers."""
    headers = view_left(db, batch)
    cells = ", ".join(f"map_values(cells)[{place + 1}] AS c{place}" for place in range(len(headers)))
    db.execute(
        f"""CREATE TABLE staged AS SELECT line, CASE WHEN reason = '{SetAside.Reason.UNREADABLE}' THEN said ELSE '' END
            AS problem, row_id, content, {cells} FROM before WHERE outcome = '{ASIDE}'"""
    )
    return headers


def set_aside(batch: Batch) -> Iterator[list[Any]]:
    """What was set aside as a CSV has it, its head first, to be mended and loaded again: line, reason, the cells of the file."""
    with engine() as db:
        yield ["line", "reason", *(view_left(db, batch) if batch.turn else [])]
        if not batch.turn:
            return
        query = f"SELECT line, reason, said, map_values(cells) FROM before WHERE outcome = '{ASIDE}' ORDER BY line"
        found = db.execute(query)
        while some := found.fetchmany(5_000):
            for line, reason, said, cells in some:
                yield [line, explanation(reason, said), *cells]
