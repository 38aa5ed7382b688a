"""Each question by several ways of counting, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.surveys.services.results import QuestionResult
from comity.surveys.views.results import sentences


@dataclass(frozen=True)
class Beside:
    """Each question by several ways of counting: a heading, what it means, the ways, and a row for each question."""

    heading: str
    words: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, tuple[str, ...]]]

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each question with its figures, each under the name of its way."""
        return [(name, list(zip(self.head, cells, strict=True))) for name, cells in self.rows]


def weights(core: Sequence[QuestionResult]) -> Beside | None:
    """Three ways of counting, side by side and each by its name."""
    rows = [
        (
            one.question.said("ask", "en"),
            (_each(one), sentences.weighted_words(one.one_vote), sentences.weighted_words(one.head_count)),
        )
        for one in core
        if one.one_vote is not None and one.one_vote.partners > 1
    ]
    if not rows:
        return None
    first = next(one for one in core if one.one_vote is not None and one.one_vote.partners > 1)
    vote, heads = first.one_vote, first.head_count
    words = _(
        "One partner one vote: each of %(partners)s counts once, however many of its people answered. By head count: "
        "each by the number of its people, of the %(known)s whose number is known."
    ) % {"partners": vote.partners if vote else 0, "known": heads.partners if heads else 0}
    head = (_("Every answer alike"), _("One partner one vote"), _("By head count"))
    return Beside(_("Counted three ways"), words, head, rows)


def _each(found: QuestionResult) -> str:
    summary = found.summary
    if summary is None or summary.top is None:
        return "–"
    mean = "" if summary.mean is None else f"{sentences.number(summary.mean)}; "
    return f"{mean}{sentences.share(summary.top.share)}"


def early_late(core: Sequence[QuestionResult]) -> Beside | None:
    """Whoever needed a reminder stands nearest to those who never answered."""
    found = [(one, one.early_late) for one in core if one.early_late is not None]
    if not found:
        return None
    rows = [
        (
            one.question.said("ask", "en"),
            (
                f"{sentences.share(each.early.top_n / each.early.n)}\u00a0({each.early.n})",
                f"{sentences.share(each.late.top_n / each.late.n)}\u00a0({each.late.n})",
                sentences.change_words(each.change),
            ),
        )
        for one, each in found
        if each.early.n and each.late.n
    ]
    if not rows:
        return None
    words = _(
        "Good answers of those who answered before %(day)s and from then on. Who needed a reminder stands nearest to "
        "those who never answered: where late answers are worse, the silent are likely to be worse too."
    ) % {"day": date_format(found[0][1].late_from, "MONTH_DAY_FORMAT")}
    return Beside(_("Early and late answers"), words, (_("Early"), _("Late"), _("Late against early")), rows)
