"""A survey, a wave and invitations for the tests of this room, made without the services that are tested."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comity.followups import services as ring
from comity.followups.models import How
from comity.partners.models import Partner, Person
from comity.people import tokens
from comity.people.models import User
from comity.surveys.models import Again, Mode, Participant, Question, Response, Survey, Version, Wave
from comity.surveys.services import low_ratings
from comity.testing.cast import Names

KIND = Question.Kind


def version(*, frozen: bool = True, key: str = "annual") -> Version:
    """The questions every test asks: how satisfied, how easy, would you recommend us, what should change."""
    survey, _made = Survey.objects.get_or_create(
        key=key, defaults={"name": "How we did", "purpose": "annual"}
    )
    number = survey.versions.count() + 1
    made = Version.objects.create(
        survey=survey,
        number=number,
        title_en="How did we do?",
        title_es="¿Cómo lo hicimos?",
        frozen_at=timezone.now() if frozen else None,
    )
    facts: list[dict[str, Any]] = [
        {
            "key": "overall",
            "kind": KIND.RATING,
            "ask_en": "How satisfied are you?",
            "outcome": True,
            "core": True,
        },
        {"key": "ease", "kind": KIND.RATING, "ask_en": "How easy was it?", "driver": "ease", "core": True},
        {"key": "recommend", "kind": KIND.RECOMMEND, "ask_en": "Would you recommend us?"},
        {"key": "change", "kind": KIND.TEXT, "ask_en": "What should change?"},
    ]
    for order, fact in enumerate(facts):
        Question.objects.create(version=made, order=order, ask_es=f"¿{fact['key']}?", **fact)
    return made


def wave(mode: str = Mode.NAMED, *, state: str = Wave.State.OPEN, key: str = "autumn", **facts: Any) -> Wave:
    """A wave that is open, unless said otherwise."""
    now = timezone.now()
    closed = {"closed_at": now} if state == Wave.State.CLOSED else {}
    return Wave.objects.create(
        key=key,
        name=facts.pop("name", "Autumn"),
        version=facts.pop("version", None) or version(key=f"survey-{key}"),
        mode=mode,
        state=state,
        opened_at=now,
        closes_on=timezone.localdate() + timedelta(days=14),
        **closed,
        **facts,
    )


def invited(asked: Wave, person: Person | None, partner: Partner) -> tuple[Participant, str]:
    """An participant that was sent, and the raw token of its link."""
    assert person is not None
    raw, token_hash = tokens.new_token()
    made = Participant.objects.create(
        wave=asked,
        person=person,
        partner=partner,
        email=person.email,
        kind=partner.kind,
        tier=str(partner.tier or ""),
        state=Participant.State.SENT,
        token_hash=token_hash,
        sent_on=timezone.localdate(),
    )
    return made, raw


def answered(participant: Participant, **answers: Any) -> Response:
    """A named answer, sent off."""
    Participant.objects.filter(pk=participant.pk).update(answered=True)
    return Response.objects.create(
        wave=participant.wave,
        participant=participant,
        person=participant.person,
        partner=participant.partner,
        answers=answers,
        is_complete=True,
        day=timezone.localdate(),
    )


def person_at(cast: Names, partner: Partner, name: str) -> Person:
    """One more person with a post at a partner."""
    person = Person.objects.create(name=name, email=f"{name.lower().replace(' ', '.')}@people.example.gov")
    partner.positions.create(person=person, title="Clerk")
    return person


def asked_again(response: Response, *, by: User, **facts: Any) -> tuple[Again, str]:
    """Its low rating was heard and told, and its author is asked how it is now; and the raw token of the link."""
    assert response.participant_id is not None
    assert response.person is not None
    participant = Participant.objects.answerable().get(pk=response.participant_id)
    follow_up = low_ratings.hear(response, participant, before={})
    assert follow_up is not None
    ring.finish(follow_up.pk, words="Mended", by=by)
    told = ring.tell(follow_up.pk, how=How.PHONE, words="It is mended.", by=by, to=str(response.person))
    low = low_ratings.low_questions(response)
    raw, token_hash = tokens.new_token()
    today = timezone.localdate()
    made = Again.objects.create(
        follow_up=told,
        response=response,
        person=response.person,
        partner=response.partner,
        email=participant.email,
        asked={one.key: response.answers[one.key] for one in low},
        question=low[0].key,
        before=response.answers[low[0].key],
        token_hash=token_hash,
        sent_on=today,
        closes_on=today + timedelta(days=21),
        **facts,
    )
    return made, raw
