"""Somebody types while the page's scripts are still on their way: nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from comity.followups.services import raise_follow_up
from comity.partners.models import Person, Position
from comity.testing.browser import SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser


def hold(page: Page, script: str) -> Callable[[], None]:
    """Keep a script on its way until what is given back is called."""
    on_its_way: list[Route] = []

    def let_go() -> None:
        assert on_its_way, f"{script} was not asked for"
        page.unroute(f"**/{script}")  # which lets go what it holds

    page.route(f"**/{script}", lambda route: on_its_way.append(route))  # noqa: PLW0108  (it has to be a function)
    return let_go


def test_a_name_is_found(cast: Cast, open_page: SignIn) -> None:
    manager = Person.objects.create(name="Dana Manager", email="dana@parks.example.gov")
    Position.objects.create(partner=cast.parks, person=manager, title="Manager", function="head")
    page = open_page(cast.ana)
    let_go = hold(page, "ui/combo*.js")
    page.goto(f"/follow-ups/new/?partner={cast.parks.pk}", wait_until="commit")
    page.get_by_label("Who said it").fill("Dana")
    dana = page.get_by_role("option", name="Dana Manager")
    assert dana.count() == 0
    let_go()
    dana.click()
    assert page.get_by_label("Who said it").input_value() == "Dana Manager (dana@parks.example.gov)"


def test_a_colleague_is_called_and_no_key_goes_astray(cast: Cast, open_page: SignIn) -> None:
    concern = raise_follow_up(kind="concern", partner=cast.parks, title="The line drops.", by=cast.ana)
    page = open_page(cast.ana)
    let_go = hold(page, "followups/mentions*.js")
    page.goto(f"/follow-ups/{concern.pk}/", wait_until="commit")
    box = page.get_by_label("Your comment")
    box.click()
    page.keyboard.type("Please look, @So")
    let_go()
    page.get_by_role("option").filter(has_text="Sol Service").wait_for()
    page.keyboard.type("l")
    assert box.input_value() == "Please look, @Sol"


def test_a_draft_is_kept(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.ana)
    let_go = hold(page, "ui/drafts*.js")
    page.goto("/follow-ups/new/", wait_until="commit")
    heard = page.get_by_label("What was heard, in one line")
    heard.fill("The line drops")
    let_go()
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)  # a draft is kept a moment after the last key
    page.goto("/follow-ups/new/")
    assert not heard.input_value()
    page.get_by_role("button", name="Restore it").click()
    assert heard.input_value() == "The line drops"
