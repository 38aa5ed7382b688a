"""Calling somebody in a comment: names are offered after an @, by keyboard, and only those of people who may read it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from comity.followups.models import Comment, FollowUp
from comity.followups.services import raise_follow_up
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def follow_up(cast: Cast) -> FollowUp:
    return raise_follow_up(kind="concern", partner=cast.parks, title="Salt runs out", by=cast.olu)


def offered(page: Page) -> list[str]:
    expect(page.get_by_role("option").first).to_be_visible()
    return [option.locator("span").inner_text() for option in page.get_by_role("option").all()]


def test_a_name_is_taken_by_keyboard_and_its_bearer_is_called(
    cast: Cast, open_page: SignIn, follow_up: FollowUp, scan: Scan
) -> None:
    page = open_page(cast.ana)
    page.goto(follow_up.get_absolute_url())
    box = page.locator("#id_words")
    box.press_sequentially("Please look, @s")
    assert offered(page)[0] == "Sol Service"
    expect(box).to_have_attribute("aria-haspopup", "listbox")
    marked = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(marked).to_have_attribute("aria-selected", "true")
    expect(page.locator("#live")).to_contain_text("Sol Service")
    scan(page)
    box.focus()
    box.press_sequentially("ol")
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    expect(box).to_have_value("Please look, @Sol Service ")
    expect(page.get_by_role("option")).to_have_count(0)
    assert box.get_attribute("role") is None
    box.press_sequentially("and tell me.")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator("main")).to_contain_text("Please look, @Sol Service and tell me.")
    assert list(Comment.objects.get().mentions.all()) == [cast.sol]


def test_the_arrows_choose_and_escape_leaves_the_words_alone(
    cast: Cast, open_page: SignIn, follow_up: FollowUp
) -> None:
    page = open_page(cast.ana)
    page.goto(follow_up.get_absolute_url())
    box = page.locator("#id_words")
    box.press_sequentially("@")
    names = offered(page)
    box.press("ArrowDown")
    box.press("Tab")
    expect(box).to_have_value(f"@{names[1]} ")
    expect(box).to_be_focused()
    box.fill("")
    box.press_sequentially("Mail ana@oit.example.gov and call @o")
    offered(page)
    box.press("Escape")
    expect(page.locator(".combo-popup")).to_be_hidden()
    box.press_sequentially("lu")
    page.wait_for_timeout(400)
    expect(page.locator(".combo-popup")).to_be_hidden()
    expect(box).to_have_value("Mail ana@oit.example.gov and call @olu")


def test_whom_the_comment_is_kept_from_is_not_offered(
    cast: Cast, open_page: SignIn, follow_up: FollowUp
) -> None:
    page = open_page(cast.ana)
    page.goto(follow_up.get_absolute_url())
    box = page.locator("#id_words")
    with page.expect_response(re.compile("/people/")) as answered:
        box.press_sequentially("@ben")
    assert answered.value.json() == {"items": []}
    page.get_by_label("Only our office sees this").uncheck()
    box.press("End")
    box.press_sequentially(" o")
    assert offered(page) == ["Ben Okafor"]
    box.fill("")
    with page.expect_response(re.compile("/people/")) as answered:
        box.press_sequentially("@cy")  # of another partner, whatever is ticked
    assert answered.value.json() == {"items": []}


def test_with_scripts_off_an_at_is_typed_out(cast: Cast, open_page: SignIn, follow_up: FollowUp) -> None:
    page = open_page(cast.ana, scripts=False)
    page.goto(follow_up.get_absolute_url())
    page.locator("#id_words").fill("@Sol Service, please look.")
    page.get_by_role("button", name="Comment").click()
    assert list(Comment.objects.get().mentions.all()) == [cast.sol]
