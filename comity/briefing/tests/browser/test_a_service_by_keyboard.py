"""A service by keyboard alone on a screen as wide as a phone: found by an everyday word, asked for, approved, seen come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comity.core.billing.plans import Plan, plain
from comity.rates.models import RateVersion
from comity.requests import services as requests
from comity.requests.fields import Field
from comity.requests.models import ServiceRequest, Threshold
from comity.services import services
from comity.services.models import Offering, Service
from comity.testing.browser import SignIn
from comity.testing.cast import Cast
from comity.testing.keyboard import press, tab_to, write

pytestmark = pytest.mark.browser


def offered(cast: Cast) -> None:
    """Accounts at 12 dollars, found as `correo`; Parks approves what is above 100 a month."""
    mail = Service.objects.create(name="Mailboxes", promise="It is read.", owner=cast.sol, status="offered")
    box = Offering.objects.create(service=mail, name="Box", code="box", unit="account")
    RateVersion.objects.create(
        offering=box,
        plan=plain(Plan.flat("12")),
        starts_on=cast.today - timedelta(days=30),
        why="It is new.",
        proposed_by=cast.finn,
        approved_by=cast.ira,
        approved_at=timezone.now(),
    )
    mail = services.change_service(mail.pk, {"synonyms": "correo, inbox"}, by=cast.sol)
    services.publish(mail.pk, version=mail.version, review_on=cast.today + timedelta(days=90), by=cast.sol)
    requests.put(box, Field("", "number", "How many?", required=True), by=cast.sol)
    requests.write(box, {"quantity": "f1", "steps": [["2", "Set it up", ""]]}, by=cast.sol)
    requests.publish(box, by=cast.sol)
    Threshold.objects.create(partner=cast.parks, above_cents=100_00)


def test_a_service_from_an_everyday_word_to_its_coming(cast: Cast, open_page: SignIn) -> None:
    offered(cast)
    page = open_page(cast.ben, width=390)
    page.goto(reverse("portal_catalog"))
    tab_to(page, "Find or do anything")  # that of the whole site comes first
    write(page, "Find", "inbox")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=inbox*")
    press(page, "Mailboxes")
    assert "It is read." in page.locator("main").inner_text()
    press(page, "Box")
    write(page, "How many?", "10")
    page.get_by_text("About $120.00 a month").wait_for()  # it follows what is typed
    press(page, "Ask for it")
    asked = ServiceRequest.objects.get()
    assert (asked.cents, asked.ticket) == (120_00, None)

    for who, does in ((cast.eve, ["Approve"]), (cast.sol, ["Begin the next step", "It is done"])):
        page = open_page(who, width=390)
        page.goto(reverse("requests:request", args=[asked.pk]))
        for each in does:
            press(page, each)
    page = open_page(cast.ben, width=390)
    page.goto(reverse("requests:request", args=[asked.pk]))
    tab_to(page, "Yes, it did")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asked.refresh_from_db()
    assert asked.came
    assert asked.ticket.state == "resolved"
    assert asked.decided_by == cast.eve
