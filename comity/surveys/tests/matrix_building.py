"""Surveys belong to the office: no partner's user may see one, whatever it is asked itself."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.surveys.models import Survey
from comity.surveys.services import building
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def _survey(cast: Cast, partner: Partner) -> Survey:
    """One that only this partner might be asked, by its name."""
    name = f"Canary of {partner.code}"
    known = Survey.objects.filter(name=name).first()
    return known or building.create_survey(template="pulse", name=name, by=cast.cora)


def _of_survey(cast: Cast, partner: Partner) -> Arguments:
    return (_survey(cast, partner).pk,)


def _of_version(cast: Cast, partner: Partner) -> Arguments:
    return (_survey(cast, partner).versions.get().pk,)


def _of_question(cast: Cast, partner: Partner) -> Arguments:
    return (_survey(cast, partner).versions.get().questions.get(key="words").pk,)


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    **{
        f"surveys:{name}": Subject(_of_survey, office_only=True)
        for name in ("survey", "edit_survey", "retire", "bring_back", "begin_version")
    },
    **{
        f"surveys:{name}": Subject(_of_version, office_only=True)
        for name in (
            "version",
            "preview",
            "phone",
            "words",
            "discard_version",
            "new_question",
            "restore_question",
        )
    },
    **{
        f"surveys:{name}": Subject(_of_question, office_only=True)
        for name in ("edit_question", "hang_question", "move_question", "remove_question")
    },
}
