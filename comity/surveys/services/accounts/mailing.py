"""Telling those who were asked that there is something to read: once, in the background, some hundred at a time.

Of a named wave whoever answered is told. Of one that keeps names back everybody who was reached is told alike, so that no
mail says who had answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity import jobs
from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.jobs.progress import Watched
from comity.outbox import services as outbox
from comity.outbox.kinds import MailKind
from comity.outbox.many import Letter, put_many
from comity.outbox.models import Message
from comity.people.models import User
from comity.surveys.models import Account, AccountQuerySet, Mode, Participant, ParticipantQuerySet, Wave
from comity.surveys.services.accounts.links import path_for
from comity.surveys.services.sending import PILE

TELL = "surveys.tell_respondents"
TELLING = "surveys.tell"  # work in the background
KEY = "surveys.told:"  # of a letter in the outbox
GIVEN_UP_AFTER = timedelta(days=3)
KIND = MailKind(TELL, gettext_lazy("Surveys: what came of your answers"), may_stop=True)


def readers_of(wave: Wave) -> ParticipantQuerySet:
    """Who is written to: see above. Nobody of a wave whose responses were imported.

    Where names are kept back it goes by the mail alone: whoever answered though their mail came back would be known by it.
    """
    rows = wave.participants.exclude(email="")
    if wave.mode == Mode.NAMED:
        return rows.filter(answered=True)
    return rows.filter(state=Participant.State.SENT)


@transaction.atomic
def tell_all(wave: Wave, *, by: User) -> Work:
    """Write to all of them; the work that does it. Raises DomainError: not published, told already, nobody to tell."""
    account = Account.objects.select_for_update(of=("self",)).filter(wave=wave).first()
    if account is None or not account.published_at:
        raise DomainError(_("Publish it first, then tell people."))
    if account.mailed_at:
        raise DomainError(_("They have already been told."))
    if not readers_of(wave).exists():
        raise DomainError(_("There is nobody to tell, because we have no email addresses."))
    account.mailed_at = timezone.now()
    account.save(update_fields=["mailed_at"])
    audit.record(by=by, action=TELL, target=account, after={"people": readers_of(wave).count()})
    return go_on_telling(wave, by=by)


def go_on_telling(wave: Wave, *, by: Any) -> Work:
    """Let the worker write the letters that are not written yet."""
    return jobs.start(
        TELLING,
        {"wave_id": wave.pk},
        label=_("Telling people what came of “%(wave)s”") % {"wave": wave},
        by=by,
        url=wave.get_absolute_url(),
    )


def lately_begun() -> AccountQuerySet:
    """Those whose readers are being written to, or were within some days."""
    return Account.objects.published().filter(mailed_at__gte=timezone.now() - GIVEN_UP_AFTER)


def unfinished() -> Iterator[Wave]:
    """Waves of which some readers have no letter, though they were to be told."""
    for account in lately_begun().select_related("wave"):
        key = Concat(Value(KEY), Cast(OuterRef("pk"), CharField()))
        written = Message.objects.filter(key=key)
        if readers_of(account.wave).exclude(Exists(written)).exists():
            yield account.wave


def send(progress: Watched, *, wave_id: int) -> str:
    """Write the letters. Killed and taken up again it writes none twice: each has its key in the outbox."""
    account = Account.objects.select_related("wave__version__survey").get(wave=wave_id)
    rows, last, done = readers_of(account.wave), 0, 0
    total = rows.count()
    while account.published_at:
        pile = list(rows.filter(pk__gt=last).select_related("person").order_by("pk")[:PILE])
        if not pile:
            break
        _write(account, pile)
        last, done = pile[-1].pk, done + len(pile)
        progress.say(done, total)
    return ngettext("%(count)s person was told.", "%(count)s people were told.", done) % {
        "count": f"{done:,}"
    }


@transaction.atomic
def _write(account: Account, pile: list[Participant]) -> None:
    paths: dict[int, str] = {}
    for one in pile:
        if one.partner_id not in paths:
            paths[one.partner_id] = outbox.address(path_for(account.wave, one.partner_id))
    for language, people in groupby(sorted(pile, key=lambda one: one.language), lambda one: one.language):
        put_many(
            (
                Letter(
                    to=one.email,
                    to_name=one.person.name,
                    own={"name": one.person.name, "link": f"{paths[one.partner_id]}?language={language}"},
                    key=f"{KEY}{one.pk}",
                    about=one,
                )
                for one in people
            ),
            kind=TELL,
            template="surveys/mail/told",
            context={
                "wave": account.wave,
                "title": account.wave.version.said("title", language),
                "hides_who": account.wave.hides_who,
            },
            language=language,
        )
