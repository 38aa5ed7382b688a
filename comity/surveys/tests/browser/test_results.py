"""The results of a wave in a browser: with every picture on it, past axe, on a phone too; tables behind pictures."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from comity.surveys.models import Wave
from comity.surveys.services import counting
from comity.surveys.tests import world
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser

DRIVER = {
    "key": "time",
    "order": 8,
    "kind": "rating",
    "ask_en": "Was it quick?",
    "driver": "time",
    "core": True,
}


@pytest.fixture
def wave(cast: Cast) -> Wave:
    """The second of two waves, each with sixty answers of two partners."""
    before = world.wave(key="spring", name="Spring")
    before.version.questions.create(**DRIVER)
    now = world.wave(key="autumn", name="Autumn", version=before.version, against=before)
    Wave.objects.filter(pk=before.pk).update(opened_at=timezone.now() - timedelta(days=365))
    for asked, low in ((before, 1), (now, 2)):
        for number in range(60):
            partner = (cast.parks, cast.roads)[number % 2]
            person = world.person_at(cast, partner, f"{asked.name} {number}")
            rating = low + number % 4
            response = world.answered(
                world.invited(asked, person, partner)[0],
                overall=rating,
                ease=1 + number % 5,
                time=rating,
                recommend=number % 11,
                change=f"Number {number}",
            )
            if number % 3 == 0:
                response.day = timezone.localdate() - timedelta(days=3)
                response.save()
        counting.refresh(Wave.objects.get(pk=asked.pk))
    return now


def test_every_picture_has_its_table_and_nothing_is_in_the_way(
    cast: Cast, open_page: SignIn, wave: Wave, scan: Scan
) -> None:
    page = open_page(cast.ana)
    page.goto(reverse("surveys:results", args=[wave.pk]))
    expect(page.locator("h1")).to_contain_text("60 of 60 have answered")
    expect(page.locator("svg:has(> .part)")).to_have_count(4)
    expect(page.locator("svg:has(> .sure)")).to_have_count(3)
    expect(page.locator("svg:has(> .point) circle")).to_have_count(2)
    expect(page.locator(".plot svg .line").first).to_be_attached()
    scan(page)
    for table in page.locator("details.chart-table").all():
        table.locator("summary").click()
        expect(table.locator("table")).to_be_visible()
    scan(page)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_every_wave_of_the_trend_has_its_name(cast: Cast, open_page: SignIn, wave: Wave) -> None:
    for key in ("spring", "autumn"):
        Wave.objects.filter(key=key).update(name=f"The {key} survey of this year")
    page = open_page(cast.ana)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(reverse("surveys:results", args=[wave.pk]))
    picture = page.locator(".plot > svg")
    for words in ("The spring", "The autumn"):
        expect(picture.locator("text.narrow", has_text=words)).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    for name in ("The spring survey of this year", "The autumn survey of this year"):
        expect(picture.locator("text.wide").get_by_text(name)).to_be_visible()


def test_a_partners_number_leads_to_what_its_people_answered(
    cast: Cast, open_page: SignIn, wave: Wave, scan: Scan
) -> None:
    page = open_page(cast.ana)
    page.goto(reverse("surveys:breakdown", args=[wave.pk, "partner"]))
    scan(page)
    page.locator("a[href*='/responses/']", has_text="30").first.click()
    expect(page.locator("h1")).to_contain_text("30 answers")
    scan(page)
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Answered", exact=True).select_option("recommend:0-6")
    expect(page.locator("p.count")).to_contain_text("in all")
    expect(page).to_have_url(re.compile("answer=recommend%3A0-6"))
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(reverse("surveys:said", args=[wave.pk, "change"]))
    scan(page)
    page.get_by_role("link", name="Number 7", exact=True).click()
    expect(page.locator("main")).to_contain_text("Autumn 7")


def test_on_a_phone_partners_read_each_figure_on_a_line_of_its_own(
    cast: Cast, wave: Wave, open_page: SignIn
) -> None:
    Wave.objects.update(state=Wave.State.CLOSED, closed_at=timezone.now())
    page = open_page(cast.ben)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("surveys:portal_list"))
    menu = page.get_by_text("More actions for this list")
    box = menu.bounding_box()
    assert box
    assert box["width"] > 100  # in sight, not only for those who hear it
    page.goto(reverse("surveys:portal_wave", args=[wave.pk]))
    cells = page.locator(".results-grid tbody tr").first.locator("td")
    tops = [found["y"] for found in (cell.bounding_box() for cell in cells.all()) if found]
    assert len(set(tops)) == len(tops) > 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
