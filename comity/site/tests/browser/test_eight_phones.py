"""Eight browsers in one session, on a server of its own with real streams; and what a phone keeps while it is away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from comity.site.tests.installation import Installation
from comity.site.tests.test_serve import answers, free_port, wait_until
from comity.testing.browser import LAST, Scan

pytestmark = [pytest.mark.browser, pytest.mark.real_clock]
PREPARE = """
import django; django.setup()
import json
from comity.councils.models import Seat
from comity.councils.services import live
from comity.councils.tests.live import council_meeting
from comity.testing.cast import Cast
from comity.testing.pages import Visitor
cast = Cast()
meeting = council_meeting(cast)
for partner, person in ((cast.parks, cast.eve_person), (cast.roads, cast.flo_person)):
    Seat.objects.create(council=meeting.council, partner=partner, person=person, begins_on=cast.began_on)
session = live.open_session(meeting.pk, by=cast.ana)
visitor = Visitor(); visitor.force_login(cast.ana)
print(json.dumps([session.pk, session.code, visitor.cookies["sessionid"].value]))
"""
SAID = (
    "The printers on the second floor are always broken",
    "Our printer is broken again",
    "Nobody answers the help desk phone",
    "New laptops take two months",
    "The bill cannot be understood",
    "Passwords expire in the field",
    "The network goes down without notice",
)
AWAY = ("Elevators stop during updates", "Scanners need a new cable")
WHO = ("Ben Okafor", "Cy Young", "Eve Head", "Flo Money", *(f"Guest {number}" for number in range(4)))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[str, int, str, str]]:
    """Where the site is, the session, its code, and Ana's cookie."""
    port = free_port()
    address = f"http://localhost:{port}"
    installation = Installation(tmp_path, COMITY_ADDRESS=address, COMITY_DEMO="1")
    installation.prepare()
    environment = {**installation.variables, "DJANGO_SETTINGS_MODULE": "comity.site.settings"}
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    pk, code, cookie = json.loads(made.stdout.splitlines()[-1])
    with installation.started("serve", "--port", str(port), "--no-worker") as process:
        wait_until(lambda: process.poll() is not None or answers(port))
        yield address, pk, code, cookie


def join(page: Page, code: str, who: str) -> None:
    page.goto("/council/")
    page.get_by_label("Code on the wall").fill(code.lower())
    page.keyboard.press("Enter")
    if who.startswith("Guest"):
        page.get_by_label("Or your name").fill(who)
    else:
        page.get_by_label(who).check()
    page.get_by_role("button", name="Join").click()


def write(page: Page, title: str) -> None:
    page.get_by_label("What is it about?").fill(title)
    page.keyboard.press("Enter")


def test_eight_write_at_once_and_nothing_is_lost(
    room: tuple[str, int, str, str], browser: Browser, new_context: Callable[..., BrowserContext], scan: Scan
) -> None:
    address, pk, code, cookie = room
    wrong: list[str] = []

    def opened(**looks: Any) -> Page:
        page = new_context(base_url=address, locale="en-US", reduced_motion="reduce", **looks).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    desk = opened()
    desk.context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    wall = desk.context.new_page()
    wall.goto(f"/live-sessions/{pk}/wall/")
    desk.goto(f"/live-sessions/{pk}/")
    phones = [opened(viewport={"width": 390, "height": 844}) for _who in WHO]
    for page, who in zip(phones, WHO, strict=True):
        join(page, code, who)
        expect(page.get_by_text(f"You are {who}")).to_be_visible()
    second = opened()
    join(second, code, "Ben Okafor")
    expect(second.get_by_text("Another phone has joined for this seat").first).to_be_visible()
    scan(second, LAST)

    away = phones[-1]
    away.context.set_offline(True)
    for title in AWAY:
        write(away, title)
    for page, title in zip(phones[:-1], SAID, strict=True):
        write(page, title)
    for title in SAID:
        expect(wall.get_by_text(title)).to_have_count(1)
    expect(away.get_by_text("Kept on this phone, not sent yet")).to_have_count(2)
    away.context.set_offline(False)
    for title in (*SAID, *AWAY):
        expect(wall.get_by_text(title)).to_have_count(1)
        expect(away.locator("[data-topics]").get_by_text(title)).to_have_count(1)
    expect(away.get_by_text("Kept on this phone")).to_have_count(0)

    for page in (phones[4], phones[0]):
        page.get_by_role("button", name="Raise your hand").click()
        expect(page.get_by_text("Your hand is raised.")).to_be_visible()
    expect(desk.locator("#desk-hands li").first).to_contain_text("Guest 0")
    expect(desk.locator("#desk-hands li").nth(1)).to_contain_text("Ben Okafor")
    expect(wall.get_by_text("Raised hands: 2")).to_be_visible()

    alike = desk.locator("#desk-alike form").filter(has_text=SAID[0])
    alike.get_by_label(SAID[0]).focus()  # whichever came first
    desk.keyboard.press("Space")
    alike.get_by_role("button", name="Merge these").click()
    expect(desk.get_by_text(f"Also “{SAID[1]}”")).to_be_visible()
    expect(wall.get_by_text(SAID[1])).to_have_count(0)
    desk.get_by_label(SAID[2]).focus()
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="Take it up").press("Enter")
    for page in (wall, *phones):
        expect(page.locator("[data-hand-title]")).to_have_text(SAID[2])
    scan(wall, LAST)
    scan(phones[0])
    scan(desk, LAST)

    wall.reload()
    for title in (SAID[0], *SAID[2:], *AWAY):
        expect(wall.locator("[data-topics]").get_by_text(title)).to_have_count(1)
    assert not wrong
