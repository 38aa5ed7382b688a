"""How the permission matrix gets at the figures of a wave."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.surveys.models import Wave
from comity.surveys.services import counting
from comity.surveys.tests import world
from comity.testing.cast import Cast
from comity.testing.matrix import NOWHERE, Arguments, PersonalSubject, Subject


def _counted(cast: Cast, partner: Partner) -> Wave:
    """A named wave in which somebody at the partner answered, counted."""
    number = Wave.objects.count()
    wave = world.wave(key=f"counted-{partner.pk}-{number}")
    person = world.person_at(cast, partner, f"Respondent {number} of {partner.name}")
    participant, _raw = world.invited(wave, person, partner)
    world.answered(participant, overall=2, change=f"Canary of {partner.name}")
    counting.refresh(wave)
    return wave


def _wave(cast: Cast, partner: Partner) -> Arguments:
    return (_counted(cast, partner).pk,)


def _table(cast: Cast, partner: Partner) -> Arguments:
    return (_counted(cast, partner).pk, "partner")


def _words(cast: Cast, partner: Partner) -> Arguments:
    return (_counted(cast, partner).pk, "change")


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    "surveys:results": Subject(_wave, office_only=True),
    "surveys:breakdown": Subject(_table, absent=(*NOWHERE, "partner"), office_only=True),
    "surveys:said": Subject(_words, absent=(*NOWHERE, "change"), office_only=True),
    "surveys:results_csv": Subject(_wave, office_only=True),
    "surveys:codebook": Subject(_wave, office_only=True),
    "surveys:report": Subject(_wave, office_only=True),
}
