"""Asking somebody again what they rated low, once they were told what came of it: whom, each morning, and what they say now."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import services as ring
from comity.followups.models import FollowUp, State, Step
from comity.office import services as office
from comity.outbox import services as outbox
from comity.partners.models import Person
from comity.people import tokens
from comity.surveys.models import Again, Mode, Question, Response
from comity.surveys.models.survey import LANGUAGES
from comity.surveys.services import audience, low_ratings
from comity.surveys.services.answers import LONGEST_TEXT, accepted, in_words
from comity.surveys.services.audience import INVITATION, current_rules
from comity.surveys.services.low_ratings import said_of
from comity.surveys.services.sending import one_click

DAYS_OPEN = 21
# Somebody who rests until so long after being told is not asked any more: they would not know what about.
LONGEST_WAIT = timedelta(days=90)
MOST_AT_ONCE = 500  # in one morning


# Somebody to be asked again: their answer, and what they rated low in it, the lowest first.
Due = tuple[Response, list[Question]]


def ask_due(today: date) -> int:
    """Ask everybody whose turn has come; how many. Each with their mail in a transaction of its own."""
    return sum(_ask(response, questions, today) for response, questions in due_on(today))


def due_on(today: date) -> list[Due]:
    """Who is to be asked on a day, each person once. Whoever rests is found again when their rest is over."""
    rules = current_rules()
    if not rules.ask_again_after:
        return []
    waiting = list(_told(today, rules.ask_again_after)[:MOST_AT_ONCE])
    people = {response.person_id for response in waiting if response.person_id}
    at_rest, kept_from = audience.resting(today, among=people, rules=rules), audience.stopped()
    found: dict[int, Due] = {}
    for response in waiting:
        questions = low_ratings.low_questions(response, rules.low_rating)
        person, email = response.person_id or 0, _email_of(response)
        if person in at_rest or person in found or not email or not questions:
            continue
        if email.lower() not in kept_from:
            found[person] = response, questions
    return list(found.values())


def _email_of(response: Response) -> str:
    return response.person.email.strip() if response.person else ""


def _told(today: date, after: int) -> Any:
    """The answers whose low ratings were told so many days ago, and that may be asked about; the first told first."""
    zone = office.time_zone()
    last = datetime.combine(today - timedelta(days=after - 1), time.min, zone)
    first = datetime.combine(today - LONGEST_WAIT, time.min, zone)
    known = Again.objects.filter(follow_up=OuterRef("follow_up"), round=OuterRef("follow_up__reopened"))
    return (
        _of_those_to_be_asked()
        .filter(~Exists(known), follow_up__told_at__gte=first, follow_up__told_at__lt=last)
        .order_by("follow_up__told_at", "pk")
    )


def _of_those_to_be_asked() -> Any:
    """Answers of which the office may ask again, with all that is asked: three queries."""
    return (
        Response.objects.filter(
            Q(wave__mode=Mode.NAMED) | Q(wave__mode=Mode.CONFIDENTIAL, may_contact=True),
            follow_up__kind=low_ratings.LOW_RATING,
            follow_up__state=State.TOLD,
            person__left_on=None,
            person__merged_into=None,
        )
        .select_related("follow_up", "person", "partner", "wave__version")
        .prefetch_related("wave__version__questions", "follow_up__low_ratings")
    )


@transaction.atomic
def _ask(response: Response, questions: list[Question], today: date) -> int:
    """Write one down and write to them; 0 where the ring was opened again meanwhile, or somebody else was quicker."""
    told = FollowUp.objects.select_for_update(of=("self",)).filter(state=State.TOLD)
    follow_up = told.filter(pk=response.follow_up_id or 0).first()
    if follow_up is None or response.person is None:
        return 0
    # Waves wait for each other on the people whom they invite; so does this.
    Person.objects.select_for_update(no_key=True).get(pk=response.person.pk)
    if audience.resting(today, among=[response.person.pk]):
        return 0
    if Again.objects.filter(follow_up=follow_up, round=follow_up.reopened).exists():
        return 0
    raw, token_hash = tokens.new_token()
    worst = questions[0]
    asked = {one.key: response.answers[one.key] for one in questions}
    again = Again.objects.create(
        follow_up=follow_up,
        round=follow_up.reopened,
        response=response,
        person=response.person,
        partner=response.partner,
        email=_email_of(response),
        language=response.language if response.language in LANGUAGES else LANGUAGES[0],
        asked=asked,
        question=worst.key,
        before=asked[worst.key],
        token_hash=token_hash,
        sent_on=today,
        closes_on=today + timedelta(days=DAYS_OPEN),
    )
    _write_to(again, worst, raw)
    return 1


def _write_to(again: Again, question: Question, raw: str) -> None:
    language = again.language
    outbox.put(
        to=again.email,
        to_name=again.person.name,
        kind=INVITATION,
        template="surveys/mail/again",
        context={
            "name": again.person.name,
            "link": outbox.address(reverse("surveys:again", args=[raw])),
            "rating": one_click(question, language),
            **said_then(again, question, language),
        },
        language=language,
        key=f"surveys.again:{again.pk}",
        about=again,
        wipe_after_sending=True,
    )


def said_then(again: Again, question: Question, language: str) -> dict[str, Any]:
    """What they rated, when, and what they were told: what the mail and the page remind them of."""
    follow_up = again.follow_up
    told, told_on = follow_up.told_words, follow_up.told_at
    if not told:  # the ring was opened again since, perhaps by what they answered here
        step = follow_up.steps.filter(what=Step.What.TOLD, round=again.round).order_by("-pk").first()
        told, told_on = (step.words, step.at) if step else ("", None)
    with translation.override(language):
        return {
            "rated": in_words(question, again.before, language),
            "ask": question.said("ask", language),
            "rated_on": again.response.day or follow_up.heard_on,
            "told": told,
            "told_on": told_on and told_on.astimezone(office.time_zone()).date(),
            "until": again.closes_on,
        }


def waiting_for(follow_up: FollowUp) -> date | None:
    """From which day on its author is asked again, as things stand; None where nobody will be."""
    rules = current_rules()
    if not rules.ask_again_after or follow_up.state != State.TOLD or follow_up.told_at is None:
        return None
    told_on = follow_up.told_at.astimezone(office.time_zone()).date()
    due = told_on + timedelta(days=rules.ask_again_after)
    response = _of_those_to_be_asked().filter(follow_up=follow_up, person__isnull=False).first()
    if response is None or not low_ratings.low_questions(response, rules.low_rating):
        return None
    email = _email_of(response).lower()
    if not email or email in audience.stopped():
        return None
    last = audience.resting(due, among=[response.person_id or 0], rules=rules)
    free = max([due, *(when + timedelta(days=rules.rest_days) for when in last.values())])
    return free if free <= told_on + LONGEST_WAIT else None


class SavedMeanwhileError(DomainError):
    """On this link something was sent since the page was opened."""

    def __init__(self, again: Again) -> None:
        self.stored = again
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
    questions = questions_of(again)
    kept = accepted(questions, {key: value for key, value in answers.items() if value not in ("", None)})
    if not kept:
        raise DomainError(_("Answer at least one question."))
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
        _hear(row, questions, before, said)
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
    if lines:
        tell = ring.reopen if low and follow_up.state == State.TOLD else ring.add_heard
        tell(follow_up.pk, words="\n".join(lines), by=low_ratings.BY, said_by=str(again.person))


def _line(question: Question, again: Again) -> str:
    sentence = _("Asked again, now rates %(now)s (%(before)s before): %(question)s")
    now, before = again.answers[question.key], again.asked[question.key]
    return said_of(sentence, question, now=now, before=before)


def _better(question: Question, was: int, now: int | str | None) -> str:
    if now is None:
        return said_of(_("Asked again, withdrew the rating %(was)s: %(question)s"), question, was=was)
    return said_of(
        _("Asked again, changed from %(was)s to %(now)s: %(question)s"), question, was=was, now=now
    )
