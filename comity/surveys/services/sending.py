"""Inviting and reminding, in the background: some hundred people at a time, each pile whole or not at all.

A pile is one transaction: the links, the mail that holds them, and the mark that they were sent. Killed at any moment, a
pile is there or it is not, and whoever takes the work up again goes on with the people who are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit import services as audit
from comity.jobs.progress import Watched
from comity.office import services as office
from comity.partners.models import Person
from comity.surveys.models import Held, Mode, Participant, ParticipantQuerySet, Wave
from comity.surveys.services import audience, reach
from comity.surveys.services.audience import Candidate
from comity.surveys.services.invitation_mail import Letters
from comity.surveys.services.keys import held_key

INVITE = "surveys.invite"
PILE = 500  # mails in one transaction
LISTED = 2_000  # people written down in one transaction
BY = "worker"


def invite(progress: Watched, *, wave_id: int) -> str:
    """Write down whom the wave asks, then invite them; a sentence of what was done."""
    wave = Wave.objects.select_related("version__survey").filter(pk=wave_id).first()
    if wave is None or wave.state != Wave.State.OPENING:
        return _("Everyone had already been invited.")
    enlist(wave)
    total = wave.participants.exclude(state__in=KEPT_FROM).count()
    letters = Letters(wave)
    progress.say(total - wave.participants.to_send().count(), total)
    while _invite_pile(letters) is not None:
        progress.say(total - wave.participants.to_send().count(), total)
    _finish(wave)
    total = wave.participants.exclude(state__in=KEPT_FROM).count()
    return ngettext("%(count)s person was invited.", "%(count)s people were invited.", total) % {
        "count": f"{total:,}"
    }


KEPT_FROM = (Participant.State.RESTING, Participant.State.NO_ADDRESS)


def enlist(wave: Wave, people: list[Candidate] | None = None) -> int:
    """Write down whom a wave asks, and who cannot be asked; those written down before stay as they are. How many came."""
    found = audience.find(wave.audience).everyone if people is None else people
    known = set(wave.participants.values_list("person", flat=True))
    new = (_participant(wave, one) for one in found if one.person_id not in known)
    count = 0
    while pile := list(islice(new, LISTED)):
        with transaction.atomic():
            count += len(Participant.objects.bulk_create(pile, ignore_conflicts=True))
    return count


def _participant(wave: Wave, one: Candidate) -> Participant:
    return Participant(
        wave=wave,
        person_id=one.person_id,
        partner_id=one.partner_id,
        email=one.email,
        language=one.language,
        kind=one.kind,
        tier=one.tier,
        size=one.size,
        state=one.state,
    )


@transaction.atomic
def _invite_pile(letters: Letters) -> int | None:
    """Invite the next few hundred; how many were, and None when nobody is left.

    Whoever another wave has asked since they were written down rests instead. Waves that invite the same people at the
    same moment wait for each other, on the people: what comes second sees what the first one sent.
    """
    if not Wave.objects.open().filter(pk=letters.wave.pk).exists():
        return None
    next_ones = dict(letters.wave.participants.to_send().order_by("pk").values_list("pk", "person")[:PILE])
    people = Person.objects.filter(pk__in=next_ones.values()).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))
    waiting = letters.wave.participants.to_send().filter(pk__in=next_ones)
    pile = list(
        waiting.select_for_update(skip_locked=True, of=("self",)).select_related("person").order_by("pk")
    )
    if not pile:
        return None
    at_rest = audience.resting(office.today(), among=[one.person_id for one in pile])
    resting = [one.pk for one in pile if one.person_id in at_rest]
    Participant.objects.filter(pk__in=resting).update(state=Participant.State.RESTING)
    return _write_to(letters, [one for one in pile if one.person_id not in at_rest])


def _write_to(letters: Letters, people: list[Participant]) -> int:
    if people:
        letters.invite(people)
        Participant.objects.filter(pk__in=[one.pk for one in people]).update(
            state=Participant.State.SENT, sent_on=office.today()
        )
    return len(people)


def invite_late(wave: Wave, people: list[Candidate]) -> int:
    """Ask some more people in a wave that is open already, each once; how many were invited."""
    enlist(wave, people)
    letters, count = Letters(wave), 0
    while (sent := _invite_pile(letters)) is not None:
        count += sent
    return count


@transaction.atomic
def _finish(wave: Wave) -> None:
    """All invitations are written: the wave is open."""
    locked = Wave.objects.select_for_update().get(pk=wave.pk)
    if locked.state != Wave.State.OPENING or locked.participants.to_send().exists():
        return
    locked.state = Wave.State.OPEN
    locked.save(update_fields=["state"])
    audit.record(by=BY, action=INVITE, target=locked, after={"state": locked.state, **reach.by_state(locked)})


def remind(progress: Watched, *, wave_id: int, round_: int) -> str:
    """Write once more to those who have not answered; a sentence of what was done."""
    wave = Wave.objects.select_related("version__survey").get(pk=wave_id)
    reach.recount([wave.pk])
    letters, reminded = Letters(wave), 0
    total = to_go = to_remind(wave, round_).count()
    while (pile := _remind_pile(letters, round_)) is not None:
        reminded += pile
        to_go = to_remind(wave, round_).count()
        progress.say(total - to_go, total)
    return ngettext("%(count)s person was reminded.", "%(count)s people were reminded.", reminded) % {
        "count": f"{reminded:,}"
    }


def to_remind(wave: Wave, round_: int) -> ParticipantQuerySet:
    """Those of whom this round has not asked yet. Of an anonymous wave nobody knows here who answered."""
    silent = wave.participants.filter(state=Participant.State.SENT, answered=False, reminders__lt=round_)
    return silent if wave.mode == Mode.ANONYMOUS else silent.exclude(response__is_complete=True)


@transaction.atomic
def _remind_pile(letters: Letters, round_: int) -> int | None:
    """Remind the next few hundred; how many they were, and None when nobody is left.

    Answers wait for the lock on the wave, so that no link dies between an answer and its keeping. In an anonymous wave
    all are marked as gone through, so that the mark does not tell who had answered.
    """
    wave = Wave.objects.select_for_update().get(pk=letters.wave.pk)
    if wave.state != Wave.State.OPEN or (wave.closes_on and wave.closes_on < office.today()):
        return None
    pile = list(to_remind(wave, round_).select_related("person").order_by("pk")[:PILE])
    if not pile:
        return None
    silent = _without_held(pile) if wave.mode == Mode.ANONYMOUS else pile
    letters.remind(silent, round_)
    Participant.objects.filter(pk__in=[one.pk for one in pile]).update(reminders=round_)
    return len(silent)


def _without_held(pile: list[Participant]) -> list[Participant]:
    """Those under whose link nothing is held; worked out here and kept nowhere."""
    keys = {one.pk: held_key(one.token_hash or "") for one in pile}
    held: set[Any] = set(Held.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return [one for one in pile if keys[one.pk] not in held]


def something_unfinished() -> bool:
    """Whether a wave may be waiting for its invitations or reminders: asked every few minutes, so it is cheap."""
    return Wave.objects.filter(
        Q(state=Wave.State.OPENING) | Q(state=Wave.State.OPEN, reminded_on=office.today())
    ).exists()


def unfinished() -> Iterator[tuple[Wave, str]]:
    """Waves whose invitations or reminders stand still because their work failed, and which of both."""
    for wave in Wave.objects.filter(state=Wave.State.OPENING):
        yield wave, "invite"
    for wave in Wave.objects.filter(state=Wave.State.OPEN, rounds__gt=0, reminded_on=office.today()):
        if to_remind(wave, wave.rounds).exists():
            yield wave, "remind"
