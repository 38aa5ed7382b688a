"""Whom to ask again, each morning: told some days ago, not asked again yet in this round, and not resting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation

from comity.followups.models import FollowUp, State, Step
from comity.office import services as office
from comity.outbox import services as outbox
from comity.partners.models import Person
from comity.people import tokens
from comity.surveys.models import Again, Mode, Question, Response
from comity.surveys.models.survey import LANGUAGES
from comity.surveys.services import audience, low_ratings, wording
from comity.surveys.services.audience import INVITATION
from comity.surveys.services.invitation_mail import one_click
from comity.surveys.services.rules import current_rules

DAYS_OPEN = 21
# Somebody who rests until so long after being told is not asked any more: they would not know what about.
LONGEST_WAIT = timedelta(days=90)
MOST_AT_ONCE = 500  # in one morning


@dataclass(frozen=True)
class Due:
    """Somebody to be asked again: their answer, and what they rated low in it, the lowest first."""

    response: Response
    questions: list[Question]

    @property
    def email(self) -> str:
        return self.response.person.email.strip() if self.response.person else ""


def ask_due(today: date) -> int:
    """Ask everybody whose turn has come; how many. Each with their mail in a transaction of its own."""
    asked = 0
    for due in due_on(today):
        asked += _ask(due, today)
    return asked


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
        due = Due(response, low_ratings.low_questions(response, rules.low_rating))
        person = response.person_id or 0
        if person in at_rest or person in found or not due.email or not due.questions:
            continue
        if due.email.lower() not in kept_from:
            found[person] = due
    return list(found.values())


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
def _ask(due: Due, today: date) -> int:
    """Write one down and write to them; 0 where the ring was opened again meanwhile, or somebody else was quicker."""
    response = due.response
    told = FollowUp.objects.select_for_update(of=("self",)).filter(
        pk=response.follow_up_id or 0, state=State.TOLD
    )
    follow_up = told.first()
    if follow_up is None or response.person is None:
        return 0
    # Waves wait for each other on the people whom they invite; so does this.
    Person.objects.select_for_update(no_key=True).get(pk=response.person.pk)
    if audience.resting(today, among=[response.person.pk]):
        return 0
    if Again.objects.filter(follow_up=follow_up, round=follow_up.reopened).exists():
        return 0
    raw, token_hash = tokens.new_token()
    worst = due.questions[0]
    asked = {one.key: response.answers[one.key] for one in due.questions}
    again = Again.objects.create(
        follow_up=follow_up,
        round=follow_up.reopened,
        response=response,
        person=response.person,
        partner=response.partner,
        email=due.email,
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
            "rated": wording.in_words(question, again.before, language),
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
    email = Due(response, []).email.lower()
    if not email or email in audience.stopped():
        return None
    last = audience.resting(due, among=[response.person_id or 0], rules=rules)
    free = max([due, *(when + timedelta(days=rules.rest_days) for when in last.values())])
    return free if free <= told_on + LONGEST_WAIT else None
