"""Driving a real browser in a test: Chromium, a server of the test's own, axe.

    @pytest.mark.browser
    def test_a_comment_appears(cast: Cast, open_page: SignIn, scan: Scan) -> None:
        page = open_page(cast.ana)
        page.goto("/follow-ups/")
        ...
        scan(page)

`cast` is the cast in a transaction that the test and its server share and that is rolled back afterwards, so
objects made in the test are on its pages at once and no table has to be emptied. Errors in the browser's
console, which include everything the content security policy refuses, fail the test; a test that provokes one
on purpose clears `complaints`. A failed test leaves a screenshot of each page it had open in pytest's
temporary folder, and says where.

The browser is where the office is, but its clock is the real one. Where the script of a page reads it, the test sets it
first: `page.clock.install(time=timezone.now())`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client, TestCase, TransactionTestCase

from comity.testing.cast import Cast
from comity.testing.matrix import ALL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

    from comity.people.models import User

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
WIDE, NARROW = 1280, 320
Look = tuple[int, Literal["light", "dark"]]  # width, and whether it is dark
LOOKS: list[Look] = [(WIDE, "light"), (NARROW, "dark")]
if ALL:
    LOOKS += [(WIDE, "dark"), (NARROW, "light")]
LAST = LOOKS if ALL else LOOKS[-1:]
# IBM's checker, which finds what axe does not; it takes four times as long.
SECOND = Path(__file__).parents[2] / "node_modules/accessibility-checker-engine/ace.js"
# A file of the site that runs nothing.
STILL = "ui/icon.svg"

SignIn = Callable[..., "Page"]
Scan = Callable[..., None]


def chromium() -> str:
    """Where Chromium is: what CHROMIUM names, or one of the usual names on the PATH."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not found or not Path(found).exists():
        pytest.fail(
            "There is no Chromium for the browser tests. Install one (Debian: apt install chromium), name it in "
            'CHROMIUM, or leave these tests out: pytest -m "not browser".',
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # Playwright drives the browser from an event loop, in which Django would refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": chromium(), "args": arguments}


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in the transaction of this test."""
    return Cast()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser complained of; none may be left when the test ends."""
    heard: list[str] = []
    yield heard
    if heard:
        pytest.fail("The browser complained:\n" + "\n".join(f"  {said}" for said in heard), pytrace=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop, once begun, runs until the end of the process.

    Files with slow tests come first, so that no core waits for one of them at the end; but those that empty the database
    when they end, with what migrations put into it, come after those that need it.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            _empties(item),
            item.path not in slow,
        )
    )


def _empties(item: pytest.Item) -> bool:
    kind: Any = item.getparent(pytest.Class)
    return bool(kind) and issubclass(kind.obj, TransactionTestCase) and not issubclass(kind.obj, TestCase)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def common(browser: Browser) -> Iterator[list[Page]]:
    """The page that tests hand on to one another, if there is one."""
    kept: list[Page] = []
    yield kept
    for page in kept:
        page.context.close()


@pytest.fixture
def common_page(
    server: str,
    browser: Browser,
    common: list[Page],
    open_page: SignIn,
    complaints: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[User | None], Page]]:
    """`common_page(user)`: as `open_page(user)`, for tests that look at very many pages, one each.

    They share one page, since a browser takes longer to begin a page of its own than to show what is on it. Cookies
    and what scripts have stored are gone before the next test; one that fails hands on nothing.
    """

    opened = False

    def open_for(user: User | None) -> Page:
        nonlocal opened
        opened = True
        if not common:
            common.append(browser.new_context(base_url=server, **_looks(WIDE)).new_page())
        return open_page(user, page=common[0])

    yield open_for
    if not opened:
        return
    if request.node.stash.get(FAILED, True):
        common.pop().context.set_offline(True)  # its picture is still taken; the browser closes it at the end
        return
    page = common[0]
    said = [*complaints]
    page.goto(f"{server}{settings.STATIC_URL}{STILL}")  # leaving, a page may store something more
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.context.clear_cookies()
    complaints[:] = said  # what was said by then is of the test


