"""How every component looks and behaves in a browser: to axe, to the keyboard, without scripts, on a phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateformat import format as date_format
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast
from comity.ui.gallery import SHEETS

pytestmark = pytest.mark.browser

FOUND = {
    "groups": [
        {
            "label": "Partners",
            "items": [{"label": "Parks <b>and</b> Wildlife", "hint": "agency", "url": "/ui/table/"}],
        },
        {"label": "People", "items": [{"label": "Ana Ruiz", "hint": "", "url": "/ui/forms/"}]},
    ]
}
TEXT_SPACING = """() => document.querySelectorAll("body *").forEach((one) => {
    one.style.setProperty("line-height", "1.5", "important");
    one.style.setProperty("letter-spacing", "0.12em", "important");
    one.style.setProperty("word-spacing", "0.16em", "important");
})"""
CLIPPED = """() => [...document.querySelectorAll("main *")].filter((one) => {
    const style = getComputedStyle(one);
    const cut = style.overflowX === "hidden" || style.overflowY === "hidden";
    return cut && !one.closest("svg") && !one.matches(".usa-sr-only, .chip, progress, textarea") &&
        (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""

# Where the parts of the header stand, and where the page begins below it.
PLACES_OF_THE_HEADER = """() => JSON.stringify(
    [".brand", ".find", ".areas", ".top-end", ".top", "main"].map((part) => {
        const box = document.querySelector(part).getBoundingClientRect();
        return [part, box.left, box.top, part === "main" ? 0 : box.height, part === ".find" ? box.width : 0];
    }))"""
CUT = """(where) => [...document.querySelectorAll(`${where} *`)].filter((one) =>
    one.checkVisibility() && !one.closest("svg, .usa-sr-only, [aria-hidden], .who, input, .brand b") &&
        getComputedStyle(one).overflow !== "visible" && one.clientWidth && one.scrollWidth > one.clientWidth + 1
).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(autouse=True)
def style_page(settings: Settings) -> None:
    settings.ROOT_URLCONF = "comity.ui.tests.urls"
    # Places that rooms above give; the tests answer for them in the browser.
    settings.UI_PLACES = {"find": "ui:gallery-choices", "stay": "ui:theme"}


@pytest.fixture
def page(cast: Cast, open_page: SignIn) -> Page:
    return open_page(cast.ana)


@pytest.mark.parametrize("sheet", SHEETS)
def test_axe_finds_nothing_on_any_sheet(page: Page, scan: Scan, sheet: str) -> None:
    page.goto(f"/ui/{sheet}/")
    scan(page)


def test_axe_finds_nothing_on_a_form_with_errors(page: Page, scan: Scan) -> None:
    page.goto("/ui/forms/")
    page.get_by_role("button", name="Save").click()
    scan(page)


def test_axe_finds_nothing_in_open_menus_and_dialogs(page: Page, scan: Scan) -> None:
    page.goto("/ui/table/")
    page.locator(".account > summary").click()
    # A menu covers what lies behind it until it closes; only the menu is looked at here.
    page.evaluate("document.getElementById('main').inert = true")
    scan(page)
    page.evaluate("document.getElementById('main').inert = false")
    page.locator(".account > summary").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    scan(page)


def test_nothing_is_clipped_when_text_is_spaced_out(page: Page) -> None:
    for sheet in SHEETS:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"/ui/{sheet}/")
            page.evaluate(TEXT_SPACING)
            assert page.evaluate(CLIPPED) == [], (sheet, width)


def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    page.goto("/ui/boxes/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_without_scripts_a_phone_has_the_navigation_the_figures_and_the_filters(
    cast: Cast, open_page: SignIn
) -> None:
    page = open_page(cast.ana, width=390, scripts=False)
    page.goto("/ui/boxes/")
    page.locator(".drawer > summary").click()
    page.locator(".drawer-nav summary", has_text="Follow-ups").click()
    expect(page.locator(".drawer-nav").get_by_role("link", name="Board")).to_be_visible()
    expect(page.locator(".chart .drawn").first).to_be_visible()
    page.locator(".chart-table > summary").first.click()
    expect(page.locator(".chart-table table").first).to_be_visible()
    page.goto("/ui/table/")
    expect(page.get_by_label("Kind")).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Kind").select_option("county")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"/ui/table/\?kind=county$"))
    expect(page.locator(".grid tbody tr").first).to_contain_text("County")
    page.get_by_role("link", name="Remove Kind: County").click()
    expect(page).to_have_url(re.compile(r"/ui/table/$"))


def test_on_a_phone_a_row_is_a_name_and_one_line_below_it(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.ana, width=390)
    page.goto("/ui/table/?q=carter")
    row = page.locator(".grid tbody tr").first
    assert row.evaluate("one => one.getBoundingClientRect().height") < 70
    expect(row.locator(".wide").first).to_be_hidden()
    day = row.locator('td[data-label="Last seen"]')
    assert day.evaluate("one => getComputedStyle(one, '::before').content") == '"Last seen "'
    page.get_by_text("More actions for this list").locator("..").click()
    page.get_by_role("link", name="People").click()
    expect(page).to_have_url(re.compile("sort=people"))


# --- forms ---


def test_a_form_with_errors_takes_the_focus_and_leads_to_its_fields(page: Page) -> None:
    page.goto("/ui/forms/")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile(r"^Error: "))
    expect(page.locator("[data-errors]")).to_be_focused()
    page.get_by_role("link", name=re.compile("How bad is it")).click()
    expect(page.locator("#id_severity_0")).to_be_focused()


def test_a_choice_among_many_is_made_by_keyboard(page: Page) -> None:
    page.goto("/ui/forms/")
    field = page.get_by_role("combobox", name="Who said it?")
    field.press_sequentially("carter")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option").first).to_contain_text("Carter County")
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("Carter County")
    expect(page.locator("input[name=partner-chosen]")).to_have_value("6")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("End")
    field.press("Backspace")
    expect(page.locator("input[name=partner-chosen]")).to_have_value("")


def test_a_choice_that_is_not_there_says_so_and_keeps_the_words(page: Page, scan: Scan) -> None:
    page.goto("/ui/forms/")
    field = page.get_by_role("combobox", name="Who said it?")
    field.press_sequentially("nobody at all")
    expect(page.locator(".combo-empty")).to_have_text("Nothing found for “nobody at all”")
    field.press("Escape")
    expect(page.locator(".combo-popup")).to_be_hidden()
    expect(field).to_have_value("nobody at all")


def test_what_is_typed_is_kept_offered_back_and_forgotten_once_sent(page: Page) -> None:
    page.clock.install(time=timezone.now())
    page.goto("/ui/forms/")
    page.get_by_label("What did they say?").fill("The badge readers fail.")
    page.get_by_label("It costs work").check()
    page.clock.run_for(500)
    # No timer runs meanwhile: the one that ends an idle session would leave the page at the same moment as we do.
    page.clock.set_system_time(timezone.now() + timedelta(hours=26))
    page.goto("/ui/forms/")
    expect(page.get_by_label("What did they say?")).to_have_value("")
    began = date_format(timezone.localtime(), "M j, Y, g:i A")
    expect(page.locator(".draft")).to_contain_text(f"You started this on {began} and did not send it.")
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("What did they say?")).to_have_value("The badge readers fail.")
    expect(page.get_by_label("It costs work")).to_be_checked()
    page.get_by_label("Who said it?").fill("Ben")
    page.get_by_label("When?").fill("2026-11-20")
    page.get_by_label("How did you hear it?").select_option("visit")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Sent. Nothing is kept")).to_be_visible()
    expect(page.locator(".draft")).to_have_count(0)
    page.goto("/ui/forms/")
    expect(page.locator(".draft")).to_have_count(0)


def test_a_draft_survives_errors_and_holds_no_password(page: Page) -> None:
    page.goto("/ui/forms/")
    page.get_by_label("What did they say?").fill("Half a sentence")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('draft:')).map(([, held]) => held)"
    )
    assert len(kept) == 1
    assert "Half a sentence" in kept[0]
    page.evaluate(
        "document.querySelector('form[data-draft]').insertAdjacentHTML('beforeend', '<input type=password name=secret>')"
    )
    page.locator("input[name=secret]").fill("hunter2")
    page.get_by_label("What did they say?").press_sequentially(".")
    page.wait_for_timeout(500)
    assert "hunter2" not in str(page.evaluate("JSON.stringify(localStorage)"))


def test_what_cannot_be_taken_back_is_asked_first(page: Page) -> None:
    sent: list[str] = []
    page.goto("/ui/boxes/")
    page.on(
        "request", lambda request: sent.append(request.method) if request.is_navigation_request() else None
    )
    page.get_by_role("button", name="Ask first").click()
    dialog = page.get_by_role("dialog", name="Withdraw this? Nobody is told.")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="No, go back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert sent == []
    expect(page.get_by_role("button", name="Ask first")).to_be_focused()


# --- tables ---


def test_filters_change_the_list_without_a_reload_and_say_how_many(page: Page) -> None:
    page.goto("/ui/table/")
    page.evaluate("window.same = true")
    page.get_by_label("Find", exact=True).press_sequentially("carter")
    expect(page).to_have_url(re.compile("q=carter"))
    expect(page.locator("#live")).to_have_text("1 to 20 of 23")
    expect(page.get_by_label("Find", exact=True)).to_be_focused()
    assert page.evaluate("window.same")
    page.go_back()
    expect(page.locator(".count")).to_contain_text("of 184")


def test_sorting_keeps_the_focus_and_paging_brings_it_to_the_rows(page: Page) -> None:
    page.goto("/ui/table/")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="People").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("People")
    expect(page.get_by_role("link", name="People")).to_be_focused()
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator("#table-samples")).to_be_focused()
    expect(page).to_have_url(re.compile("sort=people.*page=2"))
    assert page.evaluate("window.same")


def test_a_filter_applies_at_once_and_its_chip_takes_it_off_again(page: Page, scan: Scan) -> None:
    page.goto("/ui/table/?sort=people")
    page.evaluate("window.same = true")
    menu = page.get_by_text("Filter", exact=True)
    menu.click()
    page.get_by_label("Kind").select_option("county")
    page.get_by_label("Late only").check(force=True)
    chip = page.get_by_role("link", name="Remove Kind: County")
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile(r"/ui/table/\?sort=people&kind=county&late=1$"))
    page.keyboard.press("Escape")
    expect(page.get_by_label("Kind")).to_be_hidden()
    scan(page)
    chip.click()
    expect(chip).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/ui/table/\?sort=people&late=1$"))
    expect(page.locator(".list-find summary")).to_be_focused()
    menu.click()
    expect(page.get_by_label("Kind")).to_have_value("")
    assert page.evaluate("window.same")


def test_rows_are_chosen_one_by_one_by_page_and_all_at_once(page: Page, scan: Scan) -> None:
    page.goto("/ui/table/")
    act, count = page.get_by_role("button", name="Assign a contact"), page.locator(".bulk-count")
    expect(act).to_be_hidden()
    boxes = page.locator("input[name=ids]")
    boxes.nth(0).check()
    expect(act).to_be_in_viewport()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(count).to_have_text("5 selected")
    page.get_by_role("checkbox", name="Select this page").check()
    expect(count).to_have_text("20 selected")
    # At each width the bar lies over some other row, which one scrolls out from under it: axe takes that for too small.
    page.locator(".bulk").evaluate("bar => { bar.style.position = 'static'; }")
    scan(page)
    page.get_by_label("Select all 184 found").check()
    expect(count).to_have_text("All 184 selected")
    expect(page.get_by_role("checkbox", name="Select this page")).to_be_disabled()


# --- palette, keyboard, theme, charts, idle ---


def answer(page: Page, found: Any) -> None:
    def fulfil(route: Route) -> None:
        route.fulfill(json=found)

    page.route("**/ui/choices/?q=*", fulfil)


def test_the_palette_finds_and_opens_by_keyboard(page: Page, scan: Scan) -> None:
    answer(page, FOUND)
    page.goto("/ui/boxes/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find or do anything")
    expect(field).to_be_focused()
    field.press_sequentially("pa")
    expect(page.get_by_role("option", name="Parks <b>and</b> Wildlife")).to_be_visible()
    scan(page)
    field.press("ArrowDown")
    expect(page.get_by_role("option", name="Ana Ruiz")).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/ui/table/$"))


def test_the_palette_offers_what_the_page_can_do_and_what_was_opened_lately(page: Page) -> None:
    answer(page, {"groups": []})
    page.goto("/ui/boxes/")
    page.evaluate(
        "localStorage.setItem(`recent:${document.body.dataset.user}`, JSON.stringify([{label: 'Parks', url: '/ui/table/'}]))"
    )
    page.keyboard.press("Control+k")
    options = page.get_by_role("option")
    here = page.get_by_role("group", name="On this page").get_by_role("option")
    expect(here).to_have_text(["A quiet way", "The way on"])
    expect(page.get_by_role("group", name="Recently opened").get_by_role("option")).to_have_text("Parks")
    page.keyboard.type("par")
    expect(options).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="Sign out").click()
    assert "recent" not in page.evaluate("JSON.stringify(localStorage)")


def test_single_keys_go_to_an_area_walk_rows_and_show_the_sheet(page: Page) -> None:
    page.goto("/ui/table/")
    page.keyboard.press("j")
    rows = page.locator(".grid tbody tr")
    expect(rows.nth(0).locator("a").first).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0).locator("a").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(rows.nth(0).locator("a").first).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile("/follow-ups/$"))


def test_single_keys_that_are_switched_off_do_nothing(cast: Cast, page: Page) -> None:
    type(cast.ana).objects.filter(pk=cast.ana.pk).update(single_keys=False)
    page.goto("/ui/table/")
    for key in ("?", "/", "j", "g", "f"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page).to_have_url(re.compile("/ui/table/$"))
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_text("Single-key shortcuts are off.")).to_be_visible()


def test_nothing_in_the_header_moves_from_page_to_page_and_no_name_is_cut(
    cast: Cast, open_page: SignIn
) -> None:
    cast.office.name = "Executive Office of Technology Services and Security"
    cast.office.state_name = "Commonwealth of Massachusetts"
    cast.office.save()
    for user, paths in (
        (cast.ada, ("/", "/partners/", "/manage/", "/me/", "/find/", "/follow-ups/board/")),
        (cast.ben, ("/portal/", "/portal/surveys/", "/me/edit/", "/find/")),
    ):
        for width in (1280, 768, 390, 320):
            page = open_page(user, width=width)
            seen = set()
            for path in paths:
                page.goto(path)
                seen.add(page.evaluate(PLACES_OF_THE_HEADER))
                assert page.evaluate(CUT, ".top") == [], (path, width)
            assert len(seen) == 1, (user, width, seen)


def test_the_palette_says_when_it_finds_nothing_and_when_it_fails(page: Page, complaints: list[str]) -> None:
    answer(page, {"groups": []})
    page.goto("/ui/boxes/")
    page.keyboard.press("/")
    page.keyboard.type("zzz")
    expect(page.locator("#palette .palette-nothing")).to_have_text("Nothing found for “zzz”")
    page.unroute_all()
    page.route("**/ui/choices/?q=*", lambda route: route.fulfill(status=500))
    page.keyboard.type("y")
    expect(page.locator("#palette .palette-nothing")).to_have_text("The search did not respond. Try again.")
    complaints.clear()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_typing_a_question_mark_into_a_field_is_only_typing(page: Page) -> None:
    page.goto("/ui/forms/")
    page.get_by_label("What did they say?").press_sequentially("Why? /")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_label("What did they say?")).to_have_value("Why? /")


def test_the_theme_changes_at_once_with_its_charts_and_stays(page: Page) -> None:
    page.goto("/ui/boxes/")
    line = page.locator(".drawn line.s1").first
    expect(line).to_have_css("stroke", "rgb(10, 92, 102)")
    page.locator(".account > summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    expect(line).to_have_css("stroke", "rgb(108, 197, 205)")
    page.goto("/ui/forms/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_chart_stands_before_its_table(page: Page) -> None:
    page.goto("/ui/boxes/")
    figure = page.locator("figure.chart").first
    expect(figure.locator(".plot > svg")).to_be_visible()
    expect(figure.locator("table")).to_be_hidden()
    figure.get_by_text("Show as a table").click()
    expect(figure.locator("table")).to_be_visible()


def test_a_place_of_a_chart_shows_its_figures_to_the_pointer_and_to_the_keyboard(page: Page) -> None:
    page.goto("/ui/boxes/")
    first, second = page.locator("a.place").nth(0), page.locator("a.place").nth(1)
    expect(first.locator(".tip")).to_be_hidden()
    first.hover()
    expect(first.locator(".tip")).to_be_visible()
    first.focus()
    page.keyboard.press("Tab")
    expect(second).to_be_focused()
    expect(second.locator(".tip")).to_contain_text("On time: 15")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#told$"))


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_words_in_a_chart_keep_their_size_and_stay_on_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/ui/boxes/")
    words = page.evaluate(
        """() => [...document.querySelectorAll(".chart .drawn text")].filter((one) => one.checkVisibility()).map((one) => {
            const {left, right, height} = one.getBoundingClientRect();
            const card = one.closest(".card").getBoundingClientRect();
            return [one.textContent, left >= card.left && right <= card.right, height / one.getNumberOfChars() > 0 && getComputedStyle(one).fontSize];
        })"""
    )
    assert len(words) > 40
    assert [said for said, inside, _size in words if not inside] == []
    assert {size for _said, _inside, size in words} == {"13px"}


def test_before_the_session_ends_one_is_asked_and_can_stay(page: Page, settings: Settings) -> None:
    settings.IDLE_MINUTES = 30
    stayed: list[str] = []

    def stay(route: Route) -> None:
        stayed.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/theme/", stay)
    page.clock.install(time=timezone.now())
    page.goto("/ui/forms/")
    page.clock.fast_forward("27:00")
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.fast_forward("01:10")
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    expect(page.locator("[data-idle-left]")).to_have_text("2 minutes")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#idle")).to_be_hidden()
    assert stayed == ["POST"]


def test_when_the_session_has_ended_one_goes_to_sign_in_and_comes_back_here(
    page: Page, settings: Settings
) -> None:
    settings.IDLE_MINUTES = 30
    page.clock.install(time=timezone.now())
    page.goto("/ui/forms/")
    page.get_by_label("What did they say?").fill("Not sent yet")
    page.clock.fast_forward("00:05")
    page.route("**/theme/", lambda route: route.abort())
    page.route(
        "**/sign-in/**",
        lambda route: route.fulfill(body="<!doctype html><title>Sign in</title>", content_type="text/html"),
    )
    page.clock.fast_forward("30:00")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=%2Fui%2Fforms%2F"))
    assert "Not sent yet" in page.evaluate("JSON.stringify(localStorage)")


def test_someone_who_types_is_not_asked(page: Page, settings: Settings) -> None:
    settings.IDLE_MINUTES = 30
    stayed: list[str] = []

    def stay(route: Route) -> None:
        stayed.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/theme/", stay)
    page.clock.install(time=timezone.now())
    page.goto("/ui/forms/")
    page.clock.fast_forward("27:50")
    page.get_by_label("What did they say?").press_sequentially("still here")
    page.clock.fast_forward("00:30")
    expect.set_options(timeout=5_000)
    page.wait_for_function("() => true")
    expect(page.locator("#idle")).to_be_hidden()
    assert stayed == ["POST"]
