"""The browser fixtures see what they are there to see."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Page

from comity.partners.models import Partner
from comity.people.access import Request, public, signed_in
from comity.testing.browser import LOOKS, Scan, SignIn
from comity.testing.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_pages")]

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width"></head>
<body><main><h1>{heading}</h1>{more}</main></body></html>"""


@signed_in()
def mine(request: Request) -> HttpResponse:
    names = ", ".join(Partner.objects.visible_to(request.user).values_list("name", flat=True))
    return HttpResponse(PAGE.format(heading=f"{request.user} sees {names}", more=""))


@public("A page of this test.")
def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format(heading="Said", more=request.GET["more"]))


urlpatterns = [path("mine/", mine), path("said/", said)]


@pytest.fixture
def own_pages() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_a_person_is_signed_in_and_sees_what_the_test_has_made(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.cy)
    page.goto("/mine/")
    assert heading(page) == "Cy Young sees Department of Roads"
    Partner.objects.filter(pk=cast.roads.pk).update(name="Roads and Bridges")
    page.reload()
    assert heading(page) == "Cy Young sees Roads and Bridges"


def test_two_people_can_be_at_it_at_once(cast: Cast, open_page: SignIn) -> None:
    first, second = open_page(cast.cy), open_page(cast.ben)
    for page in (first, second):
        page.goto("/mine/")
    assert "Roads" in heading(first)
    assert "Trails" in heading(second)


def test_what_the_policy_refuses_is_a_complaint(open_page: SignIn, complaints: list[str]) -> None:
    page = open_page()
    page.goto('/said/?more=<p style="color: red">Red</p>')
    assert any("Content Security Policy" in said for said in complaints)
    complaints.clear()


def test_a_sound_page_passes_the_scan_and_is_left_as_it_was(open_page: SignIn, scan: Scan) -> None:
    page = open_page(width=800)
    page.goto("/said/?more=<p>Fine</p>")
    scan(page)
    assert page.viewport_size == {"width": 800, "height": 900}


def looks(*schemes: str) -> str:
    """The looks of those schemes in which pages are scanned, as a complaint names them."""
    return re.escape(f"({', '.join(f'{width} {scheme}' for width, scheme in LOOKS if scheme in schemes)})")


def test_a_field_without_a_label_fails_the_scan_wide_and_narrow_light_and_dark(
    open_page: SignIn, scan: Scan
) -> None:
    page = open_page()
    page.goto("/said/?more=<input>")
    with pytest.raises(pytest.fail.Exception, match=rf"label: .*\n +input {looks('light', 'dark')}"):
        scan(page)


def test_words_too_pale_in_the_dark_fail_the_scan(open_page: SignIn, scan: Scan) -> None:
    page = open_page()
    page.goto("/said/?more=<p class='pale'>Pale</p>")
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync("@media (prefers-color-scheme: dark) { .pale { color: #999; background: #888 } }");
        document.adoptedStyleSheets = [sheet]; }"""
    )
    with pytest.raises(pytest.fail.Exception, match=rf"color-contrast: .*\n +p {looks('dark')}"):
        scan(page)


def test_a_page_that_scrolls_sideways_fails_the_scan(open_page: SignIn, scan: Scan) -> None:
    page = open_page()
    page.goto("/said/?more=" + "x" * 200)
    with pytest.raises(pytest.fail.Exception, match="at 320 px the page scrolls sideways"):
        scan(page)


@pytest.mark.parametrize("name", ["cy", "ben"])
def test_a_common_page_is_handed_on_with_nothing_in_it(cast: Cast, common_page: SignIn, name: str) -> None:
    page = common_page(getattr(cast, name))
    page.goto("/mine/")
    assert heading(page).startswith(str(getattr(cast, name)))
    kept = page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    page.evaluate("() => { localStorage.x = sessionStorage.x = 1; document.cookie = 'x=1'; }")


def test_a_common_page_has_its_own_complaints(common_page: SignIn, complaints: list[str], cast: Cast) -> None:
    page = common_page(None)
    page.goto("/said/?more=<script src='/nowhere.js'></script>")
    assert any("nowhere.js" in said for said in complaints)
    complaints.clear()


def test_a_file_of_the_site_is_fetched_once_on_whatever_day(open_page: SignIn) -> None:
    page = open_page()
    loads = """async url => {
        await (await fetch(url)).text();
        return performance.getEntriesByName(url).map(entry => entry.transferSize);
    }"""
    page.goto("/said/?more=<p>Fine</p>")
    url = page.evaluate("path => new URL(path, location).href", f"{settings.STATIC_URL}ui/icon.svg")
    assert page.evaluate(loads, url)[0] > 0
    page.goto("/said/?more=<p>Again</p>")
    assert page.evaluate(loads, url) == [0]
