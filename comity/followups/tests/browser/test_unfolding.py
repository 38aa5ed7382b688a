"""A step that unfolds in a row of *Today*: the focus goes in, Escape folds it, a draft is kept, the row shows what came."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comity.followups.services import raise_follow_up
from comity.office.services import today
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast


@pytest.mark.browser
def test_done_in_a_row_of_today(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    raise_follow_up(
        kind="concern", partner=cast.parks, title="Salt runs out", by=cast.olu, owner=cast.ana, due_on=today()
    )
    page = open_page(cast.ana)
    page.goto("/")
    row = page.locator(".row", has_text="Salt runs out").first
    act, box = row.locator("[hx-get]"), row.locator("textarea")
    act.click()
    expect(box).to_be_focused()
    scan(page)
    page.keyboard.type("There is salt.")
    page.wait_for_timeout(400)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(act).to_be_focused()
    act.click()
    row.get_by_role("button", name="Restore it").click()
    expect(box).to_have_value("There is salt.")
    page.keyboard.press("Control+Enter")
    expect(row.locator(".message")).to_be_visible()
    assert page.url.endswith("/"), "the page keeps its address, to be loaded again"
    expect(row.locator(".message")).to_contain_text("Now tell them what came of it.")
    expect(row.get_by_role("link", name="Salt runs out", exact=True)).to_be_focused()
    expect(act).to_contain_text("Tell them what came of it")
