"""How the permission matrix gets at waves: the office's, whatever they ask."""

from __future__ import annotations

from uuid import uuid4

from comity.partners.models import Partner
from comity.surveys.models import Series, Wave
from comity.surveys.tests import world
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def _draft(cast: Cast, partner: Partner) -> Arguments:
    return (
        world.wave(
            state=Wave.State.DRAFT,
            key=f"draft-{uuid4().hex[:12]}",
            name=f"Canary of {partner.name}",
            audience={"partners": [partner.pk]},
        ).pk,
    )


def _open(cast: Cast, partner: Partner) -> Arguments:
    wave = world.wave(key=f"open-{uuid4().hex[:12]}", name=f"Canary of {partner.name}")
    person = partner.positions.exclude(person=None).select_related("person").first()
    if person is not None and person.person is not None:
        world.invited(wave, person.person, partner)
    return (wave.pk,)


def _again(cast: Cast, partner: Partner) -> Arguments:
    made = Series.objects.create(
        key=uuid4().hex[:12],
        name=f"Canary of {partner.name}",
        survey=world.version(key=f"survey-{uuid4().hex[:12]}").survey,
        cadence=Series.Cadence.QUARTERLY,
        audience={"partners": [partner.pk]},
        next_on=cast.today,
    )
    return (made.pk,)


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    **{
        f"surveys:{name}": Subject(_draft, office_only=True)
        for name in ("wave_what", "wave_who", "wave_how", "wave_look", "open_wave", "delete_wave")
    },
    **{
        f"surveys:{name}": Subject(_open, office_only=True)
        for name in (
            "wave",
            "wave_people",
            "silent_partners",
            "remind_wave",
            "extend_wave",
            "go_on_wave",
            "close_wave",
        )
    },
    **{
        f"surveys:{name}": Subject(_again, office_only=True)
        for name in ("series", "edit_series", "stop_series")
    },
}
