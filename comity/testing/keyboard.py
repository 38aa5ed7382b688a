"""Going about by keyboard alone in a browser test: Tab until what is wanted has the focus, then a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comity.testing.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from comity.people.models import User

MOST_TABS = 120

FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return "";
    const label = one.labels && one.labels.length ? one.labels[0].textContent : "";
    return (label || one.getAttribute("aria-label") || one.textContent || "").trim().replace(/\\s+/g, " ");
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what is focused is called by these words."""
    seen = []
    for _each in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if seen[-1].startswith(words):
            return
    pytest.fail(f"Tab never reaches {words!r} on {page.url}; it reaches {list(dict.fromkeys(seen))}")


def press(page: Page, words: str, key: str = "Enter") -> None:
    """Go there by Tab, and press a key that leads to another page."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Page, label: str, words: str) -> None:
    """Go to a field by Tab, and type over what stands there."""
    tab_to(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def sign_in(page: Page, user: User) -> None:
    """From the address anybody types, by email and password."""
    page.goto("/")
    write(page, "Email", user.email)
    write(page, "Password", PASSWORD)
    press(page, "Sign in")


def step(page: Page, act: str, label: str, words: str, sends: str) -> None:
    """Take a step whose form unfolds on the page, with the focus in it."""
    tab_to(page, act)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-fold] .act")
    page.wait_for_selector("[data-fold] :focus")
    if words and not page.evaluate(FOCUSED).startswith(label):
        tab_to(page, label)
    if words:
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
    tab_to(page, sends)
    page.keyboard.press("Enter")
    page.wait_for_selector(".act", state="detached")


def do_and_tell(page: Page, done: str, told: str) -> None:
    """From a follow-up one owns to the mail that tells of it."""
    step(page, "Say what was done", "What was done", done, "It is done")
    step(page, "Tell them what came of it", "What to tell them", told, "Send the mail")


# What can be used on a page, and what of it Tab has reached so far.
_BEGIN = """() => {
    const every = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], audio, video";
    window.reached = new Set();
    window.usable = [...document.querySelectorAll(every)].filter((one) => one.tabIndex >= 0 && !one.disabled
        && !one.closest("fieldset[disabled], [inert]") && one.checkVisibility({visibilityProperty: true}));
    return window.usable.length;
}"""
# What has the focus now: "" for nothing, else whether it was reached before, and what is wrong with how it shows.
_NOTE = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return "";
    const again = window.reached.has(one), within = one.tagName === "IFRAME" || /date|time|month/.test(one.type || "");
    if (again) return {again: !within, wrong: ""};  // a day, and a page within, have stops of their own
    window.reached.add(one);
    const ring = (each, part) => {
        const style = getComputedStyle(each, part);
        const drawn = each.closest("svg") && style.stroke !== "none" && parseFloat(style.strokeWidth) >= 2;
        return drawn || style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    };
    const near = [one, one.parentElement, ...(one.labels || []), ...(one.closest("svg") ? one.querySelectorAll("*") : [])];
    const shown = near.some((each) => ring(each) || ring(each, "::before") || ring(each, "::after"));
    const {top, bottom} = one.getBoundingClientRect();
    const seen = bottom > 0 && top < innerHeight;
    return {again, wrong: one.tagName === "IFRAME" || (shown && seen) ? "" : `${one.tagName} ${one.name || one.textContent.trim()}`};
}"""
_LEFT = """() => window.usable.filter((one) => !window.reached.has(one) && one.isConnected
    && one.checkVisibility({visibilityProperty: true})
    && !(one.type === "radio" && [...window.reached].some((each) => each.name === one.name && each.form === one.form))
).map((one) => `${one.tagName} ${one.getAttribute("aria-label") || one.name || one.textContent.trim()}`)"""


def out_of_reach(page: Page) -> list[str]:
    """What of a page Tab never comes to, and what it comes to without anybody seeing that it did."""
    found, nowhere = [], 0
    for _each in range(page.evaluate(_BEGIN) + MOST_TABS):
        page.keyboard.press("Tab")
        noted = page.evaluate(_NOTE)
        nowhere += (
            not noted
        )  # at the end of the page, and before its beginning where the focus began further on
        if nowhere > 2 or (noted and noted["again"]):
            break
        if noted and noted["wrong"]:
            found.append(f"not seen: {noted['wrong']}")
    return [*found, *page.evaluate(_LEFT)]
