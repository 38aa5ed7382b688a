"""The pieces pages are made of: what they refuse, and that no text of theirs becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory, SimpleTestCase
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from comity.core.ring import Ring
from comity.testing import html
from comity.ui.charts import Chart, Plot, Series
from comity.ui.components import acts, boxes, charts, page, signs, timeline
from comity.ui.tests.hostile import HOSTILE

CONTENT = mark_safe("<p>content</p>")
RING = Ring("on", "on", "bad", "off", "Owned by Ana Ruiz, 9 days late")


def context(path: str = "/here/") -> Context:
    return Context({"request": RequestFactory().get(path)})


# Every text argument of every component, given one string.
TEXTS: dict[str, Callable[[str], SafeString]] = {
    "ring": lambda said: signs.ring(Ring("on", "now", "off", "off", said)),
    "tag": lambda said: signs.tag(said, kind="bad"),
    "bar": lambda said: signs.bar(1, label=said, title=said, url=said),
    "card": lambda said: boxes.card(CONTENT, said, id="a", more=said, more_url=said),
    "alert": lambda said: boxes.alert(CONTENT, "warning", said),
    "empty": lambda said: boxes.empty(said, url=said, action=said),
    "stat": lambda said: boxes.stats(boxes.stat(said, said, url=said)),
    "row": lambda said: boxes.row(
        CONTENT, title=said, url=said, when=said, due=said, due_note=said, tag=said, tag_kind="bad"
    ),
    "row with an act": lambda said: boxes.row(CONTENT, title=said, ring=RING, action=said, action_url=said),
    "fact": lambda said: boxes.facts(boxes.fact(CONTENT, said)),
    "wrap": lambda said: boxes.wrap(CONTENT, "nav", "a", label=said),
    "button": lambda said: acts.button(said, name="act", value=said, formaction=said),
    "button_link": lambda said: acts.button_link(said, said),
    "phone": lambda said: acts.phone(f"555 {said}"),
    "chips": lambda said: acts.chips([(said, said, True)], label=said),
    "crumb": lambda said: acts.crumb(Context(), said, said),
    "post": lambda said: acts.post(context(), said, said, confirm=said, name="a", value=said),
    "timeline": lambda said: timeline.timeline(
        [timeline.Item(timezone.now(), said, said, said, RING, said, said)]
    ),
    "chart": lambda said: charts.chart(
        Chart(said, Plot("bar", [said], [Series(said, [1], urls=[said])], [said], said, said), note=said)
    ),
    "progress": lambda said: page.progress(context(), job(label=said, message=said)),
    "progress, ended": lambda said: page.progress(
        context(), job(label=said, message=said, url=said, state="done")
    ),
}


def job(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "pk": 3,
            "label": "Import",
            "done": 1,
            "total": 2,
            "state": "running",
            "message": "",
            "url": "",
            **given,
        }
    )


class TextsOfComponents(SimpleTestCase):
    def test_no_text_of_any_component_becomes_markup(self) -> None:
        for name, make in TEXTS.items():
            for said in HOSTILE:
                with self.subTest(component=name, said=said):
                    made = make(said)
                    self.assertIsInstance(made, SafeString)
                    self.assertNotIn("<script>alert", made)
                    self.assertNotIn("<img", made)
                    self.assertNotIn(" onerror=alert(1)>", made.replace("&gt;", "&gt"))

    def test_every_component_is_sound_markup_without_inline_style_or_script(self) -> None:
        for name, make in TEXTS.items():
            if name == "crumb":
                continue  # an <li> for a list that the page has
            with self.subTest(component=name):
                problems = html.problems_of_fragment(f"<h2>Above</h2>{make('Some words')}")
                self.assertEqual(problems, [])

    def test_lazy_and_number_arguments_are_words_too(self) -> None:
        from django.utils.translation import gettext_lazy

        self.assertIn("Sign out", acts.button(gettext_lazy("Sign out")))
        self.assertIn("<b>31</b>", boxes.stat(31, "heard", url="/heard/"))


class ArgumentsOfComponents(SimpleTestCase):
    def test_wrong_arguments_fail_while_the_page_is_written(self) -> None:
        no_ring: Any = "on"
        wrong: dict[str, tuple[Callable[[], object], str]] = {
            "a ring of something else": (lambda: signs.ring("late"), "state is a str"),
            "an unknown tag": (lambda: signs.tag("late", kind="red"), "kind is 'red'"),
            "a bar without words": (lambda: signs.bar(3), "needs a label"),
            "a bar of nothing": (lambda: signs.bar(3, max=0, label="3"), "max must be above 0"),
            "a link on a bar without a title": (lambda: signs.bar(3, label="3", url="/"), "go together"),
            "an unknown alert": (lambda: boxes.alert(CONTENT, "danger"), "kind is 'danger'"),
            "half an empty state": (lambda: boxes.empty("Nothing", action="Do"), "go together"),
            "a card's link without a heading": (
                lambda: boxes.card(CONTENT, more="All", more_url="/"),
                "heading",
            ),
            "a row of level 1": (lambda: boxes.row(CONTENT, title="A", level=1), "level is 1"),
            "a row's unknown due": (lambda: boxes.row(CONTENT, due="x", due_kind="bad"), "due_kind is 'bad'"),
            "a row's ring of words": (lambda: boxes.row(CONTENT, ring=no_ring), "ring is a str"),
            "a button link to nowhere": (lambda: acts.button_link("Go", ""), "leads nowhere"),
            "a post to nowhere": (lambda: acts.post(context(), "", "Go"), "leads nowhere"),
            "an unknown icon": (lambda: signs.icon("cat"), "no icon 'cat'"),
            "an unknown element": (lambda: boxes.wrap(CONTENT, "script"), "element is 'script'"),
            "work in no known state": (
                lambda: page.progress(context(), job(state="lost")),
                "work.state is 'lost'",
            ),
        }
        for name, (act, words) in wrong.items():
            with self.subTest(name), self.assertRaisesRegex((ValueError, TypeError), words):
                act()

    def test_a_misspelt_argument_fails_in_the_template(self) -> None:
        with self.assertRaisesRegex(Exception, "kin"):
            Template('{% load ui %}{% tag "late" kin="bad" %}')


class RingGlyph(SimpleTestCase):
    def test_its_four_quarters_stand_in_order_and_its_title_says_it_in_words(self) -> None:
        drawn = signs.ring(RING, size=22)
        paths = re.findall(r'<path class="(\w+)" d="([^"]+)"/>', drawn)
        quarters = [(part, begin) for part, line in paths for begin in re.findall(r"M(\S+)", line)]
        self.assertEqual(quarters, [("on", "17.46"), ("on", "27.91"), ("bad", "14.54"), ("off", "4.09")])
        self.assertIn("<title>Owned by Ana Ruiz, 9 days late</title>", drawn)
        self.assertIn('width="22" height="22"', drawn)

    def test_the_product_s_own_sign_says_nothing_beside_its_name(self) -> None:
        self.assertIn('aria-hidden="true"', signs.mark())


class Bars(SimpleTestCase):
    def test_its_length_is_its_share_and_never_beyond_its_end(self) -> None:
        self.assertIn('width="50.00%"', signs.bar(45, max=90, label="45 of 90"))
        self.assertIn('width="100.00%"', signs.bar(142, max=90, label="142 of 90"))

    def test_nothing_is_drawn_for_zero_and_a_stub_where_there_is_no_figure(self) -> None:
        self.assertNotIn('class="fill"', signs.bar(0, label="none yet"))
        self.assertIn('<div class="bar none">', signs.bar(None, kind="good", label="no data"))


class BlocksInTemplates(SimpleTestCase):
    def test_content_between_tags_is_markup_and_its_variables_are_escaped(self) -> None:
        drawn = Template('{% load ui %}{% card "A" %}<p>{{ said }}</p>{% endcard %}').render(
            Context({"said": "<b>bold</b>"})
        )
        self.assertIn("<p>&lt;b&gt;bold&lt;/b&gt;</p>", drawn)

    def test_a_wrap_around_nothing_is_nothing(self) -> None:
        self.assertEqual(Template('{% load ui %}{% wrap "aside" %} \n {% endwrap %}').render(Context()), "")

    def test_an_empty_state_can_stand_in_the_empty_part_of_a_loop(self) -> None:
        template = Template(
            '{% load ui %}{% for a in b %}{{ a }}{% empty %}{% empty "Nothing waits." %}{% endfor %}'
        )
        self.assertIn("Nothing waits.", template.render(Context({"b": []})))

    def test_one_button_posts_carry_their_token_and_their_question(self) -> None:
        drawn = acts.post(context(), "/withdraw/", "Withdraw", confirm="Withdraw this?")
        self.assertIn('name="csrfmiddlewaretoken"', drawn)
        self.assertIn('data-confirm="Withdraw this?"', drawn)


class Messages(SimpleTestCase):
    def test_what_was_done_can_be_taken_back_by_a_post(self) -> None:
        held = context()
        held["messages"] = [Message(25, "Assigned.", extra_tags="undo:/undo/7/")]
        drawn = page.messages(held)
        self.assertIn('<form class="post" method="post" action="/undo/7/">', drawn)
        self.assertIn("usa-alert--success", drawn)

    def test_a_number_is_dialed_without_its_ornaments_and_its_extension_after_a_pause(self) -> None:
        for number, dialed in [
            ("(555) 010-0112", "5550100112"),
            ("+1 555.010.0112", "+15550100112"),
            ("555-0112 ext. 7", "5550112,7"),
            ("555-0112 x7", "5550112,7"),
            ("555-0112x7", "5550112,7"),
        ]:
            with self.subTest(number):
                self.assertIn(f'href="tel:{dialed}">{number}</a>', acts.phone(number))
        self.assertEqual(acts.phone("by radio"), "by radio")

    def test_a_message_is_escaped_and_without_undo_has_no_button(self) -> None:
        held = context()
        held["messages"] = [Message(40, "<script>alert(1)</script>")]
        drawn = page.messages(held)
        self.assertIn("usa-alert--error", drawn)
        self.assertNotIn("<script>", drawn)
        self.assertNotIn("<button", drawn)


class Progress(SimpleTestCase):
    def test_unfinished_work_asks_for_itself_each_second(self) -> None:
        drawn = page.progress(context("/imports/3/"), job(done=12_400, total=100_000))
        self.assertIn('hx-get="/imports/3/" hx-trigger="load delay:1s" hx-select="#work-3"', drawn)
        self.assertIn("12,400 of 100,000", drawn)
        self.assertIn('<progress value="12400" max="100000"', drawn)

    def test_ended_work_asks_no_more_and_leads_to_its_result(self) -> None:
        for state, kind in (("done", "success"), ("failed", "error")):
            with self.subTest(state):
                drawn = page.progress(context(), job(state=state, message="98 new.", url="/imports/3/"))
                self.assertNotIn("hx-get", drawn)
                self.assertIn(f"usa-alert--{kind}", drawn)
                self.assertIn('data-ended="/imports/3/"', drawn)

    def test_work_of_unknown_size_has_a_bar_without_an_end(self) -> None:
        self.assertNotIn("value=", page.progress(context(), job(total=0, state="waiting")))
