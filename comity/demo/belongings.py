"""What people in the office keep beside the ring: their photos, files with what was said, views of lists.

The pictures and papers are drawn and written here; nobody real is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from random import Random
from textwrap import wrap

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from comity.files import services as files
from comity.followups.models import FollowUp
from comity.people.models import User
from comity.people.saved_views import SavedViews
from comity.people.services import update_profile

CAMERA_SHY = {"kit", "avery"}
SIZE = 800
GROUNDS = ("#d9e6e3", "#e6ded2", "#dde1ec", "#e9dfe0", "#dfe7d6", "#e4e0ea")
SKINS = ("#f1cfb4", "#e3b48f", "#c98f66", "#9c6644", "#7a4a30", "#f5d9c3")
HAIRS = ("#2b211c", "#4a3226", "#7b5a3c", "#a9a29a", "#1b1b20", "#8b4a2b")
CLOTHES = ("#0a5c66", "#3c4a6b", "#5b4a63", "#6a5a3a", "#2f5d46", "#70424a")
WIDE = 84  # letters to a line

# who, which list, under which name, the filters, whether colleagues see it
VIEWS = (
    ("carla", "partners", "Counties thinking about joining", "kind=county&status=considering", True),
    ("carla", "follow-ups", "Serious and late", "view=late&severity=high", True),
    ("ana", "partners", "Departments, longest unseen first", "kind=agency&sort=last_met_on", False),
    ("ana", "follow-ups", "Revenue, everything open", "view=open&partner=Department+of+Revenue", False),
    ("ines", "follow-ups", "Anything about bills", "view=all&q=bill", False),
    ("ruth", "follow-ups", "Opened again", "view=all&reopened=1", False),
)


def show_faces(staff: Mapping[str, User]) -> None:
    """A photo of everyone but the camera-shy."""
    for key, user in staff.items():
        if key not in CAMERA_SHY:
            picture = SimpleUploadedFile(f"{key}.png", portrait(user.name), "image/png")
            update_profile(user, by=user, photo=picture)


def keep_views(staff: Mapping[str, User]) -> None:
    """Filters under a name: some for oneself, some shared."""
    for key, table, name, query, shared in VIEWS:
        SavedViews().save(staff[key], table=table, name=name, query=query, shared=shared)


def attach(pk: int, name: str, content: bytes, by: User) -> None:
    """A file with a follow-up."""
    files.attach(FollowUp.objects.get(pk=pk), SimpleUploadedFile(name, content), by=by)


def outage_notices() -> bytes:
    return pdf(
        "Outage notices to field offices: draft",
        (
            "For: Department of Revenue. From: Network services.",
            (
                "1. Whoever sees an outage first opens one notice for all sites it touches. The notice goes out within ten "
                "minutes, before the cause is known."
            ),
            "2. It goes by mail and by text to the lead of each field office, and to the counter supervisor on duty.",
            "3. It says three things: what does not work, since when, and when the next word comes.",
            "4. A second notice says that it works again, and what it was.",
            "Open: who keeps the list of numbers. Revenue's IT lead did; the post is vacant.",
        ),
    )


def desk_hours() -> bytes:
    return pdf(
        "Help desk from 6:30: rota and numbers",
        (
            "From Monday two people answer from 6:30 am on the clinic line, 555-0144.",
            "Labels, sign-in and printers are settled on the phone; everything else is handed to the day shift at 8.",
            "Measured in the first week: 31 calls before 8, the longest wait four minutes.",
        ),
    )


def rejected_badges() -> bytes:
    """Badges rejected each day at the north gate; the new readers came on the eighth day."""
    return measured(
        (41, 38, 44, 40, 37, 45, 39, 2, 0, 1, 0, 0, 0, 0), "Badges rejected at the north gate, by day"
    )


def camera_log() -> bytes:
    lines = [
        "time   camera          state",
        "05:40  Pass, north     dark",
        "05:40  Pass, summit    dark",
        "05:55  Pass, south     dark",
        "06:10  Bridge 4        dark",
        "06:10  Bridge 5        clear",
        "09:20  Pass, south     clear",
        "11:05  Pass, summit    clear",
    ]
    return "\n".join([*lines, ""]).encode()


def scan_charges(rows: Sequence[tuple[str, object, int]]) -> bytes:
    """Months, the last first: name, scans, cents."""
    lines = [f"{month},{scans},{cents / 100:.2f}" for month, scans, cents in reversed(rows)]
    return "\n".join(["month,scans,charge", *lines, ""]).encode()


def portrait(name: str) -> bytes:
    """A face in plain shapes, as PNG: the same for the same name."""
    chance = Random(name)
    skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
    picture = Image.new("RGB", (SIZE, SIZE), chance.choice(GROUNDS))
    draw = ImageDraw.Draw(picture)
    long_hair = chance.random() < 0.5
    if long_hair:
        draw.rounded_rectangle((230, 190, 570, 640), 160, fill=hair)
    draw.ellipse((110, 590, 690, 1200), fill=chance.choice(CLOTHES))
    draw.rounded_rectangle((340, 480, 460, 660), 60, fill=_darker(skin))
    draw.polygon([(330, 600), (470, 600), (400, 700)], fill=_darker(skin))
    draw.ellipse((265, 190, 535, 545), fill=skin)
    _hair(draw, hair, chance, long_hair=long_hair)
    _face(draw, hair, chance)
    return _png(picture)


def _hair(draw: ImageDraw.ImageDraw, colour: str, chance: Random, *, long_hair: bool) -> None:
    draw.pieslice((250, 150, 550, 470), 180, 360, fill=colour)
    fringe = chance.choice((300, 330, 345))
    draw.chord((262, 175, 538, fringe), 180, 360, fill=colour)
    if long_hair:
        draw.rounded_rectangle((236, 300, 288, 600), 26, fill=colour)
        draw.rounded_rectangle((512, 300, 564, 600), 26, fill=colour)


def _face(draw: ImageDraw.ImageDraw, brow: str, chance: Random) -> None:
    glasses = chance.random() < 0.35
    for middle in (345, 455):
        draw.ellipse((middle - 11, 349, middle + 11, 371), fill="#23282b")
        draw.rounded_rectangle((middle - 30, 318, middle + 30, 328), 5, fill=brow)
        if glasses:
            draw.ellipse((middle - 46, 316, middle + 46, 404), outline="#2f3638", width=8)
    if glasses:
        draw.line((391, 358, 409, 358), fill="#2f3638", width=8)
    draw.arc((345, 400, 455, 480), 25, 155, fill="#8f4a3f", width=9)


def _darker(colour: str) -> str:
    parts = [int(colour[at : at + 2], 16) * 88 // 100 for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def measured(values: Sequence[int], words: str) -> bytes:
    """Bars for what was measured day by day, with a line of words below, as PNG."""
    picture = Image.new("RGB", (960, 480), "#ffffff")
    draw = ImageDraw.Draw(picture)
    wide, most = 880 / len(values), max(values) or 1
    for at, value in enumerate(values):
        high = 340 * value / most
        left = 40 + at * wide
        draw.rectangle((left + 4, 400 - high, left + wide - 4, 400), fill="#0a5c66" if value else "#dde2de")
        draw.text((left + wide / 2, 392 - high), str(value), fill="#17262b", anchor="mb", font_size=20)
    draw.line((40, 400, 920, 400), fill="#52636a", width=2)
    draw.text((40, 424), words, fill="#52636a", font_size=22)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """One letter-size page: a title and paragraphs, in Helvetica. Western letters only.

    Made by hand, since no library for it is needed elsewhere.
    """
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
