"""What a file is, decided from its bytes, and whether we keep such files.

Only what is on the list is kept: PDF, pictures, office documents without macros, plain text, CSV and mail. The name
decides nothing, except which of the text kinds a text is. HTML, SVG and scripts are not on the list. What the
containers of office documents hold is not unpacked here, so a zip bomb in one harms nobody but its reader.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.pictures import PictureRefusedError, Refusal, draw_anew

LONGEST_NAME = 200
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")

IMAGES = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "WEBP": ("image/webp", ".webp"),
    "GIF": ("image/gif", ".gif"),
}
# So that only what can be a picture is asked about in a process of its own.
PICTURES_BEGIN = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# The part that makes a zip file a document of its kind.
OPEN_XML = {
    "word/document.xml": (f"{_OPEN_XML}wordprocessingml.document", ".docx"),
    "xl/workbook.xml": (f"{_OPEN_XML}spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": (f"{_OPEN_XML}presentationml.presentation", ".pptx"),
}
OPEN_DOCUMENT = {
    f"{_OPEN_DOCUMENT}text": ".odt",
    f"{_OPEN_DOCUMENT}spreadsheet": ".ods",
    f"{_OPEN_DOCUMENT}presentation": ".odp",
}
# Where macros lie: Visual Basic, sheets of Excel 4 macros, and what OpenDocument keeps in Basic and other languages. Parts
# of Office's documents may have any name, so their declared types are looked at as well.
MACROS_LIE = re.compile(
    r"vbaproject\.bin$|(^|/)(macrosheets|intlmacrosheets)/|^(basic|scripts)/.", re.IGNORECASE
)
MACRO_TYPES = (b"vbaproject", b"macroenabled", b"macrosheet")
TEXTS = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".log": "text/plain",
    ".eml": "message/rfc822",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
}
ALIASES = {".jpeg": ".jpg"}
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,.gif,.docx,.xlsx,.pptx,.odt,.ods,.odp," + ",".join(TEXTS)


@dataclass(frozen=True)
class Known:
    """A file we keep: its type, the ending its name should have, and the bytes to keep."""

    content_type: str
    ending: str
    content: bytes


def recognise(content: bytes, name: str) -> Known:
    """What a file is. Raises DomainError with a sentence for whoever sent a file that is not kept."""
    if not content:
        raise DomainError(_("This file is empty."))
    if content.startswith(b"%PDF-"):
        return Known("application/pdf", ".pdf", content)
    known = _office(content) or _picture(content) or _text(content, name)
    if known is None:
        raise DomainError(
            _(
                "You cannot attach this type of file. Send a PDF, picture, document (.docx, .xlsx, .pptx, .odt, .ods, "
                ".odp), text file, CSV or email (.eml)."
            )
        )
    return known


def harmless_name(name: str, ending: str) -> str:
    """What the sender called a file, without path, control and direction characters, with the ending of its type."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    plain = re.sub(r"\s+", " ", plain).strip(" .") or "file"
    own = PurePosixPath(plain).suffix.lower()
    if ALIASES.get(own, own) != ending:
        plain, own = f"{plain}{ending}", ending
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - len(own)].rstrip() + own


def _office(content: bytes) -> Known | None:
    if content.startswith(OLD_OFFICE):
        raise DomainError(
            _("This document is in an old format. Save it as .docx, .xlsx, .pptx or PDF and send that.")
        )
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as container:
            names = set(container.namelist())
            declared = _beginning(container, "mimetype", 100).decode("ascii", "replace").strip()
            types = _beginning(container, "[Content_Types].xml", 1_000_000).replace(b"\0", b"").lower()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return None
    if any(MACROS_LIE.search(name) for name in names) or any(kind in types for kind in MACRO_TYPES):
        raise DomainError(_("This document contains macros. Save a copy without them and send that."))
    if declared in OPEN_DOCUMENT:
        return Known(declared, OPEN_DOCUMENT[declared], content)
    if "[Content_Types].xml" in names:
        return next((Known(*kind, content) for part, kind in OPEN_XML.items() if part in names), None)
    return None


def _beginning(container: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The first bytes of a part; none of one that is not there."""
    if name not in container.namelist():
        return b""
    part: IO[bytes]
    with container.open(name) as part:
        return part.read(most)


def _picture(content: bytes) -> Known | None:
    """A picture, drawn anew: where and with what it was taken stays with its sender."""
    if not content.startswith(PICTURES_BEGIN):
        return None
    try:
        drawn = draw_anew(content)
    except PictureRefusedError as refused:
        if refused.why is Refusal.NO_PICTURE:
            return None
        if refused.why is Refusal.TOO_LARGE:
            raise DomainError(
                _("This picture has too many pixels. Make it smaller and send it again.")
            ) from refused
        raise DomainError(_("This picture is damaged.")) from refused
    content_type, ending = IMAGES[drawn.format]
    return Known(content_type, ending, drawn.content)


def _text(content: bytes, name: str) -> Known | None:
    """A text, if it reads as one; which kind of text it is only its name can say."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in TEXTS or not _reads_as_text(content):
        return None
    return Known(TEXTS[ending], ending, content)


def _reads_as_text(content: bytes) -> bool:
    for encoding in (
        ("utf-8-sig", "utf-16") if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    ):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
    return False
