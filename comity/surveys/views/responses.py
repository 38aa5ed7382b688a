"""Single answers, as the office reads them: one, all of a wave as a list, and those behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.followups.models import FollowUp
from comity.office import services as office
from comity.partners.bands import Size
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER, PARTNER_WORD
from comity.people.access import Request, requires
from comity.people.models import User
from comity.search.sorting import named
from comity.surveys.capabilities import READ
from comity.surveys.models import Again, Mode, Question, Response, Tally, Wave
from comity.surveys.services import answer_filters
from comity.surveys.services.answers import KIND, asked, in_words, posted
from comity.surveys.services.audience import current_rules
from comity.surveys.services.low_ratings import is_low
from comity.surveys.services.rerating import questions_of
from comity.surveys.views.finding import wave_or_404
from comity.ui.components.signs import ring as ring_sign
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, DateRange, Filter, Picked, Search, Table, Toggle, only_csv

NOT_KNOWN = "none"  # in an address: a group of those of whom nobody knows it
ANSWER, INVITED = "answer", "invited"


def responses_url(wave: Wave, **narrowed: object) -> str:
    """The answers behind a figure, of a wave whose answers have names; "" of any other."""
    if wave.mode != Mode.NAMED:
        return ""
    url = reverse("surveys:responses", args=[wave.pk])
    return f"{url}?{urlencode(narrowed)}" if narrowed else url


def answers_url(wave: Wave, question: Question, answer: str = "", **days: date) -> str:
    """Those of all who answered like that, or of those alone who did between `day_from` and `day_to`."""
    return responses_url(wave, **{ANSWER: answer_filters.picked(question, answer)}, **days)


def breakdown_url(wave: Wave, table: str, question: Question) -> str:
    """One question by the groups of one table."""
    return f"{reverse('surveys:breakdown', args=[wave.pk, table])}?{urlencode({'question': question.key})}"


def group_url(wave: Wave, table: str, group: str, question: Question | None = None, answer: str = "") -> str:
    """Those of one group of a breakdown. What bodies were when imported responses were counted is not kept: no rows there."""
    if wave.imported and table != Tally.Table.PARTNER:
        return ""
    said = {ANSWER: answer_filters.picked(question, answer)} if question else {}
    return responses_url(wave, **{table: group or NOT_KNOWN}, **said)


def invited_url(wave: Wave, table: str, group: str) -> str:
    """The people of one group of a breakdown who were invited; of a wave that asked nobody itself, none."""
    if wave.imported or wave.mode != Mode.NAMED:
        return ""
    narrowed = urlencode({table: group or NOT_KNOWN})
    return f"{reverse('surveys:wave_people', args=[wave.pk])}?{INVITED}=1&{narrowed}"


def linked(words: str, url: str) -> str:
    """A figure with its link, where it has one."""
    return format_html('<a href="{}">{}</a>', url, words) if url else words


def filters(wave: Wave, questions: Sequence[Question], user: User, low_rating: int) -> list[Filter]:
    """By who answered, what their body was when it was asked, and what they said."""
    ratings = [question.key for question in questions if question.kind == KIND.RATING]
    return [
        Search("q", _("Find"), _find, hint=_("A person, or where they work")),
        of_counted(user, wave),
        *([] if wave.imported else groups(wave, "participant__")),
        Choice(
            ANSWER,
            _("Answered"),
            lambda: answer_filters.choices(questions),
            lambda found, wanted: answer_filters.answering(found, questions, wanted),
        ),
        DateRange("day", _("Day"), "day"),
        Toggle("low", _("With a low rating"), lambda found: found.with_low(ratings, low_rating)),
    ]


def of_counted(user: User, wave: Wave) -> Picked:
    """Of a partner, as the tables of the wave counted it: one that became part of another since can still be named."""
    picker = replace(PARTNER, rows=Partner.objects.visible_to)
    return Picked(
        "partner", PARTNER_WORD, picker, user, lambda rows, keys: answer_filters.as_counted(rows, wave, keys)
    )


def _find(rows: Any, text: str) -> Any:
    return rows.filter(named(text, "person__sort_name", "partner__sort_name"))


def groups(wave: Wave, at: str = "") -> list[Choice]:
    """By what the body was when it was asked, as it is kept of each who was; `at`: the way there from a row."""
    not_known = (NOT_KNOWN, _("Not known"))

    def frozen(field: str, rows: Any, group: str) -> Any:
        return rows.filter(**{f"{at}{field}": "" if group == NOT_KNOWN else group})

    def tiers() -> list[tuple[Any, Any]]:
        found = wave.participants.exclude(tier="").order_by("tier").values_list("tier", flat=True).distinct()
        return [*((tier, tier) for tier in found), not_known]

    return [
        Choice("kind", _("Kind"), [*Partner.Kind.choices, not_known], partial(frozen, "kind")),
        Choice("tier", _("Tier"), tiers, partial(frozen, "tier")),
        Choice("size", _("Size"), [*Size.choices, not_known], partial(frozen, "size")),
    ]


@requires(READ, "GET")
def one(request: Request, pk: int) -> HttpResponse:
    """What somebody answered, who and when, and the follow-up that came of it."""
    sent_off = Response.objects.visible_to(request.user).complete()
    rows = sent_off.select_related("wave__version", "person", "partner")
    response = get_object_or_404(rows, pk=pk)
    answers, low_rating = response.answers, current_rules().low_rating
    follow_ups = FollowUp.objects.visible_to(request.user).select_related("owner")
    follow_up = follow_ups.filter(pk=response.follow_up_id or 0).first()
    again = Again.objects.visible_to(request.user).filter(response=response)
    context = {
        "response": response,
        "wave": response.wave,
        "lines": [
            (question, _said(question, answers), is_low(question, answers.get(question.key), low_rating))
            for question in asked(response.wave.version.questions.all(), answers)
        ],
        "follow_up": follow_up,
        "ring": follow_up.ring(office.today()) if follow_up else None,
        "again": [
            (row, _again_lines(row))
            for row in again.select_related("response__wave__version").order_by("-round")
        ],
    }
    return render(request, "surveys/answering/response.html", context)


def _said(question: Question, answers: dict[str, Any]) -> str:
    """What somebody answered to a question, "" where they did not."""
    return in_words(question, answers[question.key]) if question.key in answers else ""


def _again_lines(again: Again) -> list[tuple[str, str, str]]:
    """What was asked again: the question, how it was rated then, and how it is now, "" until they say."""
    return [
        (question.ask_en, _said(question, again.asked), _said(question, again.answers))
        for question in questions_of(again)
    ]


@requires(READ, "GET")
def of_wave(request: Request, pk: int) -> HttpResponseBase:
    """All answers of a wave this person may read one by one; where nobody may, there is no such page."""
    wave = wave_or_404(request, pk)
    if wave.mode == Mode.ANONYMOUS:
        raise Http404
    table = _table(request, wave)
    heading = ngettext("%(count)s answer", "%(count)s answers", table.total) % {"count": table.total}
    if table.is_filtered and not table.total:
        heading = _("No matches.")
    return table.respond("surveys/answering/responses.html", {"wave": wave, "heading": heading})


def _table(request: Request, wave: Wave) -> Table:
    questions, low_rating = list(wave.version.questions.all()), current_rules().low_rating
    rows = (
        Response.objects.visible_to(request.user)
        .complete()
        .filter(wave=wave)
        .select_related("person", "partner", "follow_up__owner")
    )
    columns = _columns(questions, low_rating)
    return Table(
        request,
        rows,
        name="responses",
        columns=[*columns[:2], *_picked(request, questions), *columns[2:]],
        export_columns=columns,
        filters=filters(wave, questions, request.user, low_rating),
        default_sort="-day",
        row_name=str,
        export_name=f"responses-{wave.key}",
        empty=_("Nobody has answered yet."),
    )


def _picked(request: Request, questions: Sequence[Question]) -> list[Column]:
    """What each said to the question the list is narrowed by, so that one reads which it was."""
    key = request.GET.get(ANSWER, "").partition(":")[0]
    question = next((one for one in questions if one.key == key), None)
    if question is None:
        return []
    return [Column("picked", question.ask_en, value=lambda row: _said(question, row.answers))]


def _columns(questions: Sequence[Question], low_rating: int) -> list[Column]:
    today = office.today()

    def low(row: Response) -> int:
        return sum(is_low(question, row.answers.get(question.key), low_rating) for question in questions)

    def kept(key: str, row: Response) -> str:
        given = posted(row.answers.get(key, ""))
        return "; ".join(given) if isinstance(given, list) else given

    return [
        Column(
            "person",
            _("Who"),
            value=lambda row: row.person or _("Nobody is named"),
            link=lambda row: reverse("surveys:response", args=[row.pk]),
        ),
        Column("partner", office.words().Partner, link=True),
        Column("day", _("Day")),
        Column(
            "low",
            _("Low ratings"),
            value=lambda row: tag(str(count), kind="bad") if (count := low(row)) else "",
            csv_value=low,
        ),
        Column(
            "follow_up",
            _("Follow-up"),
            value=lambda row: ring_sign(row.follow_up.ring(today), size=22) if row.follow_up else "",
            csv_value=lambda row: row.follow_up_id or "",
        ),
        # Keys beside names, then a column for each question, as answers are kept.
        Column("id", csv_only=True, value=lambda row: str(row.pk)),
        *only_csv("person_id"),
        Column("person.email", csv="email", csv_only=True),
        Column("partner.code", csv="partner_code", csv_only=True),
        *only_csv("language"),
        *(Column(question.key, csv_only=True, value=partial(kept, question.key)) for question in questions),
    ]
