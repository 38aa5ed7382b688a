"""Asked, answered, counted: surveys and their versions, waves, invitations, answers, and what was counted of them."""

from comity.surveys.models.account import Account, AccountQuerySet, Deed, DeedQuerySet
from comity.surveys.models.answers import Held, HeldQuerySet, Remark, Response, ResponseQuerySet
from comity.surveys.models.mode import Mode
from comity.surveys.models.participant import REACHED, Participant, ParticipantQuerySet, Size
from comity.surveys.models.recurring import Series, SeriesQuerySet
from comity.surveys.models.rerating import Again, AgainQuerySet, LowRating
from comity.surveys.models.rules import Rules
from comity.surveys.models.survey import Purpose, Question, Survey, SurveyQuerySet, Version
from comity.surveys.models.tally import Tally, TallyQuerySet
from comity.surveys.models.wave import Wave, WaveQuerySet
