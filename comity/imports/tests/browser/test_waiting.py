"""An import in a browser, by somebody who only waits: each step's page comes by itself when its work has ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comity import jobs
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast


@pytest.mark.browser
def test_whoever_waits_sees_the_preview_and_then_what_came_of_it(
    cast: Cast, open_page: SignIn, scan: Scan
) -> None:
    page = open_page(cast.ada)
    page.goto("/imports/new/?what=partners")
    page.get_by_label("File").set_input_files(
        {"name": "new.csv", "mimeType": "text/csv", "buffer": b"Name,Code\nState Library,LIB\n"}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("h1")).to_have_text("The file is being read")
    scan(page)
    jobs.run_waiting()
    expect(page.locator("h1")).to_contain_text("1 new and 0 changed")
    page.get_by_role("button", name="Apply").click()
    confirm = page.get_by_role("dialog").get_by_role("button", name="Apply")
    if confirm.count():
        confirm.click()
    expect(page.locator("h1")).to_have_text("The file is being applied")
    jobs.run_waiting()
    expect(page.get_by_role("link", name="Undo").or_(page.get_by_role("button", name="Undo"))).to_be_visible()
    scan(page)
