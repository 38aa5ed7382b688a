"""What is promised before the first question, in the mail and on the page alike: how long it will take."""

from __future__ import annotations

from collections.abc import Iterable

from comity.surveys.models import Question

READING_SECONDS = 20  # what stands above the questions
CHOOSING_SECONDS = 10
WRITING_SECONDS = 40


def minutes_for(questions: Iterable[Question]) -> int:
    """About how many minutes these take, counting what everybody is asked; at least one."""
    seconds = READING_SECONDS
    for question in questions:
        if question.show_if_question:
            continue
        seconds += WRITING_SECONDS if question.kind == Question.Kind.TEXT else CHOOSING_SECONDS
    return max(1, (seconds + 30) // 60)
