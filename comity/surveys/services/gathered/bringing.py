"""Bringing a file of answers in: the wave is made where there is none, the rows are kept together, then it is counted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.imports import reading, setwise
from comity.jobs.progress import Unwatched
from comity.partners.importing.directory import standing_partners
from comity.people.models import User
from comity.surveys.models import Mode, Participant, Question, Response, Rules, Survey, Version, Wave
from comity.surveys.services.closing import finish
from comity.surveys.services.gathered.columns import Columns, Spec, columns_of
from comity.surveys.services.gathered.rows import Answer, Problem, Reader
from comity.surveys.services.hearing import hear_gathered
from comity.surveys.services.results import POPULATION

IMPORT = "surveys.import_responses"
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
COLUMNS = ("id", "wave", "participant", "person", "partner", "answers", "is_complete", "may_contact")
MORE = ("language", "day", "revision", "follow_up")
BATCH = 2_000


@dataclass
class Outcome:
    """What became of the rows; new, changed, same and problems add up to `rows`.

    made     whether the wave was made, or would be
    changed  rows that were known, and are understood otherwise now: another column is mapped, or another code
    raised   how many follow-ups were raised
    """

    wave: str
    headers: Sequence[str]
    made: bool = False
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    raised: int = 0
    problems: list[Problem] = field(default_factory=list)


def bring(
    path: Path,
    *,
    wave_key: str,
    spec: Spec,
    by: Actor,
    name: str = "",
    population: int | None = None,
    raise_low: bool = False,
    rehearse: bool = False,
) -> Outcome:
    """Bring in the answers of a CSV or XLSX file.

    name        of a wave that is made; its key unless said otherwise
    population  how many could have answered, where that is known
    raise_low   raise a follow-up for each answer with a low rating that has none yet
    rehearse    say what would become of the rows, and write nothing

    The rows are kept in one transaction, with the wave and its questions where they are made; then they are counted.
    Raises DomainError, and nothing is written: no table, no such column or question, a column of which nothing answers its
    question, a wave that asks people itself.
    """
    wave = _wave(wave_key)
    table = reading.open_table(path)
    columns = columns_of(spec, table.headers, wave)
    bodies = standing_partners() if columns.partner is not None else None
    reader = Reader(columns, wave_key=wave_key, na=tuple(spec.na), bodies=bodies)
    outcome = Outcome(wave_key, table.headers, made=wave is None)
    kept = _sorted_out(reader, table, wave, outcome)
    reader.refuse_wrong_columns()
    _refuse_population(population, wave, outcome.new)
    if rehearse:
        return outcome
    if kept.new or kept.changed:
        wave = _keep(wave, wave_key, name or wave_key, columns, kept, by=by, population=population)
    elif wave is not None and population is not None:
        _set_population(wave, population)
    if wave is not None and Wave.objects.filter(pk=wave.pk, state=Wave.State.CLOSING).exists():
        finish(Unwatched(), wave_id=wave.pk)
    if wave is not None and raise_low:
        outcome.raised = _raise(wave)
    return outcome


def _wave(key: str) -> Wave | None:
    """The wave of this key, if there is one. Raises DomainError if answers cannot be brought into it."""
    if not KEY.fullmatch(key):
        raise DomainError(
            _("“%(key)s” cannot be a wave's key: use small letters, digits and hyphens, up to 60.")
            % {"key": key[:80]}
        )
    wave = Wave.objects.select_related("version").filter(key=key).first()
    if wave is None or wave.imported:
        return wave
    if wave.state != Wave.State.DRAFT:
        raise DomainError(
            _("“%(wave)s” asks people itself. Answers gathered elsewhere go into a wave of their own.")
            % {"wave": wave}
        )
    if wave.mode == Mode.ANONYMOUS:
        raise DomainError(
            _("“%(wave)s” is anonymous: only answers given here can be parted from their authors.")
            % {"wave": wave}
        )
    return wave


@dataclass
class _Kept:
    """What is to be written."""

    new: list[Answer] = field(default_factory=list)
    changed: list[Answer] = field(default_factory=list)


def _sorted_out(reader: Reader, table: reading.Table, wave: Wave | None, outcome: Outcome) -> _Kept:
    """Rows to write; all are counted in the outcome."""
    there = Response.objects.filter(wave=wave).values_list("pk", "answers", "partner")
    known = {} if wave is None else {pk: (answers, partner) for pk, answers, partner in there.iterator()}
    mapped = reader.mapped
    kept = _Kept()
    for row in reader.read(table):
        outcome.rows += 1
        if isinstance(row, Problem):
            outcome.problems.append(row)
        elif row.key not in known:
            kept.new.append(row)
        else:
            was, partner = known[row.key]
            # What other columns said, when those were mapped, stays.
            now = {key: said for key, said in was.items() if key not in mapped} | row.answers
            body = row.partner if reader.names_bodies else partner
            if (now, body) == (was, partner):
                outcome.same += 1
            else:
                kept.changed.append(replace(row, answers=now, partner=body))
    outcome.new, outcome.changed = len(kept.new), len(kept.changed)
    return kept


def _refuse_population(population: int | None, wave: Wave | None, new: int) -> None:
    if population is None:
        population = None if wave is None else wave.audience.get(POPULATION)
    answers = new + (0 if wave is None else wave.responses.count())
    if population is not None and answers > population:
        raise DomainError(
            _("%(answers)s people answered, so there cannot be only %(population)s.")
            % {"answers": f"{answers:,}", "population": f"{population:,}"}
        )


@transaction.atomic
def _keep(
    wave: Wave | None,
    key: str,
    name: str,
    columns: Columns,
    kept: _Kept,
    *,
    by: Actor,
    population: int | None,
) -> Wave:
    """Write the answers, and the wave where there is none; it is left to be counted."""
    if wave is None:
        wave = _made(key, name, columns, by)
    else:
        wave = Wave.objects.select_for_update(of=("self",)).select_related("version").get(pk=wave.pk)
        _take_over(wave)
    if population is not None:
        wave.audience, wave.everyone = {POPULATION: population}, True
    wave.state = Wave.State.CLOSING
    wave.save()
    setwise.insert(
        Response,
        (*COLUMNS, *MORE),
        [
            (
                one.key,
                wave.pk,
                None,
                None,
                one.partner,
                json.dumps(one.answers),
                True,
                False,
                "",
                None,
                1,
                None,
            )
            for one in kept.new
        ],
    )
    Response.objects.bulk_update(
        [Response(pk=one.key, answers=one.answers, partner_id=one.partner) for one in kept.changed],
        ["answers", "partner"],
        batch_size=BATCH // 4,
    )
    audit.record(
        by=by,
        action=IMPORT,
        target=wave,
        after={"new": len(kept.new), "changed": len(kept.changed), "population": population},
    )
    return wave


def _made(key: str, name: str, columns: Columns, by: Actor) -> Wave:
    """A wave, with a survey of its own whose questions are the columns."""
    now = timezone.now()
    survey = Survey.objects.create(key=_free(key), name=name[:200], purpose="own")
    version = Version.objects.create(survey=survey, number=1, title_en=name[:200], frozen_at=now)
    for question in columns.questions.values():
        question.version = version
    Question.objects.bulk_create(columns.questions.values())
    return Wave.objects.create(
        key=key,
        name=name[:200],
        version=version,
        mode=Mode.NAMED,
        imported=True,
        everyone=False,
        has_answers=True,
        opened_at=now,
        created_by=by if isinstance(by, User) else None,
    )


def _take_over(wave: Wave) -> None:
    """A wave in preparation becomes one of answers gathered elsewhere: its questions are frozen, nobody is invited."""
    if wave.imported:
        return
    if wave.state != Wave.State.DRAFT or Participant.objects.filter(wave=wave).exists():
        raise DomainError(_("“%(wave)s” was opened meanwhile.") % {"wave": wave})
    now = timezone.now()
    wave.imported, wave.has_answers, wave.everyone, wave.opened_at = True, True, False, now
    Version.objects.filter(pk=wave.version_id, frozen_at=None).update(frozen_at=now)


def _set_population(wave: Wave, population: int) -> None:
    wave.audience, wave.everyone = {**wave.audience, POPULATION: population}, True
    wave.save(update_fields=["audience", "everyone"])


def _free(key: str) -> str:
    taken = set(Survey.objects.filter(key__startswith=key[:50]).values_list("key", flat=True))
    names = [key, *(f"{key[:50]}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _raise(wave: Wave) -> int:
    """Raise what is low and was not raised before; how many. Each is a transaction of its own."""
    low_rating = (Rules.objects.order_by("pk").first() or Rules()).low_rating
    questions = list(wave.version.questions.all())
    waiting = Response.objects.filter(wave=wave, follow_up=None).order_by("pk").values_list("pk", flat=True)
    raised = 0
    for keys in setwise.chunks(list(waiting), BATCH):
        for response in Response.objects.filter(pk__in=keys).select_related("partner", "person"):
            raised += hear_gathered(response, wave, questions, low_rating) is not None
    return raised
