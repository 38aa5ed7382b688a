"""What stands side by side is read below one another on a phone, with nothing to push aside."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comity.testing.browser import SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser


def test_two_likely_duplicates(cast: Cast, open_page: SignIn) -> None:
    twin = cast.partner("Parks Department of the State and All its Lakes", "DPK")
    page = open_page(cast.ada)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("partners:compare_partner", args=[cast.parks.pk, twin.pk]))
    table = page.locator(".side-by-side")
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
    first, second = page.get_by_role("radio").all()[:2]
    tops = [each.bounding_box() for each in (first, second)]
    assert tops[0]
    assert tops[1]
    assert tops[0]["y"] < tops[1]["y"]
    # Whose each is, where the head of the table is out of sight.
    expect(table.locator("tbody td").nth(1)).to_have_attribute("data-label", twin.name)
