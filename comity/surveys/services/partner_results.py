"""What a partner's users read of a wave: their own people's answers beside those of all, where that gives no neighbour away.

Of waves that keep names back only what their tables show is there at all; of named ones, whose tables the office reads whole,
the same is asked once more. docs/calculations/survey-portal.md says it with an example.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, OuterRef
from django.db.models.functions import Cast

from comity.core.surveys import fewest_shared, neighbour_alone
from comity.partners.models import Membership, Partner, PartnerQuerySet
from comity.people.models import User
from comity.surveys.models import Tally, Wave, WaveQuerySet
from comity.surveys.services.results import (
    GroupResult,
    QuestionResult,
    Results,
    of_group,
    results_of,
    rows_of_group,
)

PARTNER = Tally.Table.PARTNER


def waves_for(user: User) -> WaveQuerySet:
    """Closed waves in which people of this person's partners were asked."""
    mine = Partner.objects.visible_to(user).order_by().values(group=Cast("pk", CharField()))
    asked = Tally.objects.filter(wave=OuterRef("pk"), table=PARTNER, question="", group__in=mine)
    return Wave.objects.visible_to(user).filter(Exists(asked), state=Wave.State.CLOSED)


def partners_in(wave: Wave, user: User) -> PartnerQuerySet:
    """Those of this person's partners whose people were asked in a wave: those they sign in for first, then by name."""
    asked = Tally.objects.filter(
        wave=wave, table=PARTNER, question="", group=Cast(OuterRef("pk"), CharField())
    )
    own = Membership.objects.standing().filter(user=user, partner=OuterRef("pk"))
    rows: PartnerQuerySet = Partner.objects.visible_to(user).filter(Exists(asked))
    return rows.order_by(Exists(own).desc(), "sort_name", "pk")


@dataclass(frozen=True)
class Pair:
    """One question: as all answered it, and as one partner's people did; no `own` where that may not be shown."""

    whole: QuestionResult
    own: GroupResult | None


@dataclass(frozen=True)
class Shared:
    """What a partner reads of a wave. `too_few`: not even the whole may be shown."""

    results: Results
    pairs: tuple[Pair, ...]
    too_few: bool


def shared_with(wave: Wave, partner: Partner, mine: Collection[int]) -> Shared:
    """A wave as a partner's people read it; six queries, however many partners there are.

    mine  all whose rows this reader can see, each on its own page
    """
    results = results_of(wave)
    smallest = wave.smallest_group
    if results.too_few or results.answered is None or results.answered < smallest:
        return Shared(results, (), too_few=True)
    numeric = [one for one in results.questions if one.question.is_numeric]
    shown = [one for one in numeric if not one.is_hidden and (one.n or 0) >= smallest]
    least = _least_shared(wave, {one.question.key: one.n or 0 for one in shown}, mine)
    own = of_group(wave, rows_of_group([wave], PARTNER, str(partner.pk))[wave.pk])
    pairs = [Pair(one, _own(own.get(one.question.key), least[one.question.key])) for one in shown]
    return Shared(results, tuple(pairs), too_few=not pairs)


def _own(row: GroupResult | None, least: int | None) -> GroupResult | None:
    """A row that may be shown. Where all gave the same answer their number protects nobody."""
    if row is None or row.n is None or row.tally is None or least is None or row.n < least:
        return None
    return None if max(row.tally.counts) == row.n else row


def _least_shared(wave: Wave, totals: dict[str, int], mine: Collection[int]) -> dict[str, int | None]:
    """Of each question, how many answers a body needs; None where no row may be shown to this reader.

    Of waves that keep names back a hidden row is not there at all: whoever answered and has none is one.
    """
    rows = Tally.objects.filter(wave=wave, table=PARTNER, question__in=["", *totals]).order_by()
    sizes: dict[str, dict[int, int]] = {"": {}, **{key: {} for key in totals}}
    hidden = 0
    for key, n, bodies in rows.values_list("question", "n").annotate(Count("pk")):
        if n is not None:
            sizes[key][n] = bodies
        elif key == "":
            hidden = bodies
    answered = hidden + sum(bodies for n, bodies in sizes[""].items() if n)
    own = list(rows.filter(group__in=[str(pk) for pk in mine]).values_list("question", "n"))
    found: dict[str, int | None] = {}
    for key, total in totals.items():
        unknown = answered - sum(sizes[key].values()) if wave.hides_who else 0
        bodies = unknown + sum(count for n, count in sizes[key].items() if n)
        least = fewest_shared(total, sizes[key], max(unknown, 0), wave.smallest_group)
        read = sum(1 for question, n in own if question == key and least is not None and (n or 0) >= least)
        found[key] = None if neighbour_alone(bodies, read) else least
    return found
