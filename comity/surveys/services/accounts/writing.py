"""Writing an account: what is said, to whom, in which order; publishing it, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import Account, Deed, Response, Wave
from comity.surveys.services.hearing import LOW_IN_SURVEY

SAY = "surveys.say_deed"
CHANGE = "surveys.change_deed"
REMOVE = "surveys.remove_deed"
WORD = "surveys.word_account"
PUBLISH = "surveys.publish_account"
TAKE_BACK = "surveys.take_account_back"
TEXTS = ("heard_en", "heard_es", "done_en", "done_es")
INTRO = ("intro_en", "intro_es")


class ChangedError(DomainError):
    """Somebody changed it since this person opened it; `row` is as it is now."""

    def __init__(self, row: Any) -> None:
        self.row = row
        super().__init__(
            _("Somebody changed this while you were writing. Look it over, then send yours again.")
        )


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
def say(
    wave: Wave,
    *,
    by: User,
    partner: Partner | None = None,
    follow_ups: Iterable[FollowUp] = (),
    **texts: str,
) -> Deed:
    """Add one thing that was heard and what was done. Raises DomainError."""
    account = _begun(wave)
    cleaned = _cleaned(texts)
    last = account.deeds.aggregate(last=Max("order"))["last"]
    deed = Deed.objects.create(account=account, partner=partner, order=(last or 0) + 1, **cleaned)
    deed.follow_ups.set(follow_ups)
    audit.record(by=by, action=SAY, target=deed, after=_plain(deed), partner_id=deed.partner_id)
    return deed


@transaction.atomic
def change(
    deed_id: int,
    *,
    by: User,
    partner: Partner | None,
    follow_ups: Iterable[FollowUp],
    version: int | None = None,
    **texts: str,
) -> Deed:
    """Say it in other words, or to others. Raises ChangedError, DomainError."""
    deed = Deed.objects.select_for_update(of=("self",)).get(pk=deed_id)
    if version is not None and version != deed.version:
        raise ChangedError(deed)
    before = _plain(deed)
    for name, text in _cleaned(texts).items():
        setattr(deed, name, text)
    deed.partner, deed.version = partner, deed.version + 1
    deed.save()
    deed.follow_ups.set(follow_ups)
    after = _plain(deed)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        by=by,
        action=CHANGE,
        target=deed,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        partner_id=deed.partner_id,
    )
    return deed


@transaction.atomic
def remove(deed_id: int, *, by: User) -> None:
    """Say it no more. Raises DomainError where it is the last of what is published."""
    deed = Deed.objects.select_for_update(of=("self",)).select_related("account").get(pk=deed_id)
    others = deed.account.deeds.exclude(pk=deed.pk)
    if deed.account.published_at and not others.exists():
        raise DomainError(_("It is published, and this is all it says. Take it back first."))
    audit.record(by=by, action=REMOVE, target=deed, before=_plain(deed), partner_id=deed.partner_id)
    deed.delete()


@transaction.atomic
def word(wave: Wave, *, by: User, version: int | None = None, **intro: str) -> Account:
    """What stands above it. Raises ChangedError."""
    account = _begun(wave)
    if version is not None and version != account.version:
        raise ChangedError(account)
    before = {name: getattr(account, name) for name in INTRO}
    for name in INTRO:
        setattr(account, name, _text(intro.get(name, "")))
    account.version += 1
    account.save(update_fields=[*INTRO, "version"])
    after = {name: getattr(account, name) for name in INTRO}
    audit.record(by=by, action=WORD, target=account, before=before, after=after)
    return account


@transaction.atomic
def publish(wave: Wave, *, by: User) -> Account:
    """Let those who have the link, and partners in their portal, read it. Raises DomainError."""
    if wave.state != Wave.State.CLOSED:
        raise DomainError(_("Close the wave first: until then answers still arrive."))
    account = _begun(wave)
    if account.published_at:
        raise DomainError(_("It is published already."))
    if not account.deeds.exists():
        raise DomainError(_("Say at least one thing that you did."))
    account.published_at = timezone.now()
    account.save(update_fields=["published_at"])
    audit.record(by=by, action=PUBLISH, target=account, after={"deeds": account.deeds.count()})
    return account


@transaction.atomic
def take_back(wave: Wave, *, by: User) -> Account:
    """Its links lead nowhere until it is published again. Raises DomainError."""
    account = _begun(wave)
    if not account.published_at:
        raise DomainError(_("It is not published."))
    account.published_at = None
    account.save(update_fields=["published_at"])
    audit.record(by=by, action=TAKE_BACK, target=account, after={})
    return account


def _begun(wave: Wave) -> Account:
    """The account of a wave, locked; made if there is none."""
    Account.objects.get_or_create(wave=wave)
    return Account.objects.select_for_update(of=("self",)).get(wave=wave)


def _cleaned(texts: dict[str, str]) -> dict[str, str]:
    found = {name: _text(texts.get(name, "")) for name in TEXTS}
    if not found["heard_en"]:
        raise DomainError(_("Say what they told you."))
    if not found["done_en"]:
        raise DomainError(_("Say what you did."))
    return found


def _text(words: str) -> str:
    return words.replace("\0", "").strip()


def _plain(deed: Deed) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(deed, name) for name in TEXTS}
    found |= {"partner": deed.partner_id, "version": deed.version}
    found["follow_ups"] = sorted(deed.follow_ups.values_list("pk", flat=True))
    return found
