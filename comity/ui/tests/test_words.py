"""Everything the base pages and components say is there in Spanish too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.test import SimpleTestCase
from django.utils.translation.template import templatize

ROOM = Path(__file__).parents[1]
CALLS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 0, "pgettext": 1, "pgettext_lazy": 1}
# In a template made into code every text is in one of these, in single quotes.
IN_TEMPLATE = re.compile(
    r"\b(_|gettext|ngettext|pgettext)\(u?((?:'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"))"
)


def _texts() -> Iterator[str]:
    for path in ROOM.rglob("*.py"):
        if "tests" in path.parts or path.name == "gallery.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                text = node.args[CALLS[node.func.id]]
                if isinstance(text, ast.Constant):
                    yield str(text.value)
    for path in ROOM.rglob("templates/**/*.html"):
        if "gallery" not in path.parts:
            yield from (
                ast.literal_eval(found[2]) for found in IN_TEMPLATE.finditer(templatize(path.read_text()))
            )


class Spanish(SimpleTestCase):
    catalog = polib.pofile(str(ROOM / "locale" / "es" / "LC_MESSAGES" / "django.po"))

    def test_every_text_is_translated(self) -> None:
        known = {entry.msgid for entry in self.catalog if entry.translated()}
        texts = set(_texts())
        self.assertGreater(len(texts), 100)
        self.assertEqual(sorted(texts - known), [])

    def test_no_translation_is_left_over(self) -> None:
        texts = set(_texts())
        self.assertEqual([entry.msgid for entry in self.catalog if entry.msgid not in texts], [])

    def test_what_is_filled_in_is_the_same_in_both_languages(self) -> None:
        hole = re.compile(r"%\(\w+\)s|#|<[^>]+>")
        for entry in self.catalog:
            said = [(entry.msgid, entry.msgstr)]
            if entry.msgid_plural:
                said = [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
            for text, translated in said:
                with self.subTest(text):
                    self.assertEqual(sorted(hole.findall(text)), sorted(hole.findall(translated)))
