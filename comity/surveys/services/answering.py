"""Keeping what somebody answered on a link. Where it lies, and what is not written: docs/decisions/anonymity.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.office import services as office
from comity.surveys.models import Held, Mode, Participant, Response, Wave
from comity.surveys.services import low_ratings
from comity.surveys.services.answers import Answers, accepted
from comity.surveys.services.sealing import held_key, opened, sealed

Row = Response | Held


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
    row: Row | None = _rows(participant).first()
    if row is None:
        return Stored()
    if isinstance(row, Held):
        return Stored(opened(row.answers, row.key), row.is_complete, revision=row.revision)
    return Stored(row.answers, row.is_complete, row.may_contact, row.revision)


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
    consent = may_contact and wave.mode == Mode.CONFIDENTIAL
    try:
        with transaction.atomic():
            _hold_open(wave)
            _refuse_ended_link(participant)
            if not revision:
                return _first(participant, kept, complete=complete, language=language, may_contact=consent)
            changed = _again(
                participant,
                kept,
                complete=complete,
                language=language,
                may_contact=consent,
                revision=revision,
            )
            if changed:
                return changed
    except IntegrityError:
        pass
    stored = stored_of(participant)
    if not stored.revision and not revision:
        raise ClosedError(_closed())  # the row that stood in the way went with the wave
    if (stored.answers, stored.may_contact) == (kept, consent) and (stored.is_complete or not complete):
        return stored
    raise SavedMeanwhileError(stored)


def _closed() -> str:
    return _("This survey is closed and can no longer be answered.")


def _hold_open(wave: Wave) -> None:
    """Make sure the wave is open and stays so until this answer is committed.

    On PostgreSQL by a lock that answers share and closing waits for. It lies on the wave, never on the participant:
    a lock leaves the number of its transaction in the row, and a held answer carries the same.
    """
    first = not wave.has_answers
    if first and Wave.objects.open().filter(pk=wave.pk, has_answers=False).update(has_answers=True):
        return
    shared = "FOR SHARE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM surveys_wave WHERE id = %s AND state IN (%s, %s) {shared}",  # one of two words
            [wave.pk, *Wave.ANSWERABLE],
        )
        if cursor.fetchone() is None:
            raise ClosedError(_closed())


def _refuse_ended_link(participant: Participant) -> None:
    """A reminder may have ended the link since it was looked up; held under it, an answer would be nobody's.

    Reminders hold the wave for themselves while they change links, so that this is true until the commit.
    """
    asked = Participant.objects.filter(pk=participant.pk, token_hash=participant.token_hash)
    if participant.wave.mode == Mode.ANONYMOUS and not asked.exists():
        raise ClosedError(_closed())


def _rows(participant: Participant) -> Any:
    """Where the answers on this link lie, of either kind."""
    if participant.wave.mode == Mode.ANONYMOUS:
        return Held.objects.filter(key=held_key(str(participant.token_hash)))
    return Response.objects.filter(participant_id=participant.pk)


def _first(
    participant: Participant, kept: Answers, *, complete: bool, language: str, may_contact: bool
) -> Stored:
    """The first answer on a link. Raises IntegrityError if another was quicker."""
    wave = participant.wave
    said = {"wave": wave, "is_complete": complete}
    if wave.mode == Mode.ANONYMOUS:
        # Not in which language: where few speak it, that is a name.
        key = held_key(str(participant.token_hash))
        Held.objects.create(key=key, answers=sealed(kept, key), **said)
        return Stored(kept, complete, revision=1)
    response = Response.objects.create(
        participant=participant,
        person_id=participant.person_id,
        partner_id=participant.partner_id,
        may_contact=may_contact,
        language=language,
        day=office.today(),
        answers=kept,
        **said,
    )
    if complete:
        _mark(participant)
        low_ratings.hear(response, participant, before={})
    return Stored(kept, complete, may_contact, 1)


def _again(
    participant: Participant,
    kept: Answers,
    *,
    complete: bool,
    language: str,
    may_contact: bool,
    revision: int,
) -> Stored | None:
    """A change, or None if the page it comes from is not of what is kept now."""
    rows = _rows(participant)
    said: dict[str, Any] = {"answers": kept, "revision": F("revision") + 1}
    if complete:
        said["is_complete"] = True
    if participant.wave.mode == Mode.ANONYMOUS:
        # No need to know what it was: whether it was sent off stays as it is unless this sends it.
        said["answers"] = sealed(kept, held_key(str(participant.token_hash)))
        changed = rows.filter(revision=revision).update(**said)
        return Stored(kept, complete, revision=revision + 1) if changed else None
    response = rows.select_for_update().first()
    if response is None or response.revision != revision:
        return None
    before, was_contactable = response.answers, response.may_contact
    # The day it was sent off first stays: early and late answers are told apart by it.
    day = Case(When(is_complete=False, then=Value(office.today())), default=F("day"))
    rows.update(**said, language=language, may_contact=may_contact, day=day)
    if complete or response.is_complete:
        _mark(participant)
        response.answers, response.may_contact = kept, may_contact
        low_ratings.hear(response, participant, before=before, was_contactable=was_contactable)
    return Stored(kept, complete or response.is_complete, may_contact, revision + 1)


def _mark(participant: Participant) -> None:
    """In waves that know who answered, say so."""
    if not participant.answered:
        Participant.objects.filter(pk=participant.pk).update(answered=True)
