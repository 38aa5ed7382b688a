"""*What you told us, what we did*: written from what came of a wave, published, and told to those who were asked.

Of a named wave whoever answered is told, in the background. Of one that keeps names back everybody who was reached is told
alike, so that no mail says who had answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import CharField, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values, plain_values
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.jobs.models import Work
from comity.jobs.progress import Watched
from comity.outbox import services as outbox
from comity.outbox.kinds import MailKind
from comity.outbox.models import Message
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import (
    Account,
    AccountQuerySet,
    Deed,
    Mode,
    Participant,
    ParticipantQuerySet,
    Response,
    Wave,
)
from comity.surveys.services.building.question_keys import lines
from comity.surveys.services.low_ratings import LOW_IN_SURVEY, survivor_of
from comity.surveys.services.sending import PILE, write_to
from comity.surveys.services.waves import work_on

SAY = "surveys.say_deed"
CHANGE = "surveys.change_deed"
REMOVE = "surveys.remove_deed"
WORD = "surveys.word_account"
PUBLISH = "surveys.publish_account"
TAKE_BACK = "surveys.take_account_back"
TEXTS = ("heard_en", "heard_es", "done_en", "done_es")
SALT = "comity.surveys.account"
TELL = "surveys.tell_respondents"
TELLING = "surveys.tell"  # work in the background
KEY = "surveys.told:"  # of a letter in the outbox
GIVEN_UP_AFTER = timedelta(days=3)
KIND = MailKind(TELL, gettext_lazy("Surveys: what came of your answers"), may_stop=True)


def account_of(wave: Wave) -> Account:
    """The account of a wave, empty if nobody has begun it; not kept by this."""
    return Account.objects.filter(wave=wave).first() or Account(wave=wave)


def follow_ups_of(wave: Wave, user: User) -> FollowUpQuerySet:
    """What was heard in a wave: of single answers with a name, and of the survey as a whole."""
    single = Response.objects.filter(wave=wave, follow_up__isnull=False).values("follow_up")
    whole = Q(kind=LOW_IN_SURVEY, source_id=str(wave.pk))
    rows: FollowUpQuerySet = FollowUp.objects.visible_to(user).standing()
    return rows.filter(Q(pk__in=single) | whole)


@transaction.atomic
def say(wave: Wave, values: Values, *, by: User) -> Deed:
    """Add one thing that was heard and what was done. Raises DomainError.

    values  as in `Deed`: heard_en, heard_es, done_en, done_es, partner, follow_ups
    """
    account = _begun(wave)
    last = account.deeds.aggregate(last=Max("order"))["last"]

    def check(deed: Deed) -> None:
        deed.account, deed.order = account, (last or 0) + 1
        _check(deed)

    return create(Deed, values, by=by, action=SAY, check=check)


def change_deed(deed_id: int, values: Values, *, by: User, seen: Values | None = None) -> Deed:
    """Say it in other words, or to others. Raises ConflictError, DomainError."""
    return change(Deed.objects.all(), deed_id, values, by=by, action=CHANGE, seen=seen, check=_check).row


@transaction.atomic
def remove(deed_id: int, *, by: User) -> None:
    """Say it no more. Raises DomainError where it is the last of what is published."""
    deed = Deed.objects.select_for_update(of=("self",)).select_related("account").get(pk=deed_id)
    others = deed.account.deeds.exclude(pk=deed.pk)
    if deed.account.published_at and not others.exists():
        raise DomainError(_("This is published, and it is the only thing on the page. Unpublish it first."))
    audit.record(
        by=by, action=REMOVE, target=deed, before=plain_values(deed, TEXTS), partner_id=deed.partner_id
    )
    deed.delete()


@transaction.atomic
def word(wave: Wave, values: Values, *, by: User, seen: Values | None = None) -> Account:
    """What stands above it. Raises ConflictError."""
    tidy = {name: lines(text) for name, text in values.items()}
    return change(Account.objects.all(), _begun(wave).pk, tidy, by=by, action=WORD, seen=seen).row


@transaction.atomic
def publish(wave: Wave, *, by: User) -> Account:
    """Let those who have the link, and partners in their portal, read it. Raises DomainError."""
    if wave.state != Wave.State.CLOSED:
        raise DomainError(_("Close the wave first. Answers can still arrive until then."))
    account = _begun(wave)
    if account.published_at:
        raise DomainError(_("This is already published."))
    if not account.deeds.exists():
        raise DomainError(_("Add at least one thing you did."))
    account.published_at = timezone.now()
    account.save(update_fields=["published_at"])
    audit.record(by=by, action=PUBLISH, target=account, after={"deeds": account.deeds.count()})
    return account


@transaction.atomic
def take_back(wave: Wave, *, by: User) -> Account:
    """Its links lead nowhere until it is published again. Raises DomainError."""
    account = _begun(wave)
    if not account.published_at:
        raise DomainError(_("This is not published."))
    account.published_at = None
    account.save(update_fields=["published_at"])
    audit.record(by=by, action=TAKE_BACK, target=account, after={})
    return account


def _begun(wave: Wave) -> Account:
    """The account of a wave, locked; made if there is none."""
    Account.objects.get_or_create(wave=wave)
    return Account.objects.select_for_update(of=("self",)).get(wave=wave)


def _check(deed: Deed) -> None:
    for name in TEXTS:
        setattr(deed, name, lines(getattr(deed, name)))
    if not deed.heard_en:
        raise DomainError(_("Enter what they told you."), "heard_en")
    if not deed.done_en:
        raise DomainError(_("Enter what you did."), "done_en")


@dataclass(frozen=True)
class Page:
    """What one address opens; without a partner what is said to all."""

    account: Account
    partner: Partner | None


def token_for(wave: Wave, partner_id: int | None = None) -> str:
    """What stands in the address: signed with this installation's secret, and the same for everybody at a partner."""
    return signing.Signer(salt=SALT).sign(f"{wave.pk}.{partner_id or 0}").replace(":", "-", 1)


def path_for(wave: Wave, partner_id: int | None = None) -> str:
    return reverse("surveys:account_page", args=[token_for(wave, partner_id)])


def page_behind(token: str) -> Page | None:
    """What an address opens: None for one that is no address of ours, and for what is not published."""
    try:
        wave, partner = signing.Signer(salt=SALT).unsign(token.replace("-", ":", 1)).split(".")
    except (signing.BadSignature, ValueError):
        return None
    account = (
        Account.objects.published().select_related("wave__version__survey").filter(wave=int(wave)).first()
    )
    if account is None:
        return None
    its = Partner.objects.select_related("merged_into").filter(pk=int(partner)).first()
    return Page(account, survivor_of(its))


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
    return work_on(wave, TELLING, _("Telling people what came of “%(wave)s”"), by=by)


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
    wave = account.wave

    @cache
    def page_for(partner_id: int) -> str:
        return outbox.address(path_for(wave, partner_id))

    write_to(
        pile,
        lambda one: f"{page_for(one.partner_id)}?language={one.language}",
        key=KEY,
        context=lambda language: {
            "wave": wave,
            "title": wave.version.said("title", language),
            "hides_who": wave.hides_who,
        },
        kind=TELL,
        template="surveys/mail/told",
    )
