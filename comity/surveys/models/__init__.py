"""Asked, answered, counted: surveys and their versions, waves, invitations, answers, and what was counted of them."""

from comity.surveys.models.answers import Held, HeldQuerySet, Remark, Response, ResponseQuerySet
from comity.surveys.models.participant import Participant, ParticipantQuerySet
from comity.surveys.models.rules import Rules
from comity.surveys.models.survey import Purpose, Question, Survey, SurveyQuerySet, Version
from comity.surveys.models.tally import Tally, TallyQuerySet
from comity.surveys.models.wave import Mode, Wave, WaveQuerySet

__all__ = [
    "Held",
    "HeldQuerySet",
    "Mode",
    "Participant",
    "ParticipantQuerySet",
    "Purpose",
    "Question",
    "Remark",
    "Response",
    "ResponseQuerySet",
    "Rules",
    "Survey",
    "SurveyQuerySet",
    "Tally",
    "TallyQuerySet",
    "Version",
    "Wave",
    "WaveQuerySet",
]
