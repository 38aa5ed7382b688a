"""What someone says of themselves, and what an administrator writes about them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from comity.audit import services as audit
from comity.outbox import services as outbox
from comity.people.models import User
from comity.people.pictures import portrait
from comity.people.services.sessions import drop_sessions

UPDATE_PROFILE = "people.update_profile"
RESET_SECOND_FACTOR = "people.reset_second_factor"

TOLD = ("name", "title", "phone", "language", "time_zone", "single_keys")


@transaction.atomic
def update_profile(
    user: User,
    *,
    by: User | str,
    photo: UploadedFile[bytes] | None = None,
    remove_photo: bool = False,
    **told: Any,
) -> None:
    """Change what is said of someone: any of TOLD, and their photo.

    Raises DomainError for a photo that is no picture.
    """
    unknown = set(told) - set(TOLD)
    if unknown:
        raise TypeError(f"A profile does not hold {', '.join(sorted(unknown))}.")
    before = {name: getattr(user, name) for name in told if getattr(user, name) != told[name]}
    for name in before:
        setattr(user, name, told[name])
    changed = list(before)
    old_photo = user.photo.name
    if photo is not None or (remove_photo and old_photo):
        user.photo = portrait(photo) if photo is not None else ""
        changed.append("photo")
        before["photo"] = bool(old_photo)
    if not changed:
        return
    user.save(update_fields=changed)
    after = {**{name: told[name] for name in before if name in told}}
    if "photo" in before:
        after["photo"] = bool(user.photo)
        if old_photo:
            storage = user.photo.storage
            transaction.on_commit(lambda: storage.delete(old_photo))
    audit.record(by=by, action=UPDATE_PROFILE, target=user, before=before, after=after)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """For someone who has lost phone and codes: take away their second factors, so that they set up new ones.

    All their sessions end, and they are told by mail.
    """
    gone, _each = Authenticator.objects.filter(user=user).delete()
    drop_sessions(user)
    audit.record(
        by=by, action=RESET_SECOND_FACTOR, target=user, before={"factors": gone}, after={"factors": 0}
    )
    outbox.put(
        to=user.email,
        to_name=user.name,
        kind="people.security",
        template="people/mail/factor_reset",
        context={"person": user, "by": by},
        language=user.language,
        about=user,
    )
