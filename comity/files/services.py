"""Attaching files, taking them away, bringing them back; and what they may hang on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.files import kinds, scanning
from comity.files.models import Attachment
from comity.nouns import Named, named, noun_of

if TYPE_CHECKING:
    from comity.people.models import User


ATTACH = "files.attach"
REMOVE = "files.remove"
RESTORE = "files.restore"

MOST_PER_OWNER = 20


@dataclass(frozen=True)
class Owner(Named):
    """A noun whose rows have attachments. Its model has a `get_absolute_url`, to which an upload leads back.

    key      the noun by its name, "followups.FollowUp"
    may_add  whether someone who sees the row with an id may also attach files and take them away again
    office_only  whether nobody else sees its files, who may see the row
    """

    key: str
    may_add: Callable[[User, int], bool]
    office_only: bool = False


def owner_of(label: str) -> Owner | None:
    """What the noun says of files, or None."""
    return named(Owner, label)


def may_see(user: User, label: str, pk: int) -> bool:
    """Whether someone may see the row; nobody may see rows of a noun that has no files."""
    owner, noun = owner_of(label), noun_of(label)
    if owner is None or noun is None or (owner.office_only and not user.is_office):
        return False
    return noun.visible_to(user).filter(pk=pk).exists()


def may_add(user: User, label: str, pk: int) -> bool:
    """Whether someone may attach files to the row."""
    owner = owner_of(label)
    return owner is not None and may_see(user, label, pk) and owner.may_add(user, pk)


def attach(owner: models.Model, upload: UploadedFile[Any], *, by: User | None) -> Attachment:
    """Keep a file with a row. Whether `by` may is asked before (`may_add`); it is None for what came by mail.

    Raises DomainError, and keeps nothing, for a file that is too large, of a kind we do not keep, refused by a
    scanner, or one too many; ValueError for a row of a kind that is not registered.
    """
    if owner_of(owner._meta.label) is None:
        raise ValueError(f"No room has registered files of {owner._meta.label!r}.")
    # A picture takes its time: nobody waits for it, since no transaction has begun.
    content = _read(upload)
    scanning.scan(content)
    name = upload.name or ""
    known = kinds.recognise(content, name)
    with transaction.atomic():
        # One upload at a time per row, so that two at once do not pass the last place together.
        type(owner)._default_manager.select_for_update().filter(pk=owner.pk).first()
        _check_number(Attachment.objects.of(owner))
        return _keep(owner, known, kinds.harmless_name(name, known.ending), by)


def _keep(owner: models.Model, known: kinds.Known, name: str, by: User | None) -> Attachment:
    attachment = Attachment(
        owner_kind=owner._meta.label,
        owner_id=owner.pk,
        name=name,
        content_type=known.content_type,
        size=len(known.content),
        sha256=hashlib.sha256(known.content).hexdigest(),
        added_by=by,
    )
    attachment.file.save(uuid4().hex, ContentFile(known.content), save=False)
    try:
        attachment.save()
        _record(ATTACH, attachment, by)
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


@transaction.atomic
def remove(attachment: Attachment, *, by: User) -> None:
    """Take a file away; it is destroyed some time later, and can be brought back until then."""
    changed = Attachment.objects.present().filter(pk=attachment.pk).update(removed_at=timezone.now())
    if changed:
        _record(REMOVE, attachment, by)


@transaction.atomic
def restore(attachment: Attachment, *, by: User) -> None:
    """Bring a removed file back. Raises DomainError where there is no room for it any more."""
    removed = Attachment.objects.select_for_update().filter(pk=attachment.pk, removed_at__isnull=False)
    if removed.exists():
        _check_number(
            Attachment.objects.filter(owner_kind=attachment.owner_kind, owner_id=attachment.owner_id)
        )
        removed.update(removed_at=None)
        _record(RESTORE, attachment, by)


def may_remove(user: User, attachment: Attachment) -> bool:
    """Whoever attached a file may take it away, and so may the office; `may_add` is asked besides."""
    return user.is_office or attachment.added_by_id == user.pk


@transaction.atomic
def destroy_removed(before: datetime) -> int:
    """Destroy for good the files that were removed before a moment; how many there were."""
    return _destroy(list(Attachment.objects.filter(removed_at__lt=before)))


@transaction.atomic
def destroy_with(owner: type[models.Model], pks: Collection[int]) -> int:
    """Destroy for good all files of rows that are destroyed themselves, removed ones too; how many there were."""
    return _destroy(list(Attachment.objects.filter(owner_kind=owner._meta.label, owner_id__in=pks)))


def _destroy(gone: list[Attachment]) -> int:
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in gone]).delete()
    for attachment in gone:
        # The bytes go once it is certain that the rows are gone: a row without its file would be a broken promise.
        transaction.on_commit(partial(attachment.file.storage.delete, str(attachment.file.name)))
    return len(gone)


def _check_number(attachments: models.QuerySet[Attachment]) -> None:
    if attachments.filter(removed_at=None).count() >= MOST_PER_OWNER:
        raise DomainError(
            _("There are already %(number)s files here. Remove one first.") % {"number": MOST_PER_OWNER}
        )


def _read(upload: UploadedFile[Any]) -> bytes:
    limit = settings.UPLOAD_LIMIT
    if (upload.size or 0) > limit:
        raise DomainError(
            _("This file is too large. The limit is %(limit)s MB.") % {"limit": limit // 1_000_000}
        )
    content: bytes = upload.read()
    return content


def owner_row(attachment: Attachment) -> models.Model | None:
    """The row an attachment hangs on; None if it is gone."""
    model: type[models.Model] = apps.get_model(attachment.owner_kind)
    return model._default_manager.filter(pk=attachment.owner_id).first()


def _record(action: str, attachment: Attachment, by: User | None) -> None:
    record(
        by=by or "mail",
        action=action,
        target=attachment,
        after={
            "name": attachment.name,
            "size": attachment.size,
            "sha256": attachment.sha256,
            "owner": f"{attachment.owner_kind}:{attachment.owner_id}",
        },
        partner_id=getattr(owner_row(attachment), "partner_id", None),
    )
