"""Each question by several ways of counting, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from comity.core.surveys import Tally as Answers
from comity.surveys.models import Tally, Wave
from comity.surveys.services import answer_filters
from comity.surveys.services.results import QuestionResult
from comity.surveys.views.responses import answers_url, breakdown_url, linked
from comity.surveys.views.results import sentences


@dataclass(frozen=True)
class Beside:
    """Each question by several ways of counting: a heading, what it means, the ways, and a row for each question.

    A name or a figure is a link where something stands behind it.
    """

    heading: str
    words: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, tuple[str, ...]]]

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each question with its figures, each under the name of its way."""
        return [(name, list(zip(self.head, cells, strict=True))) for name, cells in self.rows]


def weights(wave: Wave, core: Sequence[QuestionResult]) -> Beside | None:
    """Three ways of counting, side by side and each by its name; behind them stands what each partner said."""
    found = [one for one in core if one.one_vote is not None and one.one_vote.partners > 1]
    if not found:
        return None
    rows = [
        (
            linked(one.question.ask_en, breakdown_url(wave, Tally.Table.PARTNER, one.question)),
            (_each(one), sentences.weighted_words(one.one_vote), sentences.weighted_words(one.head_count)),
        )
        for one in found
    ]
    vote, heads = found[0].one_vote, found[0].head_count
    words = _(
        "One partner one vote: each of %(partners)s counts once, however many of its people "
        "answered. By head count: each counts by the number of its people, for the %(known)s "
        "whose number is known."
    ) % {"partners": vote.partners if vote else 0, "known": heads.partners if heads else 0}
    head = (_("Every answer equally"), _("One partner one vote"), _("By head count"))
    return Beside(_("Counted three ways"), words, head, rows)


def _each(found: QuestionResult) -> str:
    summary = found.summary
    if summary is None or summary.top is None:
        return "–"
    mean = "" if summary.mean is None else f"{sentences.number(summary.mean)}; "
    return f"{mean}{sentences.share(summary.top.share)}"


def early_late(wave: Wave, core: Sequence[QuestionResult]) -> Beside | None:
    """Whoever needed a reminder stands nearest to those who never answered."""
    found = [(one, one.early_late) for one in core if one.early_late is not None]
    rows = [
        (
            one.question.ask_en,
            (
                _share(wave, one, each.early, day_to=each.late_from - timedelta(days=1)),
                _share(wave, one, each.late, day_from=each.late_from),
                sentences.change_words(each.change),
            ),
        )
        for one, each in found
        if each.early.n and each.late.n
    ]
    if not rows:
        return None
    words = _(
        "Good answers of those who answered before %(day)s and from then on. People who needed a "
        "reminder are most like those who never answered: where late answers are worse, the "
        "missing ones are likely worse too."
    ) % {"day": date_format(found[0][1].late_from, "MONTH_DAY_FORMAT")}
    return Beside(
        _("Early and late answers"), words, (_("Early"), _("Late"), _("Late compared with early")), rows
    )


def _share(wave: Wave, found: QuestionResult, answers: Answers, **days: date) -> str:
    """How many of these were good, and of how many, each with its rows."""
    good = answers_url(wave, found.question, answer_filters.GOOD, **days)
    share = linked(sentences.share(answers.top_n / answers.n), good)
    whole = linked(sentences.whole(answers.n), answers_url(wave, found.question, "", **days))
    return format_html("{}\u00a0({})", share, whole)
