"""How the permission matrix gets at what is answered."""

from __future__ import annotations

from comity.followups.models import FollowUp
from comity.partners.models import Partner
from comity.surveys.models import Response
from comity.surveys.tests import world
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def _asked(cast: Cast, partner: Partner) -> tuple[Response, str]:
    """A named answer of somebody at the partner, and the link it was given on."""
    number = Response.objects.count()
    wave = world.wave(key=f"wave-{partner.pk}-{number}")
    person = world.person_at(cast, partner, f"Respondent {number} of {partner.name}")
    participant, raw = world.invited(wave, person, partner)
    return world.answered(participant, overall=2, change=f"Canary of {partner.name}"), raw


def _link(cast: Cast, partner: Partner) -> Arguments:
    return (_asked(cast, partner)[1],)


def _response(cast: Cast, partner: Partner) -> Arguments:
    return (_asked(cast, partner)[0].pk,)


def _wave(cast: Cast, partner: Partner) -> Arguments:
    return (_asked(cast, partner)[0].wave_id,)


def _again(cast: Cast, partner: Partner) -> Arguments:
    """The canaries take all words of an office-only follow-up for the office's; what its author was told is theirs too."""
    again, raw = world.asked_again(_asked(cast, partner)[0], by=cast.ana)
    FollowUp.objects.filter(pk=again.follow_up_id).update(office_only=False)
    return (raw,)


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    "surveys:answer": Subject(_link, absent=("made-up",)),
    "surveys:again": Subject(_again, absent=("made-up",)),
    "surveys:thanks": Subject(_link, absent=("made-up",)),
    "surveys:response": Subject(_response, office_only=True),
    "surveys:responses": Subject(_wave, office_only=True),
}
