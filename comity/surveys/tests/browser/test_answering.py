"""Answering on a phone: in Spanish without scripts, and by keyboard with them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from comity.surveys.models import Held, Mode, Participant, Question, Response
from comity.surveys.services.sealing import opened
from comity.surveys.tests import world
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast

pytestmark = pytest.mark.browser
PHONE = 390


def asked(cast: Cast, mode: str, language: str = "en") -> str:
    """Ben's link to a survey in which one question waits for a low rating."""
    wave = world.wave(mode)
    version, kind = wave.version, Question.Kind
    version.intro_en, version.intro_es = "Tell us how it went.", "Cuéntenos cómo le fue."
    version.save()
    more: list[dict[str, Any]] = [
        {
            "key": "why",
            "kind": kind.MANY,
            "ask_en": "What did not go well?",
            "ask_es": "¿Qué no salió bien?",
            "choices": [
                {"key": "slow", "en": "It took long", "es": "Tardó mucho"},
                {"key": "dear", "en": "It cost too much for what it was", "es": "Costó demasiado"},
            ],
            "show_if_question": "overall",
            "show_if_values": [1, 2, 3],
        },
        {"key": "solved", "kind": kind.YES_NO, "ask_en": "Is it solved?", "ask_es": "¿Está resuelto?"},
        {
            "key": "effort",
            "kind": kind.EFFORT,
            "ask_en": "How easy did we make it?",
            "ask_es": "¿Qué tan fácil?",
        },
    ]
    for order, fact in enumerate(more, 10):
        Question.objects.create(version=version, order=order, **fact)
    participant, raw = world.invited(wave, cast.ben_person, cast.parks)
    Participant.objects.filter(pk=participant.pk).update(language=language)
    return f"/answer/{raw}/"


def test_on_a_phone_in_spanish_without_scripts(cast: Cast, open_page: SignIn) -> None:
    url = asked(cast, Mode.ANONYMOUS, "es")
    page = open_page(width=PHONE, scripts=False, language="es-MX")
    page.goto(url + "?overall=2")
    expect(page.get_by_role("heading", name="¿Cómo lo hicimos?")).to_be_visible()
    expect(page.get_by_label("2", exact=True).first).to_be_checked()
    page.goto(url)
    page.locator("#id_q-overall_0").check()
    page.locator("#id_q-recommend_10").check()
    page.get_by_label("No", exact=True).check()
    page.locator("#id_q-change").fill("Más senderos.")
    page.get_by_role("button", name="Enviar mis respuestas").last.click()
    expect(page.locator("main")).to_contain_text("hay una pregunta más")
    page.get_by_label("Tardó mucho").check()
    page.get_by_role("button", name="Enviar mis cambios").click()
    expect(page.get_by_role("heading", name="Gracias. Recibimos sus respuestas.")).to_be_visible()
    held = Held.objects.get()
    assert opened(held.answers, held.key) == {
        "overall": 1,
        "why": ["slow"],
        "recommend": 10,
        "solved": False,
        "change": "Más senderos.",
    }


def test_by_keyboard_with_scripts(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    url = asked(cast, Mode.CONFIDENTIAL)
    page = open_page(width=PHONE)
    page.goto(url)
    scan(page)
    why = page.locator("#ask-why")
    expect(why).to_be_hidden()
    page.locator("#id_q-overall_0").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#id_q-overall_1")).to_be_checked()
    expect(why).to_be_visible()
    expect(page.locator(".answer-progress")).to_contain_text("1 of 6 answered")
    page.locator("#id_q-why_0").focus()
    page.keyboard.press("Space")
    page.locator("#id_q-change").press_sequentially("More trails.")
    page.get_by_label("You may contact me about this").focus()
    page.keyboard.press("Space")
    scan(page)
    page.locator("#id_q-ease_4").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # sends, and does not switch the language
    expect(page.get_by_role("heading", name="Thank you. Your answers are in.")).to_be_visible()
    scan(page)
    response = Response.objects.get()
    assert response.answers == {"overall": 2, "why": ["slow"], "ease": 5, "change": "More trails."}
    assert response.may_contact
    page.get_by_role("link", name="Change my answers").click()
    page.locator("#id_q-overall_3").focus()
    page.keyboard.press("Space")
    expect(why).to_be_hidden()
    page.get_by_role("button", name="Send my changes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you. Your answers are in.")).to_be_visible()
    assert Response.objects.get().answers == {"overall": 4, "ease": 5, "change": "More trails."}


