"""Small files of every kind, made here so that nothing has to be committed."""

from __future__ import annotations

import zipfile
from io import BytesIO

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ" + bytes(200)
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
MAIL = b"From: ben@parks.example.gov\nSubject: The line\n\nIt was down again.\n"


def zipped(*parts: str, mimetype: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        if mimetype:
            container.writestr("mimetype", mimetype)
        for part in parts:
            container.writestr(part, "<x/>")
    return out.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")
MACROS = zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
CALC = zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")


def picture(kind: str = "JPEG", *, place: bool = False) -> bytes:
    """A picture of two dots; with `place` it tells where and how it was taken, lying on its side."""
    out = BytesIO()
    image = Image.new("RGB", (2, 1), "white")
    if place:
        exif = Image.Exif()
        exif[0x010F] = "Camera of Ben"
        exif[0x0112] = 6
        exif.get_ifd(0x8825)[1] = "N"
        image.save(out, kind, exif=exif, comment=b"Taken at home")
    else:
        image.save(out, kind)
    return out.getvalue()
