"""What somebody says who was asked again: kept, and heard where it is still low."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import services as ring
from comity.followups.models import State
from comity.office import services as office
from comity.surveys.models import Again, Question
from comity.surveys.services import low_ratings
from comity.surveys.services.accepting import LONGEST_TEXT, allows
from comity.surveys.services.rules import current_rules
from comity.surveys.services.wording import in_words


class SavedMeanwhileError(DomainError):
    """On this link something was sent since the page was opened."""

    def __init__(self, again: Again) -> None:
        self.again = again
        super().__init__(
            _(
                "Something else was sent with this link, perhaps by you in another window. Check it, then "
                "send yours again."
            )
        )


def questions_of(again: Again) -> list[Question]:
    """What is asked again, the question rated lowest first; asked whatever else was answered then."""
    known = {one.key: copy(one) for one in again.response.wave.version.questions.all()}
    found = [known[key] for key in again.asked if key in known]
    for question in found:
        question.show_if_question = ""  # in the copy: the answer it waits for is not asked here
    return sorted(found, key=lambda one: (one.key != again.question, again.asked[one.key], one.order))


@transaction.atomic
def answer(again: Again, answers: Mapping[str, Any], *, words: str = "", revision: int) -> Again:
    """Keep what they answer now, in place of what they answered before; still low, it opens the ring again.

    again     with its questions at hand (`Again.objects.answerable`)
    answers   question to rating, of what is asked again alone
    words     what else they want to say
    revision  the one that was on the page; 0 for the first

    Raises DomainError, SavedMeanwhileError; the same sent twice is no conflict.
    """
    questions = {one.key: one for one in questions_of(again)}
    kept = {key: value for key, value in answers.items() if value not in ("", None)}
    if not kept:
        raise DomainError(_("Answer at least one question."))
    for key, value in kept.items():
        if key not in questions:
            raise DomainError(_("That question is not part of this survey."))
        if not allows(questions[key], value):
            raise DomainError(
                _("“%(question)s” cannot be answered like that. Choose one of the answers shown.")
                % {"question": questions[key].ask_en}
            )
    words = words.replace("\0", "").strip()[:LONGEST_TEXT]
    row = Again.objects.select_for_update(of=("self",)).get(pk=again.pk)
    if row.closes_on < office.today():
        raise DomainError(_("This survey is closed and can no longer be answered."))
    if row.revision != revision:
        if (row.answers, row.words) == (kept, words):
            return row
        raise SavedMeanwhileError(row)
    before, said = row.answers, row.words
    row.answers, row.words, row.revision = kept, words, row.revision + 1
    rating = kept.get(row.question)
    row.after = rating if isinstance(rating, int) else None
    row.answered_on = row.answered_on or office.today()
    row.save(update_fields=["answers", "words", "revision", "after", "answered_on"])
    with translation.override(settings.LANGUAGE_CODE):  # it is the office that reads them
        _hear(row, list(questions.values()), before, said)
    return row


def _hear(again: Again, questions: list[Question], before: Mapping[str, Any], said: str) -> None:
    """What is still low, and is said for the first time, opens the ring again; where it is open, it is added.

    What they said was still low a moment ago, and now is not, reaches the owner too.
    """
    limit = current_rules().low_rating
    low = [one for one in questions if low_ratings.is_low(one, again.answers.get(one.key), limit)]
    lines = [_line(one, again) for one in low if before.get(one.key) != again.answers[one.key]]
    lines += [
        _better(one, before[one.key], again.answers.get(one.key))
        for one in questions
        if one not in low and low_ratings.is_low(one, before.get(one.key), limit)
    ]
    if again.words and again.words != said:
        lines.append(again.words)
    follow_up = again.follow_up
    if not lines:
        return
    words = "\n".join(lines)
    if low and follow_up.state == State.TOLD:
        ring.reopen(follow_up.pk, words=words, by=low_ratings.BY, said_by=str(again.person))
    else:
        ring.add_heard(follow_up.pk, words=words, by=low_ratings.BY, said_by=str(again.person))


def _line(question: Question, again: Again) -> str:
    """ "Asked again, rates 2 of 5 (1 of 5 before): How easy was it?" """
    return _("Asked again, now rates %(now)s (%(before)s before): %(question)s") % {
        "now": in_words(question, again.answers[question.key], "en"),
        "before": in_words(question, again.asked[question.key], "en"),
        "question": question.ask_en,
    }


def _better(question: Question, was: int, now: int | str | None) -> str:
    """ "Asked again, now rates 4 of 5 instead of 1 of 5: How easy was it?" """
    said = {"was": in_words(question, was, "en"), "question": question.ask_en}
    if now is None:
        return _("Asked again, withdrew the rating %(was)s: %(question)s") % said
    return _("Asked again, changed from %(was)s to %(now)s: %(question)s") % {
        **said,
        "now": in_words(question, now, "en"),
    }