def test_the_language_is_switched_and_nothing_typed_is_lost(cast: Cast, open_page: SignIn) -> None:
    page = open_page(width=PHONE)
    page.goto(asked(cast, Mode.NAMED))
    page.locator("#id_q-change").fill("Typed")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#id_q-change")).to_have_value("Typed")
    assert not Response.objects.exists()


def test_two_windows_and_a_mistake_are_accessible(
    cast: Cast, open_page: SignIn, scan: Scan, complaints: list[str]
) -> None:
    url = asked(cast, Mode.NAMED)
    first, second = open_page(width=PHONE), open_page()
    first.goto(url)
    second.goto(url)
    for page, rating in ((first, 1), (second, 4)):
        page.locator(f"#id_q-overall_{rating}").focus()
        page.keyboard.press("Space")
    first.get_by_role("button", name="Send my answers").last.click()
    expect(first.get_by_role("heading", name="Thank you. Your answers are in.")).to_be_visible()
    second.get_by_role("button", name="Send my answers").last.click()
    expect(second.locator("main")).to_contain_text("Saved in another window")
    complaints.clear()  # the browser remarks on the 409
    expect(second.locator("#ask-overall")).to_contain_text("Already saved: 2 of 5")
    expect(second.locator("#id_q-overall_4")).to_be_checked()
    scan(second)
    second.locator("#id_q-change").fill("a" * 5_001)
    second.get_by_role("button", name="Send my changes").click()
    expect(second.locator("main")).to_contain_text("It is 1 character too long.")
    assert all("422" in said for said in complaints)  # so does it on what is refused
    complaints.clear()
    scan(second)


def test_the_office_reads_an_answer_with_what_comes_of_it(cast: Cast, open_page: SignIn, scan: Scan) -> None:
    url = asked(cast, Mode.NAMED)
    page = open_page(width=PHONE)
    page.goto(url + "?overall=2")
    page.locator("#id_q-change").fill("Nobody calls back.\nAnd the form is long.")
    page.get_by_role("button", name="Send my answers").last.click()
    response = Response.objects.get()
    office = open_page(cast.ana)
    office.goto(f"/responses/{response.pk}/")
    expect(office.locator("main")).to_contain_text("2 of 5")
    scan(office)
    office.get_by_role("link", name="Ben Okafor: “Nobody calls back. And the form is long.”").click()
    expect(office.locator("main")).to_contain_text("Nobody calls back.")
    office.goto(f"/waves/{response.wave_id}/responses/")
    scan(office)


@pytest.mark.parametrize("width", [320, 195])
def test_eleven_targets_can_be_hit_on_the_narrowest_phone_and_magnified_twice(
    cast: Cast, open_page: SignIn, width: int
) -> None:
    page = open_page(width=width, scripts=False)
    url = asked(cast, Mode.NAMED)
    long = "Electroencefalografistas" * 8
    Question.objects.filter(key="effort").update(
        kind="one",
        ask_en=long,
        choices=[{"key": "a", "en": long, "es": ""}, {"key": "b", "en": "b", "es": ""}],
    )
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    boxes = [
        page.locator(f"#id_q-recommend_{place} + label").bounding_box() or {"x": 0, "y": 0, "width": 0}
        for place in range(11)
    ]
    for box, following in pairwise(boxes):
        apart = following["x"] - box["x"] + (following["width"] - box["width"]) / 2
        assert apart >= 24 or following["y"] > box["y"]
    fits = "every => every.every(label => label.scrollWidth <= label.clientWidth)"
    assert page.locator("#ask-recommend .ask-scale label").evaluate_all(fits)
