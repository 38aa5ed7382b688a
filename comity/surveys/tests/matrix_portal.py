"""How the permission matrix gets at what a partner reads of a wave."""

from __future__ import annotations

from uuid import uuid4

from comity.partners.models import Partner
from comity.surveys.models import Tally, Wave
from comity.surveys.tests import world
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def _asked(cast: Cast, partner: Partner) -> Arguments:
    """A closed wave in which somebody at the partner was asked."""
    wave = world.wave(state=Wave.State.CLOSED, key=f"portal-{uuid4().hex[:12]}")
    person = world.person_at(cast, partner, f"Asked {uuid4().hex[:8]}")
    world.invited(wave, person, partner)
    Tally.objects.create(
        wave=wave, table=Tally.Table.PARTNER, group=str(partner.pk), invited=1, reached=1, n=0
    )
    return (wave.pk,)


SUBJECTS: dict[str, Subject | PersonalSubject] = {"surveys:portal_wave": Subject(_asked)}
