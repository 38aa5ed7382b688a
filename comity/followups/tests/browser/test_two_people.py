"""Two people at one follow-up, each in a browser of their own: yours, theirs, the original; nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comity.followups.models import Comment, FollowUp
from comity.followups.services import raise_follow_up
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser

MEANWHILE = "while you had it open"


@pytest.fixture
def follow_up(cast: Cast) -> FollowUp:
    return raise_follow_up(
        kind="concern", partner=cast.parks, title="Salt runs out", said="By March.", by=cast.olu
    )


def both(open_page: SignIn, cast: Cast, url: str) -> tuple[Page, Page]:
    """Ana and Cora have the same page open."""
    pages = open_page(cast.ana), open_page(cast.cora)
    for page in pages:
        page.goto(url)
    return pages


def send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def test_yours_theirs_and_the_original_stand_side_by_side(
    cast: Cast, open_page: SignIn, follow_up: FollowUp, scan: Scan, complaints: list[str]
) -> None:
    ana, cora = both(open_page, cast, f"/follow-ups/{follow_up.pk}/edit/")
    cora.get_by_label("In one line").fill("Salt runs out early")
    cora.get_by_label("Urgent").check()
    send(cora, "Save")
    ana.get_by_label("In one line").fill("Salt and sand run out")
    ana.get_by_label("What was said").fill("By March, and sand by April.")
    send(ana, "Save")
    complaints.clear()  # the browser notes an answer of 409
    expect(ana.get_by_text(MEANWHILE)).to_be_visible()
    title = ana.get_by_role("group", name="In one line")
    expect(title).to_contain_text("When you started: Salt runs out")
    expect(title).to_contain_text("Theirs: Salt runs out early")
    expect(title).to_contain_text("Yours: Salt and sand run out")
    scan(ana)
    title.get_by_label("Yours: Salt and sand run out").check()
    send(ana, "Save what I chose")
    follow_up.refresh_from_db()
    kept = (follow_up.title, follow_up.said, follow_up.severity)
    assert kept == ("Salt and sand run out", "By March, and sand by April.", "urgent")


def test_what_was_done_is_not_lost_when_somebody_else_was_first(
    cast: Cast, open_page: SignIn, follow_up: FollowUp, complaints: list[str]
) -> None:
    ana, cora = both(open_page, cast, f"/follow-ups/{follow_up.pk}/done/")
    cora.get_by_label("What was done").fill("We bought salt.")
    send(cora, "It is done")
    ana.get_by_label("What was done").fill("The depot at Mill Road has salt.")
    send(ana, "It is done")
    expect(ana.get_by_text(MEANWHILE)).to_be_visible()
    expect(ana.get_by_text("We bought salt.")).to_be_visible()
    expect(ana.get_by_text("The depot at Mill Road has salt.")).to_be_visible()
    send(ana, "Do it anyway")  # with their eyes open; it cannot be done twice
    complaints.clear()
    expect(ana.get_by_text("This is already done.")).to_be_visible()
    expect(ana.get_by_label("What was done")).to_have_value("The depot at Mill Road has salt.")
    follow_up.refresh_from_db()
    assert (follow_up.done_words, follow_up.done_by) == ("We bought salt.", cast.cora)


def test_only_one_of_two_takes_it_on(
    cast: Cast, open_page: SignIn, follow_up: FollowUp, complaints: list[str]
) -> None:
    ana, cora = both(open_page, cast, f"/follow-ups/{follow_up.pk}/own/")
    send(cora, "Take it on")
    send(ana, "Take it on")
    expect(ana.get_by_text(MEANWHILE)).to_be_visible()
    expect(ana.get_by_text("Cora Customer took it on")).to_be_visible()
    send(ana, "Do it anyway")
    complaints.clear()
    expect(ana.get_by_text("Cora Customer already owns this.")).to_be_visible()
    follow_up.refresh_from_db()
    assert follow_up.owner == cast.cora


def test_comments_of_two_stand_beside_each_other_whatever_happened_meanwhile(
    cast: Cast, open_page: SignIn, follow_up: FollowUp
) -> None:
    ana, cora = both(open_page, cast, follow_up.get_absolute_url())
    cora.get_by_label("Your comment").fill("Ask Roads.")
    send(cora, "Comment")
    cora.goto(f"/follow-ups/{follow_up.pk}/done/")
    cora.get_by_label("What was done").fill("We bought salt.")
    send(cora, "It is done")
    ana.get_by_label("Your comment").fill("Roads has none.")
    send(ana, "Comment")
    assert list(Comment.objects.values_list("words", flat=True)) == ["Ask Roads.", "Roads has none."]
    for words in ("Ask Roads.", "Roads has none.", "We bought salt."):
        expect(ana.locator("main").get_by_text(words).first).to_be_visible()
