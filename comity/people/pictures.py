"""Pictures people upload: looked at, turned upright, made small and written anew, so that nothing else comes along."""

from __future__ import annotations

import secrets
import warnings
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from comity.core.errors import DomainError

FORMATS = ("PNG", "JPEG", "WEBP")
ACCEPT = ".png,.jpg,.jpeg,.webp"
LIMIT_MB = 8
MOST_PIXELS = 40_000_000


def portrait(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """A square photo of 400 pixels, as JPEG. Raises DomainError for what is no picture."""
    with _opened(upload) as picture:
        square = ImageOps.fit(picture.convert("RGB"), (400, 400), Image.Resampling.LANCZOS)
    return _written(square, "JPEG", "jpg")


def emblem(upload: UploadedFile[bytes]) -> ContentFile[bytes]:
    """A logo of at most 256 pixels either way, as PNG that keeps what is see-through. Raises DomainError."""
    with _opened(upload) as picture:
        small = picture.convert("RGBA")
        small.thumbnail((256, 256), Image.Resampling.LANCZOS)
    return _written(small, "PNG", "png")


def _opened(upload: UploadedFile[bytes]) -> Image.Image:
    """The picture, read whole and turned upright. What it claims to be does not matter, only what its bytes are."""
    if (upload.size or 0) > LIMIT_MB * 1_000_000:
        raise DomainError(_("The picture is larger than %(limit)s MB.") % {"limit": LIMIT_MB}, "photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError(_("The picture has too many pixels."), "photo")
            return ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DomainError(
            _("We cannot read this picture. Choose a PNG, JPEG or WebP file."), "photo"
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DomainError(_("The picture has too many pixels."), "photo") from error


def _written(picture: Image.Image, kind: str, ending: str) -> ContentFile[bytes]:
    target = BytesIO()
    picture.save(target, kind, quality=85, optimize=True)
    return ContentFile(target.getvalue(), name=f"{secrets.token_hex(8)}.{ending}")
