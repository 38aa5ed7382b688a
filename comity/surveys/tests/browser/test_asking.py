"""A wave is prepared and opened in a browser, by somebody who reads every page on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity import jobs
from comity.outbox.models import Message
from comity.surveys.models import Wave
from comity.surveys.tests import world
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast


@pytest.mark.browser
def test_the_cco_asks_parks_how_it_went(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    world.version(frozen=False)
    cast.roads.positions.filter(person=cast.flo_person).update(
        title="Deputy Director of Money and Everything Else"
    )
    page = open_page(cast.cora)
    page.goto("/waves/")
    scan(page)
    page.get_by_role("link", name="Prepare a wave").click()
    page.get_by_label("Which survey").select_option(index=1)
    page.get_by_label("What we call this wave").fill("Autumn 2027")
    scan(page)
    page.get_by_role("button", name="Save and continue").click()

    page.get_by_label("Agency").check()
    page.get_by_role("button", name="Save and count").click()
    page.get_by_text("Would be asked").wait_for()
    scan(page)
    page.reload()
    assert page.get_by_label("Agency").is_checked()
    page.get_by_role("button", name="Save and continue").click()

    page.get_by_role("radio", name="Anonymous Nobody").check()
    page.get_by_label("Last day to answer").fill((cast.today + timedelta(days=9)).isoformat())
    scan(page)
    page.get_by_role("button", name="Save and continue").click()

    page.get_by_role("heading", name="4 people would be asked.").wait_for()
    scan(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Open and invite").click()
    confirm = page.get_by_role("dialog").get_by_role("button", name="Open and invite")
    if confirm.count():
        confirm.click()
    page.get_by_role("heading", name="invitations are being sent").wait_for()
    scan(page)
    jobs.run_waiting()
    page.get_by_role("heading", name="answers are shown from 5 on; 4 people were reached").wait_for()
    scan(page)
    assert Wave.objects.get().state == Wave.State.OPEN
    assert Message.objects.count() == 4
    for address in ("people/", "extend/"):
        page.goto(f"/waves/{Wave.objects.get().pk}/{address}")
        scan(page)
    for address in ("/waves/", "/waves/rules/", "/waves/again/", "/waves/again/new/"):
        page.goto(address)
        scan(page)
