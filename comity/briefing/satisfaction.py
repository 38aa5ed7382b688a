"""How satisfied people are, by the latest survey that may be shown: with all we do or one service, or one partner's people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comity.core.surveys import change_between
from comity.partners.models import Partner
from comity.people.models import User
from comity.prepared import prepared
from comity.surveys import capabilities as surveys
from comity.surveys.models import Tally, Wave, WaveQuerySet
from comity.surveys.services.response_status import open_waves
from comity.surveys.services.results import GroupResult, of_group, results_of, rows_of_group
from comity.surveys.views.results import sentences
from comity.surveys.views.waves.one import heading

RUNNING = 5
RowsOfWaves: TypeAlias = Mapping[int, Mapping[str, Tally]]
COUNTED_WHEN = ("pk", "name", "figures_at", "against", "against__name", "against__figures_at")
TRIED = 3  # so many waves back, where the latest has too few answers to show


@dataclass(frozen=True)
class Satisfaction:
    """sentence   how many are satisfied, and whether that changed
    certainty  how many answered, and where the share of all plausibly lies
    wave, url  the survey, and its results; "" where the reader may not open them
    for_all    enough have answered for anybody to read it
    """

    sentence: str
    certainty: str
    wave: str
    url: str
    for_all: bool = False


def _waves(user: User) -> WaveQuerySet:
    """The latest closed waves that asked how satisfied people are with all we do."""
    if not user.can(surveys.READ):
        return Wave.objects.none()
    return _asked(Wave.objects.visible_to(user))


def _asked(waves: WaveQuerySet) -> WaveQuerySet:
    rows = _counted(waves).filter(version__survey__service=None)
    return rows.select_related("against__version", "version").prefetch_related("version__questions")[:TRIED]


def _counted(waves: WaveQuerySet) -> WaveQuerySet:
    """The closed ones of them that asked how satisfied people are, the latest first."""
    rows = waves.filter(state=Wave.State.CLOSED, version__questions__outcome=True, figures_at__isnull=False)
    return rows.order_by("-opened_at", "-pk")


@prepared
def _counted_when(*, reader: Any) -> QuerySet[Any, Any]:
    """Which these are, and what they are compared with, each with when it was counted."""
    return _asked(Wave.objects.visible_to(reader)).values_list(*COUNTED_WHEN)


def of_all(user: User) -> Satisfaction | None:
    """How satisfied all who answered are; None where nobody was asked, or this person may not read it."""
    if not user.can(surveys.READ):
        return None
    said = (_of_wave(*facts, get_language()) for facts in _counted_when(reader=user))
    return next((one for one in said if one is not None), None)


@lru_cache(maxsize=64)
def _of_wave(pk: int, *counted_when: object) -> Satisfaction | None:
    """How satisfied all who answered one wave are; kept until it, or what it is compared with, is counted anew or renamed."""
    wave = Wave.objects.select_related("against__version", "version").get(pk=pk)
    results = results_of(wave)
    found = None if results.too_few else sentences.outcome_of(results)
    if found is None:
        return None
    said, url = sentences.outcome_words(results), reverse("surveys:results", args=[pk])
    enough = (found.n or 0) >= wave.smallest_group
    return Satisfaction(f"{said}.", f"{sentences.certainty(found)}.", wave.name, url, enough)


def of_services(keys: list[int], user: User | None) -> dict[int, Satisfaction]:
    """How satisfied all are who were asked about each service, for anybody; with results only for who may read them."""
    waves = _counted(Wave.objects.all()).filter(version__survey__service__in=keys)
    found: dict[int, Satisfaction] = {}
    for service, *counted in waves.values_list("version__survey__service", *COUNTED_WHEN):
        said = None if service in found else _of_wave(*counted, get_language())
        if said and said.for_all:
            found[service] = said if user and user.can(surveys.READ) else replace(said, url="")
    return found


def of_partner(user: User, partner: Partner) -> Satisfaction | None:
    """How satisfied one partner's people are, where what they said is not hidden."""
    waves = {wave.pk: wave for wave in _waves(user)}
    compared = [wave.against for wave in waves.values()]
    rows = rows_of_group([*waves.values(), *compared], Tally.Table.PARTNER, str(partner.pk))
    for wave in waves.values():
        found = _own(wave, rows)
        if found is not None and found.summary is not None and found.summary.top is not None:
            top = found.summary.top
            satisfied = ngettext("%(now)s is satisfied", "%(now)s are satisfied", 1 if top.count == 1 else 2)
            said = satisfied % {"now": sentences.part_of(top.count, top.n)}
            since = _since(waves.get(wave.against_id or 0, wave.against), rows, found, top.share or 0)
            groups = reverse("surveys:breakdown", args=[wave.pk, Tally.Table.PARTNER])
            url = f"{groups}?{urlencode({'q': partner.name})}"
            return Satisfaction(
                f"{said}, {since}." if since else f"{said}.",
                f"{sentences.certainty(found)}.",
                wave.name,
                url,
            )
    return None


def _own(wave: Wave, rows: RowsOfWaves) -> GroupResult | None:
    """What a partner's people answered to how satisfied they are; None where nobody did, or it is hidden."""
    outcome = next((one.key for one in wave.version.questions.all() if one.outcome), "")
    found = of_group(wave, rows.get(wave.pk, {})).get(outcome)
    return None if found is None or found.is_hidden or not found.n else found


def _since(against: Wave | None, rows: RowsOfWaves, now: GroupResult, share: float) -> str:
    before = None if against is None else _own(against, rows)
    if before is None or before.tally is None or now.tally is None or before.tally.scale != now.tally.scale:
        return ""
    return sentences.change_since(change_between(before.tally, now.tally), share, str(against))


@dataclass(frozen=True)
class Running:
    """An open wave and how far it is, in a sentence; or where all that are open stand, where there are more."""

    words: str
    url: str


def running(user: User) -> list[Running]:
    """The open waves, soonest closed first; of many the first, and where all are."""
    if not user.can(surveys.READ):
        return []
    found = open_waves(user, RUNNING + 1)
    shown = [Running(heading(wave, figures), wave.get_absolute_url()) for wave, figures in found[:RUNNING]]
    if len(found) > RUNNING:
        shown.append(Running(_("See all open waves"), f"{reverse('surveys:waves')}?state={Wave.State.OPEN}"))
    return shown
