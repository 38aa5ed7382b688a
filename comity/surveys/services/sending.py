"""Inviting and reminding, in the background: some hundred people at a time, each pile whole or not at all.

A pile is one transaction: the links, the mail that holds them, and the mark that they were sent. Killed at any moment, a
pile is there or it is not, and whoever takes the work up again goes on with the people who are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.audit import services as audit
from comity.imports import setwise
from comity.jobs.progress import Watched
from comity.office import services as office
from comity.outbox import services as outbox
from comity.outbox.kinds import MailKind
from comity.outbox.many import Letter, put_many
from comity.partners.models import Person
from comity.people import tokens
from comity.surveys.models import Held, Mode, Participant, ParticipantQuerySet, Question, Wave
from comity.surveys.services import answers, audience
from comity.surveys.services.answers import minutes_for
from comity.surveys.services.audience import INVITATION, Candidate
from comity.surveys.services.response_status import by_state, recount
from comity.surveys.services.sealing import held_key

KIND = MailKind(INVITATION, gettext_lazy("Surveys: how we are doing"), may_stop=True)
INVITE = "surveys.invite"
PILE = 500  # mails in one transaction
LISTED = 2_000  # people written down in one transaction
BY = "worker"
KEPT_FROM = (Participant.State.RESTING, Participant.State.NO_ADDRESS)
WRITTEN_DOWN = ("person_id", "partner_id", "email", "language", "kind", "tier", "size", "state")
ONE_CLICK = (Question.Kind.RATING, Question.Kind.RECOMMEND)


def write_to(
    people: Iterable[Participant],
    link_of: Callable[[Participant], str],
    *,
    key: str,
    context: Callable[[str], Mapping[str, Any]],
    **mail: Any,
) -> None:
    """Write to each in their language, in the caller's transaction; the rest as `outbox.many.put_many` takes it.

    link_of  where the letter of one leads
    key      what the key of a letter begins with
    context  what is the same for all who read it in a language
    """
    by_language = attrgetter("language")
    for language, pile in groupby(sorted(people, key=by_language), by_language):
        letters = (
            Letter(
                to=one.email,
                to_name=one.person.name,
                own={"name": one.person.name, "link": link_of(one)},
                key=f"{key}{one.pk}",
                about=one,
            )
            for one in pile
        )
        put_many(letters, context=context(language), language=language, **mail)


@dataclass
class Letters:
    """The mail of one wave. A template is rendered once for each language and pile; what is asked is read once."""

    wave: Wave

    def invite(self, people: list[Participant]) -> None:
        """Give each a link of their own and write to them, in the caller's transaction."""
        self._write(people, "surveys/mail/invitation", "invited")

    def remind(self, people: list[Participant], round_: int) -> None:
        """The same once more; the links they had lead nowhere from now on."""
        self._write(people, "surveys/mail/reminder", f"reminded:{round_}")

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.wave.version.questions.all())

    @cached_property
    def link(self) -> list[str]:
        """What stands before and after the token in a link; worked out once, since it takes longer than all else."""
        return outbox.address(reverse("surveys:answer", args=["_"])).rsplit("_", 1)

    def _write(self, people: list[Participant], template: str, what: str) -> None:
        fresh = {one.pk: tokens.new_token() for one in people}
        write_to(
            people,
            lambda one: fresh[one.pk][0].join(self.link),
            key=f"surveys.{what}:",
            context=self.context,
            kind=INVITATION,
            template=template,
            wipe_after_sending=True,
        )
        hashes = ((pk, {"token_hash": token_hash}) for pk, (_raw, token_hash) in fresh.items())
        setwise.update(Participant, hashes)

    def context(self, language: str) -> dict[str, Any]:
        """What is the same for all who read it in a language."""
        version = self.wave.version
        return {
            "wave": self.wave,
            "title": version.said("title", language),
            "intro": version.said("intro", language),
            "minutes": minutes_for(self.questions),
            # The first question, if it can be answered with one click in the mail.
            "rating": next(
                (one_click(one, language) for one in self.questions[:1] if one.kind in ONE_CLICK), None
            ),
        }


def one_click(question: Question, language: str) -> dict[str, Any]:
    """A question on a scale as a mail asks it: each choice is a link."""
    with translation.override(language):
        lowest, highest = answers.ends(question)
        choices = [value for value, _words in answers.offered(question, language)]
    return {
        "key": question.key,
        "ask": question.said("ask", language),
        "choices": choices,
        "lowest": lowest,
        "highest": highest,
    }


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


def enlist(wave: Wave, people: list[Candidate] | None = None) -> None:
    """Write down whom a wave asks, and who cannot be asked; those written down before stay as they are."""
    found = audience.find(wave.audience).everyone if people is None else people
    known = set(wave.participants.values_list("person", flat=True))
    new = (
        Participant(wave=wave, **{name: getattr(one, name) for name in WRITTEN_DOWN})
        for one in found
        if one.person_id not in known
    )
    for pile in setwise.chunks(new, LISTED):
        with transaction.atomic():
            Participant.objects.bulk_create(pile, ignore_conflicts=True)


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
    asked = [one for one in pile if one.person_id not in at_rest]
    letters.invite(asked)
    sent = Participant.objects.filter(pk__in=[one.pk for one in asked])
    return sent.update(state=Participant.State.SENT, sent_on=office.today())


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
    audit.record(by=BY, action=INVITE, target=locked, after={"state": locked.state, **by_state(locked)})


def remind(progress: Watched, *, wave_id: int, round_: int) -> str:
    """Write once more to those who have not answered; a sentence of what was done."""
    wave = Wave.objects.select_related("version__survey").get(pk=wave_id)
    recount([wave.pk])
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
    sent = wave.participants.once().filter(state=Participant.State.SENT)
    silent = sent.filter(answered=False, reminders__lt=round_)
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
    silent = pile
    if wave.mode == Mode.ANONYMOUS:  # under whose link nothing is held; worked out here and kept nowhere
        keys = {one.pk: held_key(one.token_hash or "") for one in pile}
        held = set(Held.objects.filter(key__in=keys.values()).values_list("key", flat=True))
        silent = [one for one in pile if keys[one.pk] not in held]
    letters.remind(silent, round_)
    Participant.objects.filter(pk__in=[one.pk for one in pile]).update(reminders=round_)
    return len(silent)


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
