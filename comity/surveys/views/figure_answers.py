"""The answers behind a figure: where a number leads, and what the list there can be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comity.partners.models import Partner
from comity.partners.pickers import PARTNER, PARTNER_WORD
from comity.people.models import User
from comity.surveys.models import Mode, Question, Size, Tally, Wave
from comity.surveys.services import answer_filters, merged_partners
from comity.surveys.services.wording import KIND
from comity.ui.tables import Choice, DateRange, Filter, Picked, Search, Toggle

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


def invited_url(wave: Wave, table: str, group: str, name: str) -> str:
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
        "partner", PARTNER_WORD, picker, user, lambda rows, keys: merged_partners.as_counted(rows, wave, keys)
    )


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
