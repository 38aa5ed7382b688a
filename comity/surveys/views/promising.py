"""What is said before the first question: here, how long it will take."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from comity.surveys.models import Question

READING_SECONDS = 20  # what stands above the questions
CHOOSING_SECONDS = 10
WRITING_SECONDS = 40


def minutes_for(questions: Iterable[Question]) -> int:
    """About how many minutes these take, counting all who may come up; at least one."""
    seconds = READING_SECONDS
    for question in questions:
        seconds += WRITING_SECONDS if question.kind == Question.Kind.TEXT else CHOOSING_SECONDS
    return ceil(seconds / 60)
