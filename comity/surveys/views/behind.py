"""The answers behind a figure: where a number leads, and what the list there can be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comity.office import services as office
from comity.partners.models import Partner
from comity.partners.tables.picked import picked
from comity.surveys.models import Mode, Question, ResponseQuerySet, Size, Tally, Wave
from comity.surveys.services import merged, picking
from comity.surveys.services.wording import KIND
from comity.ui.tables import Choice, DateRange, Filter, Search, Toggle

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
    return responses_url(wave, **{ANSWER: picking.picked(question, answer)}, **days)


def breakdown_url(wave: Wave, table: str, question: Question) -> str:
    """One question by the groups of one table."""
    return f"{reverse('surveys:breakdown', args=[wave.pk, table])}?{urlencode({'question': question.key})}"


def group_url(wave: Wave, table: str, group: str, question: Question | None = None, answer: str = "") -> str:
    """Those of one group of a breakdown. What bodies were when gathered answers were counted is not kept: no rows there."""
    if wave.imported and table != Tally.Table.PARTNER:
        return ""
    said = {ANSWER: picking.picked(question, answer)} if question else {}
    return responses_url(wave, **{table: group or NOT_KNOWN}, **said)


def invited_url(wave: Wave, table: str, group: str, name: str) -> str:
    """The people of one group of a breakdown who were invited; of a wave that asked nobody itself, none."""
    if wave.imported or wave.mode != Mode.NAMED:
        return ""
    one = picked("partner", int(group), name) if table == Tally.Table.PARTNER else ""
    narrowed = one or urlencode({table: group or NOT_KNOWN})
    return f"{reverse('surveys:wave_people', args=[wave.pk])}?{INVITED}=1&{narrowed}"


def linked(words: str, url: str) -> str:
    """A figure with its link, where it has one."""
    return format_html('<a href="{}">{}</a>', url, words) if url else words


def filters(
    wave: Wave, questions: Sequence[Question], rows: ResponseQuerySet, low_rating: int
) -> list[Filter]:
    """By who answered, what their body was when it was asked, and what they said."""
    ratings = [question.key for question in questions if question.kind == KIND.RATING]
    return [
        Search("q", _("Find"), _find, hint=_("A person, or where they work")),
        Choice(
            "partner",
            office.words().Partner,
            lambda: _bodies(wave, rows),
            lambda found, pk: merged.as_counted(found, wave, int(pk)),
        ),
        *([] if wave.imported else groups(wave, "participant__")),
        Choice(
            ANSWER,
            _("Answered"),
            lambda: picking.choices(questions),
            lambda found, wanted: picking.answering(found, questions, wanted),
        ),
        DateRange("day", _("Day"), "day"),
        Toggle("low", _("With a low rating"), lambda found: found.with_low(ratings, low_rating)),
    ]


def _bodies(wave: Wave, rows: ResponseQuerySet) -> Any:
    """Those whose people answered, and those the tables name though they became part of another one since."""
    counted = Tally.objects.filter(
        wave=wave, table=Tally.Table.PARTNER, question="", n__gt=0, group=Cast(OuterRef("pk"), CharField())
    )
    there = Q(pk__in=rows.order_by().values("partner"))
    if wave.mode == Mode.NAMED:
        there |= Q(Exists(counted))
    return Partner.objects.filter(there).order_by("name").values_list("pk", "name")


def _find(rows: Any, text: str) -> Any:
    return rows.filter(Q(person__name__icontains=text) | Q(partner__name__icontains=text))


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
