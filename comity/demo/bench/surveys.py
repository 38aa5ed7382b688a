"""A wave with 50,000 answers, and 200 waves beside it: counting, closing, and reading what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from time import monotonic, process_time
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comity.demo.bench.big import BATCH, write
from comity.demo.bench.pages import Bound, page
from comity.imports import setwise
from comity.jobs import Progress
from comity.jobs.models import Work
from comity.jobs.progress import Unwatched
from comity.outbox.models import Message
from comity.partners.models import Partner, Position
from comity.people import tokens
from comity.people.models import User
from comity.surveys.models import Held, Mode, Participant, Question, Response, Survey, Tally, Version, Wave
from comity.surveys.services import closing, counting, sending
from comity.surveys.services.results import breakdown, results_of
from comity.surveys.services.sealing import held_key, sealed

ANSWERS, BESIDE = 50_000, 200
NAMED, ANONYMOUS, CHANGED = "bench-named", "bench-anonymous", "bench-changed"
READ_MS, READ_QUERIES, PAGE_QUERIES = 300, 6, 12
LOCK_SECONDS = 2.0
INVITED_AT, INVITE_SECONDS = 2_000, 10.0  # bodies, ten people each; seconds for 20,000 invitations
DRIVERS = ("ease", "time", "staff", "value", "trust", "clarity", "need")


def measure_surveys() -> bool:
    """Print a line for each; whether all are within their bounds."""
    _build()
    print(f"\n{'surveys, ' + format(ANSWERS, ',') + ' answers':<46}{'queries':>9}{'CPU ms':>9}{'seconds':>9}")
    kept = [
        _took("count a named wave for the first time", lambda: counting.refresh(_wave(NAMED))),
        _took("count it again after one more answer", _one_more),
        _closed(),
        _invited(),
    ]
    for key in (NAMED, ANONYMOUS):
        kept += [_read(f"results, {_wave(key).mode}", key), _read_breakdown(key)]
    kept.append(_read("results of a wave beside, 3 answers", "beside-1"))
    kept += [
        _shown("the page of results, with its charts", "results"),
        _shown("  the same to print (PDF)", "report"),
    ]
    return all(kept)


def _wave(key: str) -> Wave:
    return Wave.objects.select_related("version", "against").get(key=key)


def _line(what: str, queries: int | str, cpu: float, seconds: float, *, kept: bool) -> bool:
    print(f"{what:<46}{queries:>9}{cpu:>9.0f}{seconds:>9.1f}{'' if kept else '   over its bound'}")
    return kept


def _took(what: str, work: Callable[[], object]) -> bool:
    cpu, began = process_time(), monotonic()
    work()
    return _line(what, "", (process_time() - cpu) * 1000, monotonic() - began, kept=True)


def _one_more() -> None:
    response = Response.objects.filter(wave__key=NAMED).first()
    if response is not None:
        response.answers, response.revision = {**response.answers, "overall": 1}, response.revision + 1
        response.save()
    counting.refresh(_wave(NAMED))


def _closed() -> bool:
    """How long closing an anonymous wave takes, and how long of that it holds the database. Held anew each time."""
    wave = _wave(ANONYMOUS)
    _reopen(wave)
    closing.close_wave(wave.pk, by="bench")
    work = Work.objects.filter(task=closing.CLOSING).latest("pk")
    Work.objects.filter(pk=work.pk).update(state=Work.State.RUNNING)
    work.refresh_from_db()
    held: list[tuple[float, float]] = []
    with _clocked(held):
        cpu, began = process_time(), monotonic()
        closing.finish(Progress(work), wave_id=wave.pk)
        used, took = (process_time() - cpu) * 1000, monotonic() - began
    work.delete()
    _line("close an anonymous wave", "", used, took, kept=True)
    seconds, busy = max(held)
    return _line("  of that it holds the database", "", busy * 1000, seconds, kept=seconds <= LOCK_SECONDS)


@contextmanager
def _clocked(held: list[tuple[float, float]]) -> Iterator[None]:
    """Notes how long each freezing transaction lasts, and how much of that this process works."""
    quick = closing._freeze

    def slow(wave: Wave, figures: dict[str, Any], parted: Any) -> None:
        cpu, began = process_time(), monotonic()
        quick(wave, figures, parted)
        held.append((monotonic() - began, process_time() - cpu))

    closing._freeze = slow
    try:
        yield
    finally:
        closing._freeze = quick


def _invited() -> bool:
    """Inviting everybody at two thousand partners: finding whom, and writing each a mail. Taken back afterwards."""
    partners = list(Partner.objects.order_by("pk").values_list("pk", flat=True)[:INVITED_AT])
    facts = {"audience": {"partners": partners}, "state": Wave.State.OPENING}
    version = _wave(NAMED).version
    wave = Wave.objects.create(
        key="bench-inviting", name="bench", version=version, opened_at=timezone.now(), **facts
    )
    before = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    cpu, began = process_time(), monotonic()
    sending.invite(Unwatched(), wave_id=wave.pk)
    used, took = (process_time() - cpu) * 1000, monotonic() - began
    count = wave.participants.filter(state=Participant.State.SENT).count()
    setwise.delete(Message.objects.filter(pk__gt=before))
    setwise.delete(wave.participants.all())
    wave.delete()
    kept = took / max(count, 1) <= INVITE_SECONDS / 20_000
    return _line(f"invite {count:,} people", "", used, took, kept=kept)


def _read(what: str, key: str) -> bool:
    def read() -> object:
        return results_of(Wave.objects.get(key=key))

    return _reading(what, read)


def _read_breakdown(key: str) -> bool:
    wave = _wave(key)
    question = wave.version.questions.get(key="overall")
    return _reading("  one question by kind", lambda: breakdown(wave, question, Tally.Table.KIND))


def _reading(what: str, read: Callable[[], object]) -> bool:
    read()
    with CaptureQueriesContext(connection) as captured:
        read()
    times = []
    for _time in range(9):
        cpu = process_time()
        read()
        times.append((process_time() - cpu) * 1000)
    took = sorted(times)[4]
    queries = len(captured)
    return _line(what, queries, took, took / 1000, kept=queries <= READ_QUERIES and took <= READ_MS)


def _shown(what: str, view: str) -> bool:
    """What a person asks for, drawn and set; not only the figures in it."""
    address = reverse(f"surveys:{view}", args=[_wave(NAMED).pk])
    found = page(what, User.objects.order_by("pk")[0], address, Bound(queries=PAGE_QUERIES, cpu_ms=READ_MS))
    return _line(what, found.queries, found.cpu_ms, found.cpu_ms / 1000, kept=found.kept)


# --- building -----------------------------------------------------------------------------------------------------


def _build() -> None:
    if Wave.objects.filter(key=NAMED).exists():
        return
    version = make_version()
    chance = Random(50)
    posts = list(_posts())
    before = make_wave(version, "bench-before", Mode.NAMED)
    _answer(before, posts, chance)
    named = make_wave(version, NAMED, Mode.NAMED, against=before)
    _answer(named, posts, chance)
    anonymous = make_wave(version, ANONYMOUS, Mode.ANONYMOUS)
    _invite(anonymous, posts)
    for number in range(BESIDE):
        wave = make_wave(version, f"beside-{number}", Mode.NAMED)
        _answer(wave, posts[number * 3 : number * 3 + 3], chance)
        counting.refresh(wave)
    counting.refresh(before)


def make_version() -> Version:
    """Ten questions: overall, one for each driver, whether one would recommend us, and what to change."""
    survey = Survey.objects.create(key="bench", name="How we did", purpose="annual")
    version = Version.objects.create(survey=survey, number=1, title_en="How?", frozen_at=timezone.now())
    kind = Question.Kind
    asked: list[dict[str, Any]] = [
        {"key": "overall", "kind": kind.RATING, "ask_en": "How satisfied?", "outcome": True, "core": True},
        *(
            {"key": driver, "kind": kind.RATING, "ask_en": driver, "driver": driver, "core": True}
            for driver in DRIVERS
        ),
        {"key": "recommend", "kind": kind.RECOMMEND, "ask_en": "Recommend?"},
        {"key": "change", "kind": kind.TEXT, "ask_en": "What to change?"},
    ]
    for order, facts in enumerate(asked):
        Question.objects.create(version=version, order=order, **facts)
    return version


def _posts() -> Iterator[tuple[int, int, str, str]]:
    """One post of each of 50,000 people: person, partner, kind, tier."""
    rows = (
        Position.objects.filter(person__isnull=False)
        .order_by("person", "pk")
        .values_list("person", "partner", "partner__kind", "partner__tier__name")
    )
    seen = None
    count = 0
    for person, partner, kind, tier in rows.iterator(chunk_size=BATCH):
        if person != seen and count < ANSWERS:
            seen, count = person, count + 1
            yield person, partner, kind, tier or ""


def make_wave(version: Version, key: str, mode: str, **facts: Any) -> Wave:
    """One that is open for three months."""
    return Wave.objects.create(
        key=key,
        name=key,
        version=version,
        mode=mode,
        state=Wave.State.OPEN,
        opened_at=timezone.now(),
        closes_on=timezone.localdate() + timedelta(days=90),
        has_answers=True,
        **facts,
    )


def _answers(chance: Random) -> dict[str, Any]:
    overall = chance.choice((1, 2, 3, 3, 4, 4, 4, 5, 5))
    said: dict[str, Any] = {"overall": overall, "recommend": min(10, overall * 2)}
    for driver in DRIVERS:
        said[driver] = (
            "na" if chance.random() < 0.05 else max(1, min(5, overall + chance.choice((-1, 0, 0, 1))))
        )
    if chance.random() < 0.2:
        said["change"] = "Answer the phone before noon, please."
    return said


def _invite(wave: Wave, posts: list[tuple[int, int, str, str]], *, answered: bool = False) -> None:
    people = (
        Participant(
            wave=wave,
            person_id=person,
            partner_id=partner,
            kind=kind,
            tier=tier,
            size=("small", "medium", "large")[partner % 3],
            state=Participant.State.SENT,
            token_hash=tokens.new_token()[1],
            answered=answered,
        )
        for person, partner, kind, tier in posts
    )
    write(Participant, people)


def _answer(wave: Wave, posts: list[tuple[int, int, str, str]], chance: Random) -> None:
    _invite(wave, posts, answered=True)
    day = timezone.localdate()
    rows = (
        Response(
            wave=wave,
            participant_id=pk,
            person_id=person,
            partner_id=partner,
            answers=_answers(chance),
            is_complete=True,
            day=day - timedelta(days=chance.randrange(14)),
        )
        for pk, person, partner in wave.participants.values_list("pk", "person", "partner")
    )
    write(Response, rows)


@transaction.atomic
def _reopen(wave: Wave) -> None:
    """As it was before it was closed, with an answer held for everybody."""
    chance = Random(51)
    for rows in (wave.remarks, wave.tallies, wave.held):
        setwise.delete(rows.all())
    links = {pk: tokens.new_token()[1] for pk in wave.participants.values_list("pk", flat=True)}
    setwise.update(Participant, ((pk, {"token_hash": token_hash}) for pk, token_hash in links.items()))
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.OPEN, closed_at=None, figures={}, figures_at=None)
    held = (
        Held(wave=wave, key=key, answers=sealed(_answers(chance), key), is_complete=True)
        for key in map(held_key, links.values())
    )
    write(Held, held)
