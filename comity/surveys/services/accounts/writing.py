"""Writing an account: what is said, to whom, in which order; publishing it, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values, plain_values
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.people.models import User
from comity.surveys.models import Account, Deed, Response, Wave
from comity.surveys.services.low_ratings import LOW_IN_SURVEY

SAY = "surveys.say_deed"
CHANGE = "surveys.change_deed"
REMOVE = "surveys.remove_deed"
WORD = "surveys.word_account"
PUBLISH = "surveys.publish_account"
TAKE_BACK = "surveys.take_account_back"
TEXTS = ("heard_en", "heard_es", "done_en", "done_es")


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
    tidy = {name: _text(text) for name, text in values.items()}
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
        setattr(deed, name, _text(getattr(deed, name)))
    if not deed.heard_en:
        raise DomainError(_("Enter what they told you."), "heard_en")
    if not deed.done_en:
        raise DomainError(_("Enter what you did."), "done_en")


def _text(words: str) -> str:
    return words.replace("\0", "").strip()
