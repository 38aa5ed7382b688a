"""Surveys are built: made, worded, asked questions into, frozen when they are first sent, and retired.

What was sent never changes. A change begins a draft, a copy of what was sent last, in which every question keeps its key.
"""

from comity.surveys.services.building.checks import MOST_QUESTIONS, without_spanish
from comity.surveys.services.building.differences import differences
from comity.surveys.services.building.drafts import (
    FrozenError,
    begin_draft,
    change_words,
    discard_draft,
    freeze,
)
from comity.surveys.services.building.questions import (
    add_question,
    change_question,
    hang_question,
    move_question,
    remove_question,
    restore_question,
)
from comity.surveys.services.building.surveys import bring_back, create_survey, rename, retire
