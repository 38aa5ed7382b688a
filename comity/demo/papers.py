"""Papers written for the sample state: a real PDF of one page, made by hand since no library for it is needed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

WIDE = 84  # letters to a line


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """One letter-size page: a title and paragraphs, in Helvetica. Western letters only."""
    lines = [line for words in paragraphs for line in (*wrap(words, WIDE), "")]
    drawn = [f"BT /F2 16 Tf 72 720 Td ({_escaped(title)}) Tj ET", "BT /F1 11 Tf 72 690 Td 16 TL"]
    drawn += [f"({_escaped(line)}) Tj T*" for line in lines]
    content = "\n".join([*drawn, "ET"]).encode("cp1252")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    return _document(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            ),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            font % b"Helvetica",
            font % b"Helvetica-Bold",
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _document(objects: list[bytes]) -> bytes:
    """The objects one after the other, with the table that says where each begins."""
    written, begins = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, 1):
        begins.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    count = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(written))
    )
