"""Pictures people upload of themselves and of their office: drawn anew, upright and small."""

from __future__ import annotations

import secrets

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.pictures import PictureRefusedError, Refusal, Shape, draw_anew

ACCEPT = ".png,.jpg,.jpeg,.webp"
LIMIT_MB = 8


def portrait(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """A square photo of 400 pixels, as JPEG. Raises DomainError for what is no picture."""
    return _drawn(upload, "portrait", "jpg")


def emblem(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """A logo of at most 256 pixels either way, as PNG that keeps what is see-through. Raises DomainError."""
    return _drawn(upload, "emblem", "png")


def _drawn(upload: UploadedFile[bytes], shape: Shape, ending: str) -> ContentFile[bytes]:
    if (upload.size or 0) > LIMIT_MB * 1_000_000:
        raise DomainError(_("The picture is larger than %(limit)s MB.") % {"limit": LIMIT_MB}, "photo")
    try:
        drawn = draw_anew(upload.read(), shape)
    except PictureRefusedError as refused:
        if refused.why is Refusal.TOO_LARGE:
            raise DomainError(_("The picture has too many pixels."), "photo") from refused
        raise DomainError(
            _("We cannot read this picture. Choose a PNG, JPEG or WebP file."), "photo"
        ) from refused
    return ContentFile(drawn.content, name=f"{secrets.token_hex(8)}.{ending}")
