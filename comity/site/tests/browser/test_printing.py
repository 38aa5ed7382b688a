"""What comes out of the printer: whose sheet it is, and nothing that only a screen can use."""

from __future__ import annotations

import pytest

from comity.office.models import Office
from comity.testing.browser import SignIn
from comity.testing.cast import Cast
from comity.testing.pdf import ReadPdf

pytestmark = pytest.mark.browser

LETTER = [0, 0, 612, 792]
INK = "() => [getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).backgroundColor]"


@pytest.mark.parametrize("dark", [False, True])
def test_the_overview_is_one_letter_sheet_that_names_office_and_state(
    cast: Cast, open_page: SignIn, dark: bool
) -> None:
    Office.objects.update(state_name="State of Franklin")
    page = open_page(cast.cora, dark=dark)
    page.goto("/cio/")
    made = page.pdf(prefer_css_page_size=True, tagged=True)
    pdf = ReadPdf(made)
    assert (pdf.pages, pdf.sheet) == (1, LETTER)
    for said in ("State of Franklin · Office of IT", "Printed on"):
        assert said in pdf.on_paper
    for only_on_screen in ("http", "Partners Follow-ups", "Skip to main content", "Sign out"):
        assert only_on_screen not in pdf.on_paper
    page.emulate_media(media="print")
    assert page.evaluate(INK) == ["rgb(23, 38, 43)", "rgba(0, 0, 0, 0)"]
