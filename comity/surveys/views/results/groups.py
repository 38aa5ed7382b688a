"""One question by the groups of one table: a list like other lists. What is too small to show says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    CharField,
    Exists,
    F,
    FloatField,
    IntegerField,
    OrderBy,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comity.office import services as office
from comity.partners.bands import Size
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.people.models import User
from comity.search.sorting import named
from comity.surveys.capabilities import READ
from comity.surveys.models import Question, Tally, Wave
from comity.surveys.models.json_keys import Within
from comity.surveys.services.answer_filters import GOOD
from comity.surveys.services.answers import offered, places, scale_of
from comity.surveys.services.results import GroupResult
from comity.surveys.services.results import breakdown as figures_of_groups
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.responses import group_url, invited_url, linked
from comity.surveys.views.results import sentences
from comity.ui.tables import Choice, Column, Search, Table
from comity.ui.tables.columns import Words

Figures = dict[str, GroupResult]
Plain = Callable[[GroupResult], object]
Said = Callable[[sentences.Figures], str]
TABLES = [(table, label) for table, label in Tally.Table.choices if table != Tally.Table.ALL]
WORDS: Mapping[str, Mapping[str, str | Promise]] = {
    Tally.Table.KIND: dict(Partner.Kind.choices),
    Tally.Table.SIZE: dict(Size.choices),
}
HEADS = {
    Tally.Table.KIND: _("Kind"),
    Tally.Table.TIER: _("Tier"),
    Tally.Table.SIZE: _("Size"),
}


@require_safe
@requires(READ)
def breakdown(request: Request, pk: int, table: str) -> HttpResponseBase:
    """A wave's question by kind, tier, size, or partner by partner."""
    if table not in dict(TABLES):
        raise Http404
    wave = wave_or_404(request, pk)
    questions = [one for one in wave.version.questions.all() if scale_of(one) is not None]
    if not questions:
        raise Http404
    usual = next((one for one in questions if one.outcome), questions[0])
    question = next((one for one in questions if one.key == request.GET.get("question")), usual)
    asked = Choice(
        "question",
        _("Question"),
        [(one.key, one.ask_en) for one in questions if one != usual],
        lambda rows, _value: rows,
        every=usual.ask_en,
        usual=usual.key,
    )
    found: Figures = {}
    listed = _table(request, wave, table, question, asked, found)
    groups = None if request.GET.get("format") == "csv" else [_group(row) for row in listed.page]
    found.update({one.group: one for one in figures_of_groups(wave, question, table, groups=groups)})
    context = {"wave": wave, "asked": question.ask_en, "head": _head(table)}
    return listed.respond("surveys/results/breakdown.html", context)


def _head(table: str) -> str:
    """What the groups of a table are; partners are called what the office calls them."""
    return str(office.words().Partner if table == Tally.Table.PARTNER else HEADS[Tally.Table(table)])


def _url(wave: Wave, table: str, request: Request) -> str:
    url = reverse("surveys:breakdown", args=[wave.pk, table])
    asked = request.GET.get("question", "")[:60]
    return f"{url}?{urlencode({'question': asked})}" if asked else url


def _table(
    request: Request, wave: Wave, table: str, question: Question, asked: Choice, found: Figures
) -> Table:
    by_name = Search("q", _("Find"), lambda rows, text: rows.filter(named(text, "sort_name")))
    return Table(
        request,
        rows_of(request.user, wave, table, question),
        name="survey-groups",
        columns=_columns(wave, table, question, found),
        filters=[by_name, asked] if table == Tally.Table.PARTNER else [asked],
        views=[(label, _url(wave, each, request)) for each, label in TABLES],
        default_sort="group",
        row_name=partial(_name, table),
        export_name=f"{table}-{wave.key}-{question.key}",
        empty=_("Nothing has been counted yet."),
        caption=_head(table),
    )


# --- columns ------------------------------------------------------------------------------------------------------


def _columns(wave: Wave, table: str, question: Question, found: Figures) -> list[Column]:
    scale = scale_of(question)

    def figures(row: Any) -> GroupResult | None:
        return found.get(_group(row))

    def behind(row: Any, answer: str = "") -> str:
        return group_url(wave, table, _group(row), question, answer) if row.given else ""

    def figure(
        key: str, label: Words, sort: str, value: Plain, words: Said, hidden: str = "–", **more: Any
    ) -> Column:
        """A figure of the groups. That one cannot be shown is said once in a row, in the column of n."""

        def shown(row: Any) -> str:
            group = figures(row)
            return hidden if group is None or group.is_hidden else words(sentences.in_words(group))

        plain = partial(_plain, figures, value)
        return Column(key, label, value=shown, sort=HiddenLast(sort), numeric=True, csv_value=plain, **more)

    columns = [
        *_who(wave, table),
        figure(
            "n",
            _("Answers to this"),
            "given",
            lambda one: one.n,
            lambda said: said.n,
            sentences.too_few(),
            link=behind,
        ),
    ]
    if scale is not None and scale.has_mean:
        columns.append(
            figure(
                "mean",
                _("Mean"),
                "mean",
                lambda one: one.summary and one.summary.mean,
                lambda said: sentences.with_interval(said.mean, said.mean_ci),
            )
        )
    if scale is not None and scale.top:
        columns.append(
            figure(
                "good",
                _("Good answers"),
                "good",
                sentences.good_share,
                lambda said: sentences.with_interval(said.top, said.top_ci),
                link=partial(behind, answer=GOOD),
            )
        )
    if scale is not None and not scale.top:
        columns.append(_spread_column(question, figures, behind))
    return [*columns, *_csv_columns(question, figures)]


