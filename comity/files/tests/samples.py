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


def zipped(*parts: str, mimetype: str = "", types: str = "", encoding: str = "utf-8") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        if mimetype:
            container.writestr("mimetype", mimetype)
        if types:
            container.writestr("[Content_Types].xml", types.encode(encoding))
        for part in parts:
            container.writestr(part, "<x/>")
    return out.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")
_CALC = "application/vnd.oasis.opendocument.spreadsheet"
CALC = zipped("content.xml", mimetype=_CALC)
_BASIC_BY_ANOTHER_NAME = (
    '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
)
MACROS = {
    "Visual Basic": zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "Visual Basic by another name": zipped("word/document.xml", types=_BASIC_BY_ANOTHER_NAME),
    "in UTF-16": zipped("word/document.xml", types=_BASIC_BY_ANOTHER_NAME, encoding="utf-16"),
    "Excel 4": zipped("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
    "OpenDocument Basic": zipped("content.xml", "Basic/Standard/Module1.xml", mimetype=_CALC),
    "OpenDocument Python": zipped("content.xml", "Scripts/python/a.py", mimetype=_CALC),
}


def moving(frames: int, side: int) -> bytes:
    """A GIF of so many black frames, each so many pixels wide and high: few bytes, and a gigabyte once unfolded."""
    out = BytesIO()
    black = [Image.new("P", (side, side), each % 2) for each in range(frames)]
    black[0].save(out, "GIF", save_all=True, append_images=black[1:])
    return out.getvalue()


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
