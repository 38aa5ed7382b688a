"""Groups of one table with what they can be sorted by, worked out from their tallies by the database."""

from __future__ import annotations

from typing import Any

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

from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import Question, Tally, Wave
from comity.surveys.models.json_keys import Within
from comity.surveys.services.scales import places, scale_of


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
    found: QuerySet[Any] = rows.annotate(
        given=Subquery(answers.values("n")[:1]),
        mean=Subquery(answers.annotate(found=_mean(question)).values("found")[:1]),
        good=Subquery(answers.annotate(found=_good(question)).values("found")[:1]),
    )
    return found


def _counted(place: str) -> Combinable:
    return Coalesce(Cast(Within("counts", place), IntegerField()), 0)


def _mean(question: Question) -> Combinable:
    scale = scale_of(question)
    if scale is None or not scale.has_mean:
        return Value(None, output_field=FloatField())
    total: Any = Value(0)
    for place, value in zip(places(question), scale.values, strict=True):
        total = total + Value(value) * _counted(place)
    return _over_n(total)


def _good(question: Question) -> Combinable:
    scale = scale_of(question)
    if scale is None or not scale.top:
        return Value(None, output_field=FloatField())
    total: Any = Value(0)
    for place, value in zip(places(question), scale.values, strict=True):
        if value in scale.top:
            total = total + _counted(place)
    return _over_n(total)


def _over_n(total: Any) -> Combinable:
    return Cast(total, FloatField()) / Cast(NullIf(F("n"), Value(0)), FloatField())
