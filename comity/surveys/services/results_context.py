"""What stands beside a wave's figures: earlier waves, what was said in own words, and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from comity.core.surveys import Share, share_of
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import Mode, Question, Remark, Response, ResponseQuerySet, Tally, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.answers import core_tally, offered, places, scale_of

MOST_WAVES = 8  # in one picture
WORDS_A_PAGE = 200  # of a wave that keeps names back
KIND = Question.Kind

TALLIES_HEAD = (
    "table",
    "group",
    "name",
    "question",
    "answer",
    "count",
    "n",
    "dont_know",
    "left",
    "invited",
    "reached",
    "answered",
    "suppressed",
)
CODEBOOK_HEAD = (
    "question",
    "kind",
    "wording_en",
    "wording_es",
    "driver",
    "core",
    "outcome",
    "asked_only_if",
    "answer",
    "means_en",
    "means_es",
    "good",
)


@dataclass(frozen=True)
class Past:
    """One wave of a row of waves, and the good answers it got to each question; None where it shows none."""

    wave: Wave
    good: Mapping[str, Share | None]


def past_of(wave: Wave, questions: Iterable[Question]) -> list[Past]:
    """This wave and those of the same survey before it, oldest first. Two queries, however many there are."""
    asked = {one.key: one for one in questions if (scale := scale_of(one)) is not None and scale.top}
    waves = Wave.objects.filter(version__survey=wave.version.survey_id).exclude(state=Wave.State.DRAFT)
    if wave.opened_at is not None:
        waves = waves.filter(Q(opened_at__lte=wave.opened_at) | Q(pk=wave.pk))
    found = list(waves.order_by("-opened_at", "-pk")[:MOST_WAVES])[::-1]
    rows = Tally.objects.filter(wave__in=found, table=Tally.Table.ALL, question__in=list(asked))
    kept = {(row.wave_id, row.question): row for row in rows}
    past = [
        Past(each, {key: _good(question, kept.get((each.pk, key))) for key, question in asked.items()})
        for each in found
    ]
    return [one for one in past if any(one.good.values())]


def _good(question: Question, row: Tally | None) -> Share | None:
    if row is None or not row.n or row.counts is None or set(row.counts) - set(places(question)):
        return None  # hidden, without answers, or asked on another scale then
    tally = core_tally(question, row.counts, n=row.n, na=0, skipped=0)
    return share_of(tally.top_n, tally.n)


def said_by_name(wave: Wave, question: Question, user: User) -> ResponseQuerySet:
    """Answers with own words to this question, whose authors this person may know. Of a named wave only."""
    if wave.mode != Mode.NAMED:
        return Response.objects.none()
    rows = Response.objects.visible_to(user).complete().filter(wave=wave)
    return _with_words(rows, question)


def _with_words(rows: ResponseQuerySet, question: Question) -> ResponseQuerySet:
    """Those that say something, as `said`."""
    said = Cast(KeyTextTransform(question.key, "answers"), TextField())
    return rows.annotate(said=said).exclude(said=None).exclude(said__in=["", DONT_KNOW])


@dataclass(frozen=True)
class Said:
    """Some of the texts of a question, from the `first` of `total` on (counted from 1)."""

    texts: list[str]
    first: int = 1
    total: int = 0

    @property
    def last(self) -> int:
        return self.first + len(self.texts) - 1

    @property
    def page(self) -> int:
        return (self.first - 1) // WORDS_A_PAGE + 1


def said_without_names(wave: Wave, question: Question, page: int = 1) -> Said:
    """What was said in a wave that keeps names back, in random order: once it is closed, and enough answered it.

    page  counted from 1; one that is not there is the last

    The order tells nothing of when or by whom; no rating stands beside the words.
    """
    if wave.state != Wave.State.CLOSED or not wave.hides_who or _too_few(wave):
        return Said([])
    if wave.mode == Mode.ANONYMOUS:
        remarks = Remark.objects.filter(wave=wave, question=question.key).order_by("pk")
        total = remarks.count()
        first = _first_of(page, total)
        return Said(
            list(remarks.values_list("text", flat=True)[first : first + WORDS_A_PAGE]), first + 1, total
        )
    rows = _with_words(Response.objects.complete().filter(wave=wave), question)
    # By the alphabet: the keys of these rows stand on the survey office's own page, beside their authors.
    said = sorted(str(getattr(row, "said", "")) for row in rows.only("pk"))
    first = _first_of(page, len(said))
    return Said(said[first : first + WORDS_A_PAGE], first + 1, len(said))


def _first_of(page: int, total: int) -> int:
    last = max(total - 1, 0) // WORDS_A_PAGE + 1
    return (min(max(page, 1), last) - 1) * WORDS_A_PAGE


def _too_few(wave: Wave) -> bool:
    own = Tally.objects.filter(wave=wave, table=Tally.Table.ALL, question="").first()
    return own is None or own.n is None or own.n < wave.smallest_group


# --- files --------------------------------------------------------------------------------------------------------


def tally_lines(wave: Wave) -> Iterator[tuple[object, ...]]:
    """What was counted, as it may be shown: one line for each answer in each group. See TALLIES_HEAD."""
    names = _partner_names(wave)
    rows = wave.tallies.order_by("table", "group", "question")
    for row in rows.iterator(chunk_size=500):
        name = names.get(row.group, "") if row.table == Tally.Table.PARTNER else row.group
        start = (row.table, row.group, name, row.question)
        if not row.question:
            hidden = "yes" if row.is_hidden else "no"
            yield (*start, "", None, None, None, None, row.invited, row.reached, row.n, hidden)
        elif row.n is None:
            yield (*start, "", None, None, None, None, None, None, None, "yes")
        else:
            for answer, count in (row.counts or {"": None}).items():
                yield (*start, answer, count, row.n, row.na, row.skipped, None, None, None, "no")


def _partner_names(wave: Wave) -> dict[str, str]:
    groups = wave.tallies.filter(table=Tally.Table.PARTNER, question="").values_list("group", flat=True)
    wanted = [int(group) for group in groups if group.isdecimal()]
    return {str(pk): name for pk, name in Partner.objects.filter(pk__in=wanted).values_list("pk", "name")}


def codebook_lines(wave: Wave) -> Iterator[tuple[object, ...]]:
    """What each column and each number of the other files means: one line for each answer to each question."""
    for question in wave.version.questions.all():
        only_if = ""
        if question.show_if_question:
            values = ", ".join(str(value) for value in question.show_if_values)
            only_if = f"{question.show_if_question}: {values}"
        start = (
            question.key,
            question.kind,
            question.ask_en,
            question.ask_es,
            question.driver,
            question.core,
            question.outcome,
            only_if,
        )
        for answer, english, spanish, good in _meanings(question):
            yield (*start, answer, english, spanish, good)


def _meanings(question: Question) -> Iterator[tuple[str, str, str, str]]:
    """Every answer as the files have it, its meaning in both languages, and whether it counts as good."""
    scale = scale_of(question)
    if scale is None:
        yield "", "own words", "palabras propias", ""
    else:
        order = offered(question, "en")
        words = dict(zip((str(each) for each, _ in order), order, strict=True))
        spanish = dict(offered(question, "es"))
        for place, value in zip(places(question), scale.values, strict=True):
            key = {"1": "yes", "0": "no"}[place] if question.kind == KIND.YES_NO else place
            good = ("yes" if value in scale.top else "no") if scale.top else ""
            yield key, words[key][1], spanish.get(key, ""), good
    if question.dont_know:
        yield DONT_KNOW, "I don’t know", "No sé", ""
