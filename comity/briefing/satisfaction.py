"""How satisfied people are, by the latest survey that may be shown: the whole office's partners, or one partner's people."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from comity.core.surveys import change_between
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys import capabilities as surveys
from comity.surveys.models import Tally, Wave
from comity.surveys.services.response_status import open_waves
from comity.surveys.services.results import GroupResult, of_group, results_of
from comity.surveys.views.results import sentences
from comity.surveys.views.waves.one import heading

TRIED = 3  # so many waves back, where the latest has too few answers to show


@dataclass(frozen=True)
class Satisfaction:
    """sentence   how many are satisfied, and whether that changed
    certainty  how many answered, and where the share of all plausibly lies
    wave, url  the survey, and its results
    """

    sentence: str
    certainty: str
    wave: str
    url: str


def _waves(user: User) -> list[Wave]:
    """The latest closed waves that asked how satisfied people are."""
    if not user.can(surveys.READ):
        return []
    rows = Wave.objects.visible_to(user).filter(
        state=Wave.State.CLOSED, version__questions__outcome=True, figures_at__isnull=False
    )
    rows = rows.select_related("against__version", "version").prefetch_related("version__questions")
    return list(rows.order_by("-opened_at", "-pk")[:TRIED])


def of_all(user: User) -> Satisfaction | None:
    """How satisfied all who answered are; None where nobody was asked, or this person may not read it."""
    for wave in _waves(user):
        results = results_of(wave)
        found = None if results.too_few else sentences.outcome_of(results)
        if found is not None:
            said = sentences.outcome_words(results)
            url = reverse("surveys:results", args=[wave.pk])
            return Satisfaction(f"{said}.", f"{sentences.certainty(found)}.", wave.name, url)
    return None


def of_partner(user: User, partner: Partner) -> Satisfaction | None:
    """How satisfied one partner's people are, where what they said is not hidden."""
    for wave in _waves(user):
        found = _own(wave, partner)
        if found is not None and found.summary is not None and found.summary.top is not None:
            top = found.summary.top
            satisfied = ngettext("%(now)s is satisfied", "%(now)s are satisfied", 1 if top.count == 1 else 2)
            said = satisfied % {"now": sentences.part_of(top.count, top.n)}
            since = _since(wave, partner, found, top.share or 0)
            groups = reverse("surveys:breakdown", args=[wave.pk, Tally.Table.PARTNER])
            url = f"{groups}?{urlencode({'q': partner.name})}"
            return Satisfaction(
                f"{said}, {since}." if since else f"{said}.",
                f"{sentences.certainty(found)}.",
                wave.name,
                url,
            )
    return None


def _own(wave: Wave, partner: Partner) -> GroupResult | None:
    """What a partner's people answered to how satisfied they are; None where nobody did, or it is hidden."""
    outcome = next((one.key for one in wave.version.questions.all() if one.outcome), "")
    found = of_group(wave, Tally.Table.PARTNER, str(partner.pk)).get(outcome)
    return None if found is None or found.is_hidden or not found.n else found


def _since(wave: Wave, partner: Partner, now: GroupResult, share: float) -> str:
    before = None if wave.against is None else _own(wave.against, partner)
    if before is None or before.tally is None or now.tally is None or before.tally.scale != now.tally.scale:
        return ""
    return sentences.change_since(change_between(before.tally, now.tally), share, str(wave.against))


@dataclass(frozen=True)
class Running:
    """An open wave and how far it is, in a sentence."""

    words: str
    url: str


def running(user: User) -> list[Running]:
    """The open waves, soonest closed first."""
    if not user.can(surveys.READ):
        return []
    return [Running(heading(wave, figures), wave.get_absolute_url()) for wave, figures in open_waves(user)]
