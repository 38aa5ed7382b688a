"""What people in the office keep beside the ring: their photos, files with what was said, views of lists."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from comity.demo.papers import pdf
from comity.demo.pictures import measured, portrait
from comity.files import services as files
from comity.followups.models import FollowUp
from comity.people.models import User
from comity.people.saved_views import SavedViews
from comity.people.services import update_profile

CAMERA_SHY = {"kit", "avery"}

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


def scan_charges() -> bytes:
    rows = ("month,scans,rate,charge", "August,2060,1.00,2060.00", "September,2058,1.00,2058.00")
    return "\n".join([*rows, "October,4120,1.00,4120.00", ""]).encode()
