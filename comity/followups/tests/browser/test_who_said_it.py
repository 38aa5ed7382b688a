"""Whose words they are and for whom, each found by the other, with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comity.office.services import today
from comity.partners.models import Position
from comity.testing.browser import SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser


OFFERED = ".combo-popup:not([hidden]) [role=option]"


def _pick(page: Page, text: str, option: str) -> None:
    page.keyboard.type(text)
    expect(page.locator(OFFERED)).to_have_count(1)
    expect(page.locator(OFFERED)).to_contain_text(option)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_the_people_of_the_partner_are_there_to_choose(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.ana)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/follow-ups/new/")
    page.locator("#id_partner").focus()
    _pick(page, "department of parks", "Department of Parks")
    said = page.get_by_label("Who said it")
    said.focus()
    expect(page.locator(OFFERED)).to_have_text(
        ["Eve Head (eve@parks.example.gov)PARKS Executive", "Ben Okafor (ben@parks.example.gov)PARKS IT lead"]
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(said).to_have_value("Ben Okafor (ben@parks.example.gov)")


def test_choosing_who_said_it_fills_in_where_they_work(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.ana)
    page.goto("/follow-ups/new/")
    page.get_by_label("Who said it").focus()
    _pick(page, "flo money", "Flo Money")
    expect(page.locator("#id_partner")).to_have_value("Department of Roads (ROADS)")
    expect(page.locator("#live")).to_have_text("Department of Roads (ROADS) is filled in.")


def test_of_several_places_none_is_taken_for_them(cast: Cast, open_page: SignIn) -> None:
    Position.objects.create(partner=cast.trails, person=cast.flo_person, title="Treasurer", starts_on=today())
    page = open_page(cast.ana)
    page.goto("/follow-ups/new/")
    page.get_by_label("Who said it").focus()
    _pick(page, "flo money", "Flo Money")
    expect(page.locator("#live")).to_contain_text(
        "Which of these: Department of Roads (ROADS); Division of Trails"
    )
    agency = page.locator("#id_partner")
    expect(agency).to_have_value("")
    agency.focus()
    expect(page.locator(OFFERED)).to_have_count(2)
