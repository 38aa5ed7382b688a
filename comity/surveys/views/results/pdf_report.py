"""Two sheets of a wave for whoever has five minutes: the words and figures of its page of results, and no others.

What the template reads (`comity/surveys/report/report.typ`); every text is plain:

    title, kicker, office, sentence, lead, promise, why, footer, too_few; name: the title for who does not see it
    facts     [name, words] each
    pages     what stands at the foot of each
    core      heading, head, more, rows: each words and note of the question, and cells (none where it is hidden);
              a cell and what is in the head are words and note
    extremes  heading, said
    spread    heading, head, note, rows: words, share, svg, and what it says in words: alt
    drivers   heading, said, head, rows, note
    how       heading, said

Of a wave that shows nothing `core`, `extremes`, `spread` and `drivers` are None, and there is one sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_safe

from comity.core.surveys import tells_percent
from comity.office import services as office
from comity.people.access import Request, requires
from comity.people.models import User
from comity.surveys.capabilities import READ
from comity.surveys.forms.waves import PROMISES
from comity.surveys.models import Mode
from comity.surveys.services.results import QuestionResult, Results, results_of
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.results import sections, sentences
from comity.surveys.views.results.page import measured_of
from comity.ui.charts import Sheet
from comity.ui.typesetting import pdf_response, printable, typeset

TEMPLATE = Path(__file__).resolve().parents[2] / "report" / "report.typ"
MOST_QUESTIONS = 12  # on a sheet
BAR = 360  # pixels of a bar, which the sheet makes as wide as its column
# Letters of a question, of a wave in a table, of a sentence.
LONGEST_NAME, LONGEST_HEAD, LONGEST_SAID = 100, 40, 400

Data = dict[str, Any]


@require_safe
@requires(READ)
def report(request: Request, pk: int) -> HttpResponse:
    """The wave on two sheets, as a PDF."""
    wave = wave_or_404(request, pk, "against")
    with override("en"):  # the language the file says it is in
        made = typeset(TEMPLATE, report_of(results_of(wave), request.user))
    return pdf_response(made, f"results-{slugify(wave.key) or wave.pk}-{office.today().isoformat()}")


def report_of(results: Results, user: User) -> Data:
    """All that stands on the sheets; see above."""
    wave = results.wave
    nothing = results.too_few
    pages = 1 if nothing else 2
    title = wave.name if printable(wave.name) else wave.key
    return {
        "title": title,
        "name": title,
        "kicker": _cut(
            " · ".join([*office.current_office().letterhead, str(wave.version.survey)]), LONGEST_NAME
        ),
        "office": office.current_office().name,
        "sentence": sentences.heading(results),
        "lead": sentences.lead(results, user) if nothing else "",
        "promise": _("These answers were gathered elsewhere and imported.")
        if wave.imported
        else str(PROMISES[Mode(wave.mode)]),
        "why": sentences.why_nothing(wave) if nothing else "",
        "footer": _footer(results),
        "too_few": sentences.too_few(),
        "facts": _facts(results),
        "pages": [_("Page %(n)s of %(all)s") % {"n": n, "all": pages} for n in range(1, pages + 1)],
        "how": _how(results),
        **(dict.fromkeys(("core", "extremes", "spread", "drivers")) if nothing else _figures(results)),
    }


def _figures(results: Results) -> Data:
    core, others = measured_of(results)
    shown = core[:MOST_QUESTIONS]
    pictures = (*sections.answers([*core, *others], results.wave)[:1], sections.changes(core, results))
    extremes = [_cut(picture.title, LONGEST_SAID) for picture in pictures if picture is not None]
    return {
        "core": _core(results, shown),
        "extremes": {"heading": _("Strongest and weakest"), "said": extremes} if extremes else None,
        "spread": _spread(shown),
        "drivers": _drivers(results),
    }


def _facts(results: Results) -> list[tuple[str, str]]:
    """What is known of the wave; how many were asked and answered only where the page says it."""
    wave = results.wave
    facts = []
    if not results.too_few and results.answered is not None:
        if results.invited is not None:
            facts.append((_("Asked"), sentences.whole(results.invited)))
        if not wave.imported:
            facts.append((_("Reached"), sentences.whole(results.reached)))
        facts.append((_("Answered"), sentences.whole(results.answered)))
        if results.reached and tells_percent(results.answered, results.reached):
            facts.append((_("Response rate"), sentences.share(results.response_rate)))
    if wave.opened_at is not None:
        facts.append((_("Opened"), _day(wave.opened_at)))
    if wave.closed_at is not None:
        facts.append((_("Closed"), _day(wave.closed_at)))
    elif wave.closes_on is not None:
        facts.append((_("Last day to answer"), date_format(wave.closes_on, "DATE_FORMAT")))
    if results.against is not None:
        facts.append((_("Compared with"), _cut(results.against.name, LONGEST_HEAD)))
    return [*facts, (_("Anonymity"), str(wave.get_mode_display()))]


def _core(results: Results, shown: Sequence[QuestionResult]) -> Data:
    interval = _("95% interval")
    head = [(_("Question"), ""), (_("Answers"), ""), (_("Mean"), interval), (_("Good answers"), interval)]
    if results.against is not None:
        since = _("Since %(wave)s") % {"wave": _cut(results.against.name, LONGEST_HEAD)}
        head.append((since, _("95% interval; p")))
    left = len(results.questions) - len(shown)
    more = ngettext(
        "%(count)s more question is on the results page, with all figures by kind, tier, size and partner.",
        "%(count)s more questions are on the results page, with all figures by kind, tier, size and partner.",
        left,
    )
    return {
        "heading": _("The core questions"),
        "head": _cells(head),
        "rows": [_row(one, compared=results.against is not None) for one in shown],
        "more": more % {"count": left} if left else "",
    }


def _row(found: QuestionResult, *, compared: bool) -> Data:
    row = sentences.in_words(found)
    cells = [(row.n, ""), (row.mean, row.mean_ci), (row.top, row.top_ci)]
    if compared:
        cells.append((sentences.change_words(found.change) or "–", sentences.change_note(found.change)))
    return {
        "words": _cut(found.question.ask_en, LONGEST_NAME),
        "note": sentences.score_words(found.summary.score) if found.summary else "",
        "cells": _cells(cells) if found.summary else [],
    }


def _cells(cells: Sequence[tuple[str, str]]) -> list[Data]:
    return [{"words": words, "note": note} for words, note in cells]


def _spread(shown: Sequence[QuestionResult]) -> Data | None:
    """Each question of the first one's scale as the page draws it: two scales in the same colors would be read as one."""
    alike = next(iter(sections.by_scale(shown)), [])
    rows = [
        {
            "words": _cut(one.question.ask_en, LONGEST_NAME),
            "share": sentences.part_of(top.count, top.n),
            "alt": f"{one.question.ask_en} {shares.said}",
            "svg": shares.draw(Sheet(BAR)),
        }
        for one, top, shares in sections.spread(alike)
    ]
    if not rows:
        return None
    return {
        "heading": _("How the answers are spread"),
        "head": [_("Question"), _("Shares"), _("Good answers")],
        "note": sections.spread_note(sections.scale_kind(alike[0])),
        "rows": rows,
    }


