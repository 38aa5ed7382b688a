"""Asked, answered, counted: surveys and their versions, waves, invitations, answers, and what was counted of them."""

from comity.surveys.models.account import Account, AccountQuerySet, Deed, DeedQuerySet
from comity.surveys.models.answers import (
    Held,
    HeldQuerySet,
    Remark,
    Response,
    ResponseQuerySet,
    Tally,
    TallyQuerySet,
)
from comity.surveys.models.participant import REACHED, Participant, ParticipantQuerySet
from comity.surveys.models.rerating import Again, AgainQuerySet, LowRating
from comity.surveys.models.survey import Purpose, Question, Survey, SurveyQuerySet, Version
from comity.surveys.models.wave import Mode, Rules, Series, SeriesQuerySet, Wave, WaveQuerySet
