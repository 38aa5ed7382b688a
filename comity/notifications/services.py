"""Giving notice, reading it, and saying how one wants to hear of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise

from comity.audit.services import record
from comity.notifications.kinds import NoticeKind, kind_of, kinds_for, seen_by
from comity.notifications.models import Mail, Notice, Preference
from comity.outbox import services as outbox

if TYPE_CHECKING:
    from comity.people.models import User

CHOOSE_MAIL = "notifications.choose_mail"
MAIL_KIND = "notice"

Text = str | Promise | Callable[[], str]


@dataclass(frozen=True)
class Digest:
    """What one person is to be told in the daily summary, oldest first."""

    user: User
    notices: list[Notice]


@transaction.atomic
def notify(
    users: Iterable[User],
    *,
    kind: str,
    text: Text,
    url: str = "",
    about: models.Model | None = None,
    but_not: User | None = None,
    mailed: bool = False,
) -> list[Notice]:
    """Let people know of something, each once, in their own language, as they wished to hear of it.

    text     the sentence; a lazy one, or a function that makes it, is asked in each person's language
    url      the path of this site where more is to be read
    about    the row it is about: who may not see it is not told
    but_not  who did it, and so knows
    mailed   whether they get a mail of their own about it anyway; then none is sent of the notice

    Raises ValueError for a kind, or a kind of row, that nobody registered, and for an address elsewhere.
    """
    known = kind_of(kind)
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError(f"Notice leads to a path of this site, not to {url!r}.")
    told = _who_is_told(users, known, about, but_not)
    said = dict(Preference.objects.filter(user__in=told, kind=kind).values_list("user", "mail"))
    wishes = {user.pk: Mail(said.get(user.pk, known.default)) for user in told}
    if mailed:
        wishes = {pk: wish if wish == Mail.OFF else Mail.NEVER for pk, wish in wishes.items()}
    notices = Notice.objects.bulk_create(
        Notice(
            user=user,
            kind=kind,
            text=_said_to(user, text),
            url=url,
            about_kind=about._meta.label if about else "",
            about_id=about.pk if about else None,
            mail=wishes[user.pk],
            mailed_at=timezone.now() if wishes[user.pk] == Mail.AT_ONCE else None,
        )
        for user in told
        if wishes[user.pk] != Mail.OFF
    )
    for notice in notices:
        if notice.mail == Mail.AT_ONCE:
            _mail(notice)
    return notices


def settle(about: models.Model, *, kind: str) -> None:
    """Take back what nobody has read yet, once the row no longer waits for anybody."""
    Notice.objects.unread().filter(kind=kind, about_kind=about._meta.label, about_id=about.pk).delete()


def read(notices: models.QuerySet[Notice]) -> int:
    """Mark as read what is not read yet; how many there were."""
    return notices.filter(read_at=None).update(read_at=timezone.now())


@transaction.atomic
def choose(user: User, wishes: Mapping[str, str]) -> None:
    """Keep how someone wants to hear of each kind. What waits for the daily summary follows the new wish."""
    before = wishes_of(user)
    changed = {key: Mail(mail) for key, mail in wishes.items() if before[key] != mail}
    if not changed:
        return
    Preference.objects.bulk_create(
        [Preference(user=user, kind=key, mail=mail) for key, mail in changed.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["mail"],
    )
    quiet = [key for key, mail in changed.items() if mail in {Mail.NEVER, Mail.OFF}]
    user.notices.filter(kind__in=quiet, mailed_at=None).update(mail=Mail.NEVER)
    record(
        by=user,
        action=CHOOSE_MAIL,
        target=user,
        before={key: str(before[key]) for key in changed},
        after={key: str(mail) for key, mail in changed.items()},
    )


def wishes_of(user: User) -> dict[str, Mail]:
    """How someone hears of each kind they may get: as they said, else as the kind does by itself."""
    said = dict(user.notice_preferences.values_list("kind", "mail"))
    return {kind.key: Mail(said.get(kind.key, kind.default)) for kind in kinds_for(user)}


def undigested() -> list[Digest]:
    """What waits for the daily summary, by person, without what they may no longer see."""
    waiting = Notice.objects.waiting_for_digest()
    by_person = ((user, list(notices)) for user, notices in groupby(waiting, key=lambda notice: notice.user))
    digests = [Digest(user, still_visible(user, notices)) for user, notices in by_person]
    return [digest for digest in digests if digest.notices]


def mark_digested(notices: Iterable[Notice]) -> None:
    """Call in the transaction that puts the summary into the outbox."""
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())


def still_visible(user: User, notices: Iterable[Notice]) -> list[Notice]:
    """Those whose rows this person may still see; one question per kind of row, however many notices."""
    notices = list(notices)
    ids: dict[str, set[int]] = defaultdict(set)
    for notice in notices:
        if notice.about_kind and notice.about_id is not None:
            ids[notice.about_kind].add(notice.about_id)
    seen = {label: seen_by(user, label, asked) for label, asked in ids.items()}
    return [
        notice
        for notice in notices
        if not notice.about_kind or notice.about_id in seen.get(notice.about_kind, ())
    ]


def forget(before: datetime) -> int:
    """Delete what was given notice of before a moment, read or not; how many there were."""
    return Notice.objects.filter(created_at__lt=before).delete()[0]


def _who_is_told(
    users: Iterable[User], kind: NoticeKind, about: models.Model | None, but_not: User | None
) -> list[User]:
    each = {
        user.pk: user
        for user in users
        if user.is_active and user != but_not and (user.is_office or not kind.office_only)
    }
    if about is None:
        return list(each.values())
    return [user for user in each.values() if seen_by(user, about._meta.label, {about.pk})]


def _said_to(user: User, text: Text) -> str:
    with translation.override(user.language):
        return " ".join(str(text() if callable(text) else text).split())[:500]


def _mail(notice: Notice) -> None:
    user = notice.user
    outbox.put(
        to=user.email,
        to_name=user.name,
        kind=MAIL_KIND,
        template="notifications/mail/notice",
        context={
            "notice": notice,
            "address": outbox.address(notice.url) if notice.url else "",
            "preferences": outbox.address(reverse("notifications:preferences")),
        },
        language=user.language,
        key=f"notice:{notice.pk}",
    )
