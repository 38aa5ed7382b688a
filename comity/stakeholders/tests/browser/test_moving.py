"""On the grid somebody is moved by dragging, and by keyboard alone; without scripts by the form on their page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comity.stakeholders.models import Initiative, Stakeholder
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser


def opposed(cast: Cast) -> Stakeholder:
    """Ben, in an initiative of Parks."""
    payroll = Initiative.objects.create(name="New payroll", purpose="Paid on the day.", begun_on=cast.today)
    payroll.partners.add(cast.parks)
    return Stakeholder.objects.create(
        person=cast.ben_person,
        partner=cast.parks,
        initiative=payroll,
        role=Stakeholder.Role.ADVISES,
        stance=Stakeholder.Stance.OPPOSED,
        influence=4,
        interest=4,
    )


def place(row: Stakeholder) -> tuple[int, int]:
    row.refresh_from_db()
    return row.influence, row.interest


def test_by_keyboard_alone(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    row = opposed(cast)
    page = open_page(cast.ana)
    page.goto(row.map.get_absolute_url())
    scan(page)
    who = page.locator(f"#s{row.pk}")
    who.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#live")).to_have_text("Influence 3, interest 5: Keep informed")
    page.keyboard.press("Escape")
    expect(page.locator('td[data-influence="4"][data-interest="4"]').locator(who)).to_be_visible()
    assert place(row) == (4, 4)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ben Okafor moved.")).to_be_visible()
    expect(who).to_be_focused()
    assert place(row) == (3, 3)
    page.keyboard.press("Enter")  # nothing is waiting to be kept, so it opens their page
    expect(page.get_by_role("heading", name="Ben Okafor", level=1)).to_be_visible()


def test_by_dragging(cast: Cast, open_page: SignIn) -> None:
    row = opposed(cast)
    page = open_page(cast.ana)
    page.goto(row.map.get_absolute_url())
    page.locator(f"#s{row.pk}").hover()
    page.mouse.down()
    page.locator('td[data-influence="2"][data-interest="1"]').hover()
    page.mouse.up()
    expect(page.get_by_text("Ben Okafor moved.")).to_be_visible()
    assert place(row) == (2, 1)


def test_without_scripts_by_a_form_and_on_a_phone_nothing_sticks_out(cast: Cast, open_page: SignIn) -> None:
    row = opposed(cast)
    page = open_page(cast.ana, width=320, scripts=False)
    page.goto(row.map.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Ben Okafor").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Influence").fill("5")
    page.get_by_role("button", name="Save").click()
    assert place(row) == (5, 4)
