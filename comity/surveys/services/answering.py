"""Keeping what somebody answered on a link. Where it lies, and what is not written: docs/decisions/anonymity.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.office import services as office
from comity.surveys.models import Held, Mode, Participant, Response, Wave
from comity.surveys.services import low_ratings
from comity.surveys.services.answers import Answers, accepted
from comity.surveys.services.sealing import held_key, opened, sealed


@dataclass(frozen=True)
class Stored:
    """What is kept of a link's answers; `revision` 0 when nothing is."""

    answers: Answers = field(default_factory=dict)
    is_complete: bool = False
    may_contact: bool = False
    revision: int = 0


class ClosedError(DomainError):
    """The wave can be answered no more."""


class SavedMeanwhileError(DomainError):
    """On this link something was saved since the page was opened.

    stored  what is kept now
    """

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        super().__init__(
            _(
                "Something else was saved with this link, perhaps by you in another window. Check it, "
                "then send your answers again. Nothing you typed is lost."
            )
        )


def stored_of(participant: Participant) -> Stored:
    """What this participant's link holds. One query."""
    if participant.wave.mode == Mode.ANONYMOUS:
        held = Held.objects.filter(key=held_key(str(participant.token_hash))).first()
        return (
            Stored(opened(held.answers, held.key), held.is_complete, False, held.revision)
            if held
            else Stored()
        )
    row = Response.objects.filter(participant=participant).first()
    return Stored(row.answers, row.is_complete, row.may_contact, row.revision) if row else Stored()


def answer(
    participant: Participant,
    answers: Mapping[str, Any],
    *,
    complete: bool,
    language: str,
    may_contact: bool = False,
    revision: int,
) -> Stored:
    """Keep what somebody answered, in place of what they answered before.

    participant  with its wave, version and questions at hand (`Participant.objects.answerable`)
    answers      as models.answers describes them; those to questions that do not come up are dropped
    complete     sent off, not merely saved; what was sent off once stays so
    revision     the one that was on the page; 0 for the first

    Nothing is written of an anonymous answer but the answer. A low rating with a name is heard once it is sent off;
    what is only saved is its author's alone.
    Raises DomainError, ClosedError, SavedMeanwhileError; the same answers sent twice at once are no conflict.
    """
    wave = participant.wave
    kept = accepted(wave.version.questions.all(), answers)
    if not kept:
        raise DomainError(_("Answer at least one question."))
    said = Stored(kept, complete, may_contact and wave.mode == Mode.CONFIDENTIAL, revision)
    try:
        with transaction.atomic():
            _hold_open(wave)
            anonymous = wave.mode == Mode.ANONYMOUS
            if done := _hold(participant, said) if anonymous else _keep(participant, said, language):
                return done
    except IntegrityError:
        pass
    stored = stored_of(participant)
    if not stored.revision and not revision:
        raise ClosedError(_closed())  # the row that stood in the way went with the wave
    alike = (stored.answers, stored.may_contact) == (kept, said.may_contact)
    if alike and (stored.is_complete or not complete):
        return stored
    raise SavedMeanwhileError(stored)


def _closed() -> str:
    return _("This survey is closed and can no longer be answered.")


def _hold_open(wave: Wave) -> None:
    """Make sure the wave is open and stays so until this answer is committed.

    On PostgreSQL by a lock that answers share and closing waits for. It lies on the wave, never on the participant:
    a lock leaves the number of its transaction in the row, and a held answer carries the same.
    """
    if not wave.has_answers and Wave.objects.open().filter(pk=wave.pk, has_answers=False).update(
        has_answers=True
    ):
        return
    shared = "FOR SHARE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM surveys_wave WHERE id = %s AND state IN (%s, %s) {shared}",  # one of two words
            [wave.pk, *Wave.ANSWERABLE],
        )
        if cursor.fetchone() is None:
            raise ClosedError(_closed())


def _hold(participant: Participant, said: Stored) -> Stored | None:
    """Keep an anonymous answer; None if the page it comes from is not of what is kept now.

    A reminder may have ended the link since it was looked up; held under it, an answer would be nobody's. Reminders hold
    the wave for themselves while they change links, so that what is asked here is true until the commit.
    Raises ClosedError for such a link, IntegrityError if another first answer was quicker.
    """
    if not Participant.objects.filter(pk=participant.pk, token_hash=participant.token_hash).exists():
        raise ClosedError(_closed())
    key = held_key(str(participant.token_hash))
    answers = sealed(said.answers, key)
    if not said.revision:
        # Not in which language: where few speak it, that is a name.
        Held.objects.create(key=key, wave=participant.wave, answers=answers, is_complete=said.is_complete)
    else:
        # No need to know what it was: whether it was sent off stays as it is unless this sends it.
        sent = {"is_complete": True} if said.is_complete else {}
        rows = Held.objects.filter(key=key, revision=said.revision)
        if not rows.update(answers=answers, revision=said.revision + 1, **sent):
            return None
    return replace(said, revision=said.revision + 1)


def _keep(participant: Participant, said: Stored, language: str) -> Stored | None:
    """Keep an answer that has an author; None if the page it comes from is not of what is kept now.

    Raises IntegrityError if another first answer was quicker.
    """
    before: Answers = {}
    was_contactable = False
    if not said.revision:
        row = Response(
            participant=participant,
            wave=participant.wave,
            person_id=participant.person.merged_into_id or participant.person_id,
            partner_id=participant.partner_id,
        )
    else:
        found = Response.objects.select_for_update().filter(participant=participant, revision=said.revision)
        if (was := found.first()) is None:
            return None
        row, before, was_contactable = was, was.answers, was.may_contact
    # The day it was sent off first stays: early and late answers are told apart by it.
    if not row.is_complete:
        row.day = office.today()
    row.answers, row.may_contact, row.language = said.answers, said.may_contact, language
    row.is_complete, row.revision = said.is_complete or row.is_complete, said.revision + 1
    row.save(force_insert=not said.revision)
    if row.is_complete:
        # In waves that know who answered, say so.
        if not participant.answered:
            Participant.objects.filter(pk=participant.pk).update(answered=True)
        low_ratings.hear(row, participant, before=before, was_contactable=was_contactable)
    return replace(said, is_complete=row.is_complete, revision=row.revision)
