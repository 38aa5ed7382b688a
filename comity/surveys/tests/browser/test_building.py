"""A survey of three questions built by keyboard alone, and every page of building looked over by axe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comity.surveys.models import Question, Survey
from comity.surveys.services import building
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast
from comity.testing.keyboard import press, tab_to, write

if TYPE_CHECKING:
    from playwright.sync_api import Page


def add(page: Page, kind: str, english: str, spanish: str) -> None:
    """From the page of a draft to a question's form, and to its words."""
    press(page, "Add a question")
    press(page, kind)
    write(page, "Question", english)
    write(page, "Question in Spanish", spanish)


@pytest.mark.browser
def test_a_survey_of_three_questions_by_keyboard_alone(cast: Cast, open_page: SignIn) -> None:
    page = open_page(cast.cora)
    page.goto("/surveys/")
    press(page, "Build a survey")
    press(page, "Start with an empty survey")
    write(page, "Name", "How the move went")
    press(page, "Create the draft")
    draft = Survey.objects.get().versions.get()

    add(page, "Rating, 1 to 5", "How easy was the move?", "¿Qué tan fácil fue la mudanza?")
    tab_to(page, "The overall rating, which the others explain")
    page.keyboard.press("Space")
    press(page, "Save")
    add(page, "One of several", "Who helped you?", "¿Quién le ayudó?")
    write(page, "Choice", "Our desk")
    write(page, "In Spanish", "Nuestra mesa")
    write(page, "Choice", "A colleague")
    press(page, "Save")
    add(page, "In their own words", "Why was it hard?", "¿Por qué fue difícil?")
    press(page, "Save")

    press(page, "Ask only if: Why was it hard?")
    press(page, "How easy was the move?")
    for answer in ("1", "2"):
        tab_to(page, answer)
        page.keyboard.press("Space")
    press(page, "Save")
    press(page, "Up: Why was it hard?")
    # After a move one goes on from the question that was moved.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('li')?.id") == "q-why-was-it-hard"

    easy, why, who = draft.questions.all()
    assert (easy.outcome, why.show_if_values, who.choices[0]["es"]) == (True, [1, 2], "Nuestra mesa")

    press(page, "Remove: Who helped you?")
    press(page, "Undo")
    assert draft.questions.count() == 3
    building.freeze(draft, by=cast.cora)


@pytest.mark.browser
def test_every_page_of_building_is_accessible(
    cast: Cast, open_page: SignIn, scan: Scan, complaints: list[str]
) -> None:
    survey = building.create_survey(template="pulse", by=cast.cora)
    sent = building.freeze(survey.versions.get(), by=cast.cora)
    draft = building.begin_draft(survey.pk, by=cast.cora)
    question = building.add_question(
        draft.pk, ask_en="How long did it take, from when you first asked?", by=cast.cora
    )
    well = Question.objects.get(version=draft, key="well")
    page = open_page(cast.cora)
    for url in (
        "/surveys/",
        "/surveys/new/",
        "/surveys/new/?from=annual",
        f"/surveys/{survey.pk}/",
        f"/surveys/{survey.pk}/edit/",
        f"/surveys/versions/{draft.pk}/",
        f"/surveys/versions/{sent.pk}/",
        f"/surveys/versions/{sent.pk}/words/",
        f"/surveys/versions/{draft.pk}/words/",
        f"/surveys/versions/{draft.pk}/preview/",
        f"/surveys/versions/{draft.pk}/phone/?language=es",
        f"/surveys/versions/{draft.pk}/questions/new/",
        f"/surveys/versions/{draft.pk}/questions/new/?kind=rating",
        f"/surveys/questions/{well.pk}/edit/",
        f"/surveys/questions/{question.pk}/only-if/",
        f"/surveys/questions/{question.pk}/only-if/?on=experience",
    ):
        page.goto(url)
        scan(page)
    assert all("409" in said for said in complaints)  # what was sent never changes
    complaints.clear()


@pytest.mark.browser
def test_the_preview_shows_questions_as_they_hang_on_answers(cast: Cast, open_page: SignIn) -> None:
    draft = building.create_survey(template="pulse", by=cast.cora).versions.get()
    page = open_page(cast.cora)
    page.goto(f"/surveys/versions/{draft.pk}/preview/")
    spanish = page.frame_locator("iframe").nth(1)
    assert not spanish.get_by_text("¿Qué no salió bien?").is_visible()
    spanish.get_by_role("radio", name="2", exact=True).check()
    assert spanish.get_by_text("¿Qué no salió bien?").is_visible()
    assert not spanish.get_by_text("¿Qué salió bien?", exact=True).is_visible()


@pytest.mark.browser
def test_a_question_half_written_survives_the_end_of_the_session(cast: Cast, open_page: SignIn) -> None:
    draft = building.create_survey(template="pulse", by=cast.cora).versions.get()
    page = open_page(cast.cora)
    url = f"/surveys/versions/{draft.pk}/questions/new/?kind=text"
    page.goto(url)
    page.get_by_label("Question", exact=True).fill("What did we never ask you?")
    kept: Any = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/sign-in/**")
    page.context.add_cookies(kept)
    page.goto(url)
    page.get_by_role("button", name="Restore it").click()
    assert page.get_by_label("Question", exact=True).input_value() == "What did we never ask you?"
    page.get_by_role("button", name="Save", exact=True).click()
    assert Question.objects.filter(ask_en="What did we never ask you?").exists()
