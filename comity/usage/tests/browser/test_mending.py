"""Usage in a browser: a file is read, shown and loaded, and an account that nobody knows is told by typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comity import jobs
from comity.services.models import Offering, Service
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast
from comity.usage.models import Batch, Source

TEXT = b"Account,Meter,Day,Quantity\nPARKS,VOICE,2026-07-01,2\n402-555-0100,VOICE,2026-07-01,3\nROADS,VOICE,2026-07-02,x\n"


@pytest.mark.browser
def test_a_file_is_loaded_and_an_account_is_told_by_typing(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    service = Service.objects.create(name="Telephones", promise="You can call.", owner=cast.sol)
    Offering.objects.create(service=service, name="Line", code="VOICE", unit="device-month")
    Source.objects.create(name="telco", label="Telephone company")
    page = open_page(cast.finn)
    page.goto("/usage/")
    page.get_by_role("link", name="Load a file").click()
    page.get_by_label("Where it comes from").select_option("Telephone company")
    page.get_by_label("File").set_input_files({"name": "july.csv", "mimeType": "text/csv", "buffer": TEXT})
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("h1")).to_have_text("july.csv")
    jobs.run_waiting()
    expect(page.get_by_text("rows in")).to_be_visible()
    scan(page)
    page.get_by_role("button", name="Load it").click()
    jobs.run_waiting()
    page.get_by_role("link", name="Mend").click()
    page.get_by_label("Account “402-555-0100”").fill("Roads")
    page.get_by_role("option", name="Department of Roads").click()
    scan(page)
    page.get_by_role("button", name="Save and try again").click()
    jobs.run_waiting()
    expect(page.get_by_text("1 row is set aside.")).to_be_visible()
    scan(page)
    assert (Batch.objects.get().added, Batch.objects.get().set_aside) == (2, 1)
