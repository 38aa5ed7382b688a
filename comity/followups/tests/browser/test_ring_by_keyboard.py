"""The whole ring by keyboard alone: signing in, heard, owned, done, told, "it did not help", and once more to "it helped"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from comity.followups.models import FollowUp
from comity.outbox.models import Message
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast
from comity.testing.keyboard import do_and_tell, press, sign_in, step, tab_to, write

if TYPE_CHECKING:
    from playwright.sync_api import Page


def answer(visitor: Page, mail: Message, *, downs: int, words: str) -> str:
    """Open the link of a mail and answer on it: how often to press the arrow, what to add; what the page then says."""
    found = re.search(r"/helped/\S+", mail.text)
    assert found
    visitor.goto(found[0])
    tab_to(visitor, "It helped")
    if not downs:
        visitor.keyboard.press("Space")
    for _each in range(downs):
        visitor.keyboard.press("ArrowDown")
    write(visitor, "Anything you want to add", words)
    press(visitor, "Send")
    return visitor.locator("h1").inner_text()


@pytest.mark.browser
def test_the_whole_ring_by_keyboard_alone(cast: Cast, open_page: SignIn) -> None:
    """From signing in to "it helped", with a "no" and another round between."""
    page, visitor = open_page(), open_page()
    sign_in(page, cast.ana)
    press(page, "Follow-ups")
    press(page, "Write down what you heard")
    write(page, "Partner optional", "Department of Parks")
    page.keyboard.press("Escape")
    write(page, "What was heard, in one line", "Nobody tells us when the network is down")
    write(page, "Who said it", "Ben Okafor")
    page.keyboard.press("Escape")
    press(page, "Write it down")
    follow_up = FollowUp.objects.get()
    heard = follow_up.state, follow_up.partner, follow_up.raised_by_person
    assert heard == ("heard", cast.parks, cast.ben_person)

    step(page, "Take it on", "", "", "Take it on")
    do_and_tell(page, "We send a message within ten minutes.", "From today you get a message.")
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.told_how) == ("told", "mail")

    mail = Message.objects.get(kind="followups.told")
    said = answer(visitor, mail, downs=2, words="Still no message.")
    assert said == "Thank you. We have reopened it."
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.owner, follow_up.reopened) == ("owned", cast.ana, 1)

    press(page, "Today")
    press(page, "Nobody tells us")
    assert "Still no message." in page.locator("main").inner_text()
    do_and_tell(page, "The list of numbers was old; it is new.", "Now you get it: the numbers were old.")
    again = Message.objects.filter(kind="followups.told").exclude(pk=mail.pk).get()
    assert answer(visitor, again, downs=0, words="It came in two minutes.").startswith("Thank you")
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.helped, follow_up.reopened) == ("told", "yes", 1)

    page.goto(follow_up.get_absolute_url())
    assert "It came in two minutes." in page.locator("main").inner_text()


@pytest.mark.browser
def test_the_board_moves_a_card_without_dragging(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    from comity.followups.services import raise_follow_up

    follow_up = raise_follow_up(kind="concern", partner=cast.parks, title="Salt runs out", by=cast.olu)
    page = open_page(cast.ana)
    page.goto("/follow-ups/board/?view=open")
    scan(page)
    press(page, "Take it on")
    press(page, "Take it on")
    follow_up.refresh_from_db()
    assert follow_up.owner == cast.ana
