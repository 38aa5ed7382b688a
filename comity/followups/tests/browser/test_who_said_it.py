"""Naming who said it, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from comity.partners.models import Person, Position
from comity.testing.browser import SignIn
from comity.testing.cast import Cast


@pytest.mark.browser
def test_what_was_typed_before_the_script_arrived_is_found(cast: Cast, signed_in_page: SignIn) -> None:
    manager = Person.objects.create(name="Dana Manager", email="dana@parks.example.gov")
    Position.objects.create(partner=cast.parks, person=manager, title="Manager", function="head")
    on_its_way: list[Route] = []

    def hold(route: Route) -> None:
        on_its_way.append(route)

    page = signed_in_page(cast.ana)
    page.route("**/ui/combo*.js", hold)
    page.goto(f"/follow-ups/new/?partner={cast.parks.pk}", wait_until="commit")
    page.get_by_label("Who said it").fill("Dana")
    assert on_its_way, "the script has not arrived"
    assert page.get_by_role("option", name="Dana Manager").count() == 0
    for script in on_its_way:
        script.continue_()
    page.get_by_role("option", name="Dana Manager").click()
    assert page.get_by_label("Who said it").input_value() == manager.name
