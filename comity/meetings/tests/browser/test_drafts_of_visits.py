"""Logging a visit on a phone: a lost connection and an ended sign-in lose nothing."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from comity.followups.models import FollowUp
from comity.meetings.models import Meeting
from comity.testing.browser import SignIn
from comity.testing.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser


def written(page: Page, cast: Cast) -> None:
    page.goto(f"/meetings/log/?partner={cast.parks.pk}")
    page.get_by_label("Eve Head").check()
    page.get_by_label("What was said").first.fill("They want the map by May.")
    page.get_by_label("The promise").fill("A map")
    page.get_by_role("button", name="Add another promise").click()
    second = page.get_by_label("The promise").nth(1)
    expect(second).to_be_focused()
    second.fill("A second line")


def test_without_a_network_it_says_so_and_keeps_the_page(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.ana)
    written(page, cast)
    page.context.set_offline(True)
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_contain_text("You are offline. What you wrote is kept")
    assert page.get_by_label("The promise").nth(1).input_value() == "A second line"
    assert not Meeting.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("heading", name="What was promised").wait_for()
    assert list(FollowUp.objects.order_by("pk").values_list("title", flat=True)) == ["A map", "A second line"]


def test_after_signing_in_again_it_is_offered_back_with_every_promise(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.ana)
    written(page, cast)
    Session.objects.all().delete()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_label("Email").fill(cast.ana.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Restore it").click()
    assert page.get_by_label("What was said").first.input_value() == "They want the map by May."
    assert page.get_by_label("The promise").nth(1).input_value() == "A second line"
    expect(page.get_by_label("Eve Head")).to_be_checked()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("heading", name="What was promised").wait_for()
    assert Meeting.objects.get().said == "They want the map by May."
    # For another partner nothing waits.
    page.goto(f"/meetings/log/?partner={cast.roads.pk}")
    expect(page.get_by_role("button", name="Restore it")).to_have_count(0)
