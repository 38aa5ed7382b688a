"""One visit by keyboard alone on a screen as wide as a phone: planned, briefed, logged, and its promise told."""

from __future__ import annotations

import pytest

from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings.models import Meeting, PlannedVisit
from comity.outbox.models import Message
from comity.testing.browser import SignIn
from comity.testing.cast import Cast
from comity.testing.keyboard import do_and_tell, press, tab_to, write

pytestmark = pytest.mark.browser


def test_a_visit_from_planning_it_to_telling_what_was_promised(cast: Cast, open_page: SignIn) -> None:
    raise_follow_up(
        kind="concern", partner=cast.parks, title="The map is late", by=cast.ana, raised_by=cast.ben_person
    )
    page = open_page(cast.ana, width=390)
    page.goto("/")
    press(page, "The map is late")
    press(page, "Plan a visit")
    tab_to(page, "When")
    page.keyboard.type(f"{cast.today:%m%d%Y}")
    write(page, "What we want to say or ask", "Hear what the late map costs them.")
    press(page, "Plan it")
    plan = PlannedVisit.objects.get()
    assert (plan.planned_on, [*plan.partners.all()]) == (cast.today, [cast.parks])

    press(page, "Brief: Department of Parks")
    assert "Hear what the late map costs them." in page.locator("main").inner_text()
    page.go_back()
    press(page, "Write down what was said")
    tab_to(page, "Ben Okafor")
    if not page.evaluate("() => document.activeElement.checked"):
        page.keyboard.press("Space")
    write(page, "What was said", "Two rangers drove to the wrong lake.")
    write(page, "The promise", "A map by Friday")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # in a line it saves, and asks for no further promise
    meeting = Meeting.objects.get()
    assert meeting.said == "Two rangers drove to the wrong lake."

    promise = FollowUp.objects.get(kind="promise")
    press(page, "A map by Friday")
    do_and_tell(page, "It is printed.", "Your map is in the mail.")
    promise.refresh_from_db()
    assert (promise.state, promise.told_how) == ("told", "mail")
    assert "Your map is in the mail." in Message.objects.get(kind="followups.told").text
