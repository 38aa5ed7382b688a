"""The page check finds each fault it is there for, and leaves a sound page alone."""

from __future__ import annotations

from unittest import TestCase

from comity.testing.html import problems_of_fragment, problems_of_page, text_of

SOUND = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Roads - Office</title>
<script src="/static/a.js" defer></script></head>
<body><header><a href="/"><svg role="img" aria-label="Home"></svg></a></header>
<main><h1>Roads waits</h1><h2>What to do</h2>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<label for="q">Find</label><input id="q" name="q"><button>Send</button></form>
<script type="application/json" id="data">{"a": "<b>"}</script></main></body></html>"""


class APage(TestCase):
    def broken(self, old: str, new: str) -> str:
        self.assertIn(old, SOUND)
        return "\n".join(problems_of_page(SOUND.replace(old, new)))

    def test_a_sound_page_has_no_problems(self) -> None:
        self.assertEqual(problems_of_page(SOUND), [])

    def test_language_title_and_heading_are_asked_for(self) -> None:
        self.assertIn("language", self.broken(' lang="en"', ""))
        self.assertIn("one title", self.broken("<title>Roads - Office</title>", "<title> </title>"))
        self.assertIn("one h1", self.broken("<h1>Roads waits</h1>", ""))
        self.assertIn("one h1", self.broken("<h2>What to do</h2>", "<h1>Again</h1>"))
        self.assertIn("one <main>", self.broken("<main>", "<main></main><main>"))

    def test_a_heading_level_left_out_is_found(self) -> None:
        self.assertIn("a level is left out", self.broken("<h2>What to do</h2>", "<h3>What to do</h3>"))

    def test_ids_are_unique_and_references_meet_them(self) -> None:
        self.assertIn("given 2 times", self.broken("<button>", '<button id="q">'))
        self.assertIn(
            "#hint, which is not there", self.broken('name="q"', 'name="q" aria-describedby="hint"')
        )

    def test_fields_buttons_links_and_pictures_are_named(self) -> None:
        self.assertIn("has no label", self.broken('<label for="q">Find</label>', ""))
        self.assertIn("has no label", self.broken(">Find<", "> <"))
        self.assertIn("has no name", self.broken(">Send<", "><"))
        self.assertIn("has no name", self.broken(' aria-label="Home"', ""))
        self.assertIn("has no alt", self.broken("<h2>", '<img src="/a.png"><h2>'))

    def test_a_label_around_a_field_names_it(self) -> None:
        wrapped = SOUND.replace(
            '<label for="q">Find</label><input id="q" name="q">', "<label>Find <input></label>"
        )
        self.assertEqual(problems_of_page(wrapped), [])

    def test_what_is_hidden_from_everybody_needs_no_name(self) -> None:
        hidden = SOUND.replace("<h2>", '<span aria-hidden="true"><button></button></span><h2>')
        self.assertEqual(problems_of_page(hidden), [])

    def test_what_the_policy_refuses_is_found(self) -> None:
        self.assertIn("inline style", self.broken("<h2>", '<h2 style="color: red">'))
        self.assertIn("inline onclick", self.broken("<button>", '<button onclick="go()">'))
        self.assertIn("inline <style>", self.broken("<h2>", "<style>h2 {}</style><h2>"))
        self.assertIn("inline <script>", self.broken("<h2>", "<script>go()</script><h2>"))
        self.assertIn("script in its href", self.broken('href="/"', 'href="javascript:go()"'))
        self.assertIn("hx-on", self.broken("<button>", '<button hx-on:click="go()">'))

    def test_a_form_that_posts_carries_its_token(self) -> None:
        self.assertIn("posts without its token", self.broken("csrfmiddlewaretoken", "other"))

    def test_markup_a_parser_stumbles_over_is_found(self) -> None:
        self.assertIn("not valid HTML", self.broken("<h2>What to do</h2>", "<h2>What to do</h3>"))
        self.assertIn("not valid HTML", self.broken("<h1>Roads waits</h1>", "<p><h1>Roads waits</h1></p>"))


class AFragment(TestCase):
    def test_it_needs_no_title_but_is_looked_over(self) -> None:
        self.assertEqual(
            problems_of_fragment('<p id="a">Fine, <a href="/" aria-describedby="b">x</a></p>'), []
        )
        self.assertTrue(problems_of_fragment('<p style="color: red">x</p>'))
        self.assertTrue(problems_of_fragment("<input name=q>"))


class ReadingAPage(TestCase):
    def test_words_come_as_one_line_without_scripts(self) -> None:
        self.assertEqual(text_of(SOUND), "Roads waits What to do Find Send")