@pytest.fixture
def open_page(
    server: str,
    new_context: Callable[..., BrowserContext],
    complaints: list[str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[SignIn]:
    """Opens pages, on which that person is signed in already: `open_page(user=None, width=1280, dark=False, scripts=True, language="en-US")`."""
    pages: list[Page] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def note_error(error: Error) -> None:
        complaints.append(error.stack or error.message)

    def open_for(
        user: User | None = None,
        *,
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
        language: str = "en-US",
        page: Page | None = None,
    ) -> Page:
        if page is None:
            looks = _looks(width, dark=dark, scripts=scripts, language=language)
            page = new_context(base_url=server, **looks).new_page()
        if user is not None:
            page.context.add_cookies([{"name": _session_name(), "value": _session(user), "url": server}])
        page.set_default_timeout(10_000)
        page.on("console", note)
        page.on("pageerror", note_error)
        pages.append(page)
        return page

    yield open_for
    if request.node.stash.get(FAILED, False):
        _picture(pages, tmp_path)
    for page in pages:
        if not page.is_closed():  # it may be handed on to the next test
            page.remove_listener("console", note)
            page.remove_listener("pageerror", note_error)


def _picture(pages: list[Page], folder: Path) -> None:
    for number, page in enumerate(pages, 1):
        if not page.is_closed():
            shot = folder / f"page-{number}.png"
            page.screenshot(path=shot, full_page=True)
            print(f"Screenshot of {page.url}: {shot}")


@pytest.fixture
def scan() -> Scan:
    """`scan(page)`: axe finds nothing, wide and light, narrow and dark; nothing scrolls sideways at 320 px.

    `scan(page, LAST)` looks at it in the last of these looks alone.

    In `make test-all` it is also wide and dark, narrow and light, and IBM's checker finds nothing either.
    """
    return _scan


def _scan(page: Page, looks: Sequence[Look] = LOOKS) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    where = page.evaluate("() => ({width: innerWidth, height: innerHeight})")
    page.evaluate(AXE_SCRIPT)
    if ALL:
        page.evaluate(f"{SECOND.read_text()}; window.ace = ace;")
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        look = f"{width} {scheme}"
        for violation in page.evaluate(BY_AXE):
            for node in violation["nodes"]:
                key = (f"{violation['id']}: {violation['help']}", " ".join(map(str, node["target"])))
                found.setdefault(key, [node["failureSummary"]]).append(look)
        for rule, where_in, why in page.evaluate(BY_THE_SECOND) if ALL else []:
            found.setdefault((rule, where_in), [why]).append(look)
        if sideways := page.evaluate(SIDEWAYS):
            key = (f"at {width} px the page scrolls sideways", sideways)
            found[key] = ["Content has to fit, or scroll inside a region of its own.", look]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(where)
    if found:
        pytest.fail(f"{page.url} is not accessible:\n{_told(found)}", pytrace=False)


BY_AXE = """() => axe.run(document, {
    runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}, resultTypes: ["violations"],
}).then(results => results.violations)"""
# It takes what is folded away for shown and its labels for hidden, so all is unfolded before. A form without a name is
# no landmark, so it needs none of its own. HTML lets an address be the name one signs in with; axe knows that. On a phone
# a list shows no header of its columns, and it looks for those of the rows in the first column only, where boxes may be.
BY_THE_SECOND = """() => {
    const folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(one => one.open = true);
    const counts = ({ruleId, value, node}) => value[0] === "VIOLATION" && value[1] === "FAIL"
        && !(ruleId === "aria_form_label_unique" && !node.matches("[aria-label], [aria-labelledby]"))
        && !(ruleId === "input_autocomplete_valid" && node.autocomplete === "username")
        && !(ruleId === "table_headers_exists" && node.querySelector("tbody th[scope=row]"));
    return new ace.Checker().check(document, ["WCAG_2_2"]).then(report => {
        folded.forEach(one => one.open = false);
        return report.results.filter(counts).map(one => [`${one.ruleId}: ${one.message}`, one.path.dom, one.snippet]);
    });
}"""
SIDEWAYS = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return "";
    const wide = [...document.body.querySelectorAll("*")].filter(
        one => one.getBoundingClientRect().right > page.clientWidth + 1 && !one.closest("[tabindex='0'][role=region]"));
    return wide.slice(-3).map(one => one.outerHTML.slice(0, 120)).join(" | ") || "unknown element";
}"""


def _told(found: dict[tuple[str, str], list[str]]) -> str:
    lines = []
    for (rule, target), (why, *where) in found.items():
        reason = " ".join(why.split())
        lines.append(f"  {rule}\n    {target} ({', '.join(where)})\n    {reason}")
    return "\n".join(lines)


def _looks(
    width: int, *, dark: bool = False, scripts: bool = True, language: str = "en-US"
) -> dict[str, Any]:
    return {
        "viewport": {"width": width, "height": 900},
        "color_scheme": "dark" if dark else "light",
        "reduced_motion": "reduce",
        "java_script_enabled": scripts,
        "locale": language,
        "timezone_id": settings.TIME_ZONE,
    }


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[_session_name()].value


def _session_name() -> str:
    return str(settings.SESSION_COOKIE_NAME)