def _drivers(results: Results) -> Data | None:
    """What goes with satisfaction, or why that cannot be said; None where the survey does not ask for it."""
    picture = sections.importance(results)
    table = picture.table if picture else None
    said = [picture.title] if picture else sections.reliability(results)
    if not said:
        return None
    return {
        "heading": _("What drives satisfaction"),
        "said": [_cut(each, LONGEST_SAID) for each in said],
        "head": list(table.head) if table else [],
        "rows": [list(row) for row in table.rows] if table else [],
        "note": sections.explained(results.drivers) if table and results.drivers else "",
    }


def _how(results: Results) -> Data:
    """How the figures were made: intervals, correction, suppression."""
    wave = results.wave
    change = _("This wave is not compared with another, so no change is shown.")
    if results.against is not None:
        change = _(
            "A change counts only where it is too large for chance, judged over all these questions "
            "together (Holm’s correction)."
        )
    hidden = _("This is a named wave, so nothing is hidden for small numbers.")
    if wave.hides_who:
        hidden = _(
            "Where fewer than %(count)s answered, or a small group could be found by subtraction, figures are left out."
        ) % {"count": wave.smallest_group}
    said = f"{_('A 95% interval is where the true figure plausibly lies.')} {change} {hidden}"
    return {"heading": _("How the figures were made"), "said": [said]}


def _footer(results: Results) -> str:
    said = [_cut(results.wave.name, LONGEST_HEAD)]
    if results.counted_at is not None and not results.too_few:
        said.append(_("Counted on %(day)s") % {"day": _day(results.counted_at)})
    said.append(_("Printed on %(day)s") % {"day": date_format(office.today(), "DATE_FORMAT")})
    return " · ".join(said)


def _day(at: datetime) -> str:
    return date_format(at.astimezone(office.time_zone()), "DATE_FORMAT")


def _cut(text: str, letters: int) -> str:
    return str(Truncator(text).chars(letters))
