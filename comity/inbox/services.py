"""Taking in a mail, filing or discarding one that waits, and giving a partner another address."""

from __future__ import annotations

import hashlib
import re
from email.utils import parseaddr

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change
from comity.files.services import attach
from comity.followups.services import raise_follow_up
from comity.inbox.addresses import partner_at
from comity.inbox.models import Received, Renewal
from comity.inbox.reading import Enclosed, Letter, read
from comity.office.services import today
from comity.partners.models import Partner, Person, Position
from comity.people.models import User

TAKE, FILE, DISCARD, RENEW = "inbox.take", "inbox.file", "inbox.discard", "inbox.renew"
BY_MAIL = "mail"  # the kind of follow-up of which no more is said than that it came by mail
MACHINE = "mail"  # who takes it in, in the trail
MOST_BYTES = 40_000_000
MOST_FILES = 20
# What a subject begins with so that it becomes a follow-up, and of which kind.
ASKS = {
    "follow-up": BY_MAIL,
    "follow up": BY_MAIL,
    "todo": BY_MAIL,
    "seguimiento": BY_MAIL,
    "concern": "concern",
    "complaint": "complaint",
    "queja": "complaint",
    "idea": "idea",
    "question": "question",
    "pregunta": "question",
    "compliment": "compliment",
    "thanks": "compliment",
    "gracias": "compliment",
}
ANSWERED = re.compile(r"^((re|fwd?|aw|wg|rv)\s*:\s*)+", re.IGNORECASE)


def take(raw: bytes) -> str:
    """Take in one message; what became of it, as a sentence. The same message again changes nothing.

    Raises DomainError, and keeps nothing, for one that is too large, or to no address that we gave.
    """
    if not settings.MAIL_IN:
        raise DomainError("This installation takes no mail: COMITY_MAIL_IN is not set.")
    if len(raw) > MOST_BYTES:
        raise DomainError(
            f"This message is larger than {MOST_BYTES // 1_000_000} MB. Send it without its attachments."
        )
    letter = read(raw, server=settings.MAIL_IN_SERVER, ours=parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    partner = partner_at(letter.addressed)
    if partner is None:
        raise DomainError(
            "This message is to no address that was given to anyone, or to one that was renewed."
        )
    if letter.automatic:
        return f"Left out: it is {letter.automatic}."
    try:
        return _keep(letter, partner)
    except IntegrityError:
        return "Taken before: nothing changed."


def _keep(letter: Letter, partner: Partner) -> str:
    user, person = _known(letter.sender, partner)
    why = _why_it_waits(letter, user, person)
    with transaction.atomic():
        kept = Received.objects.create(
            partner=partner,
            message_hash=hashlib.sha256(letter.message_id.encode()).hexdigest(),
            sender=letter.sender[:254],
            sender_name=letter.name[:200],
            person=person,
            user=user,
            subject=letter.subject,
            text=letter.text,
            sent_at=min(letter.sent_at or timezone.now(), timezone.now()),
            state=Received.State.WAITS if why else Received.State.FILED,
            why_waits=why,
        )
        audit.record(by=MACHINE, action=TAKE, target=kept, after={"state": kept.state}, partner_id=partner.pk)
        if not why:
            _raise(kept)
    # Files last, each by itself: one that cannot be kept keeps nothing else out.
    refused = [words for each in letter.enclosed[:MOST_FILES] if (words := _attach(kept, each))]
    refused += [f"{each.name}: one file too many" for each in letter.enclosed[MOST_FILES:]]
    if refused:
        Received.objects.filter(pk=kept.pk).update(not_kept="\n".join(refused))
    return f"Waits for a person: {why}" if why else f"Filed with {partner}."


def _known(sender: str, partner: Partner) -> tuple[User | None, Person | None]:
    """Whom of the office, or of the partner, an address belongs to."""
    user = User.objects.active().filter(email__iexact=sender).first() if sender else None
    if user is not None and user.is_office:
        return user, None
    posts = Position.objects.current(today()).filter(partner=partner, person__email__iexact=sender)
    held = posts.select_related("person").first() if sender else None
    return None, held.person if held else None


def _why_it_waits(letter: Letter, user: User | None, person: Person | None) -> str:
    if not letter.sender:
        return _("it says of no one person that they sent it.")
    if user is None and person is None:
        return _("%(sender)s is neither one of us nor of them.") % {"sender": letter.sender}
    if not letter.vouched:
        return _("our mail server does not vouch that %(sender)s sent it.") % {"sender": letter.sender}
    return ""


def _attach(kept: Received, each: Enclosed) -> str:
    """Keep a file with it; why not, where it cannot be."""
    try:
        attach(kept, SimpleUploadedFile(each.name or "file", each.content), by=kept.user)
    except DomainError as refusal:
        return f"{each.name}: {refusal}"
    return ""


def _raise(kept: Received) -> None:
    """A follow-up, where the subject asks for one; also in the answer to a mail."""
    asked, colon, title = ANSWERED.sub("", kept.subject).partition(":")
    kind = ASKS.get(asked.strip().lower())
    if not colon or kind is None:
        return
    by = kept.user or MACHINE
    kept.follow_up = raise_follow_up(
        kind=kind,
        partner=kept.partner,
        title=title.strip() or kept.sender,
        said=kept.text[:5000],
        by=by,
        raised_by=kept.user or kept.person,
        source_id=str(kept.pk),
        source_label=_("Mail: %(subject)s") % {"subject": kept.subject},
    )
    kept.save(update_fields=["follow_up"])


@transaction.atomic
def file(mail_id: int, *, by: User) -> Received:
    """Put one that waits on the partner's line of time; its subject may ask for a follow-up. Raises DomainError."""
    values = {"state": Received.State.FILED}
    kept = change(Received.objects.waiting(), mail_id, values, by=by, action=FILE).row
    _raise(kept)
    return kept


def discard(mail_id: int, *, by: User) -> Received:
    """It is not for us: its words and files go by the office's rule, like those of all mail. Raises DomainError."""
    values = {"state": Received.State.DISCARDED}
    return change(Received.objects.waiting(), mail_id, values, by=by, action=DISCARD).row


@transaction.atomic
def renew(partner: Partner, *, by: User) -> None:
    """Give a partner another address; the one before takes no mail anymore."""
    known, _made = Renewal.objects.select_for_update().get_or_create(pk=partner.pk)
    known.counter += 1
    known.save()
    audit.record(by=by, action=RENEW, target=partner, after={"counter": known.counter}, partner_id=partner.pk)