def _who(wave: Wave, table: str) -> list[Column]:
    """Each group by its name: how many were asked, unless the answers were brought in, and how many answered."""
    one_by_one = table == Tally.Table.PARTNER
    group = Column(
        "group",
        _head(table),
        value=partial(_name, table),
        sort="name" if one_by_one else "group",
        link=one_by_one,
        csv="name",
    )
    asked = Column(
        "asked",
        _("Invited"),
        sort="asked",
        link=lambda row: invited_url(wave, table, _group(row)) if row.asked else "",
        numeric=True,
    )
    answered = Column(
        "answered",
        _("Answered"),
        value=lambda row: sentences.too_few() if row.heard is None else sentences.whole(row.heard),
        sort=HiddenLast("heard"),
        link=lambda row: group_url(wave, table, _group(row)) if row.heard else "",
        numeric=True,
        csv_value=lambda row: row.heard,
    )
    return [group, *([] if wave.imported else [asked]), answered]


def _csv_columns(question: Question, figures: Any) -> list[Column]:
    def only(key: str, value: Any) -> Column:
        return Column(key, csv_only=True, value=value)

    def counted(place: int) -> Any:
        return partial(_plain, figures, lambda one: one.tally and one.tally.counts[place])

    return [
        only("key", _group),
        only("reached", lambda row: figures(row) and figures(row).reached),
        only("suppressed", lambda row: "yes" if figures(row) is None or figures(row).is_hidden else "no"),
        *(only(f"count_{place}", counted(at)) for at, place in enumerate(places(question))),
    ]


def _plain(figures: Callable[[Any], GroupResult | None], value: Plain, row: Any) -> object:
    group = figures(row)
    return None if group is None or group.is_hidden else value(group)


def _shares(question: Question, found: GroupResult | None) -> list[tuple[str, str]]:
    """Each choice, as it is counted, with its share in words."""
    if found is None or found.is_hidden or found.summary is None:
        return []
    shares = zip(places(question), offered(question), found.summary.distribution, strict=True)
    return [(place, f"{words}: {sentences.share(part.share)}") for place, (_key, words), part in shares]


def _spread_column(question: Question, figures: Any, behind: Callable[..., str]) -> Column:
    def markup(row: Any) -> str:
        parts = [(linked(words, behind(row, place)),) for place, words in _shares(question, figures(row))]
        return format_html_join(", ", "{}", parts) if parts else "–"

    def plain(row: Any) -> str:
        return ", ".join(words for _place, words in _shares(question, figures(row))) or "–"

    return Column("spread", _("Shares"), value=markup, csv_value=plain)


def _group(row: Any) -> str:
    return str(row.pk) if isinstance(row, Partner) else row.group


def _name(table: str, row: Any) -> str:
    if isinstance(row, Partner):
        return str(row)
    known = WORDS.get(table, {}).get(row.group, row.group)
    return str(known or _("Not known"))


class HiddenLast(OrderBy):
    """By a figure, up or down; groups that show none stand last either way."""

    def __init__(self, figure: str) -> None:
        super().__init__(F(figure), nulls_last=True)

    def reverse_ordering(self) -> OrderBy:
        self.descending = not self.descending
        return self


def rows_of(user: User, wave: Wave, table: str, question: Question) -> QuerySet[Any]:
    """Groups with what they can be sorted by; a hidden group has none of it."""
    if table != Tally.Table.PARTNER:
        own = Tally.objects.visible_to(user).filter(wave=wave, table=table, question="")
        rows: QuerySet[Any] = own.annotate(asked=F("invited"), heard=F("n"))
        group: Combinable = OuterRef("group")
    else:
        group = Cast(OuterRef("pk"), CharField())
        there = Tally.objects.filter(wave=wave, table=table, question="", group=group)
        rows = Partner.objects.visible_to(user).filter(Exists(there))
        rows = rows.annotate(
            asked=Subquery(there.values("invited")[:1]), heard=Subquery(there.values("n")[:1])
        )
    answers = Tally.objects.filter(wave=wave, table=table, question=question.key, group=group, n__gt=0)
    scale = scale_of(question)
    top = scale.top if scale else frozenset()
    found: QuerySet[Any] = rows.annotate(
        given=Subquery(answers.values("n")[:1]),
        mean=Subquery(answers.annotate(found=_over_n(question, lambda value: value)).values("found")[:1]),
        good=Subquery(answers.annotate(found=_over_n(question, top.__contains__)).values("found")[:1]),
    )
    return found


def _over_n(question: Question, weight: Callable[[int], int]) -> Combinable:
    """The answers, each by the weight of its value, over the number of those who answered."""
    scale = scale_of(question)
    total: Any = Value(0)
    for place, value in zip(places(question), scale.values if scale else (), strict=True):
        if weight(value):
            counted = Coalesce(Cast(Within("counts", place), IntegerField()), 0)
            total = total + Value(int(weight(value))) * counted
    return Cast(total, FloatField()) / Cast(NullIf(F("n"), Value(0)), FloatField())
