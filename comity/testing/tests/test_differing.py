"""What can differ between databases has to be reached by a test that PostgreSQL is asked."""

from __future__ import annotations

from pathlib import Path
from unittest import TestCase

from comity.testing.differing import LIST, lacking

BY = {
    "comity/a/tests/test_a.py::Locking": {"a/services.py: lock", "a/services.py: write"},
    "comity/a/tests/test_a.py::Reading": {"a/services.py: write"},
    "comity/b/tests/test_b.py": {"b/models.py: Own.as_sql"},
}


class WhatIsLacking(TestCase):
    def test_is_what_no_listed_class_reaches_and_who_would(self) -> None:
        found = lacking(BY, ["comity/a/tests/test_a.py::Reading", "comity/b"])
        self.assertEqual(found, {"a/services.py: lock": ["comity/a/tests/test_a.py::Locking"]})

    def test_is_nothing_where_the_list_has_the_folder_the_module_or_the_class(self) -> None:
        listed = ["comity/a/tests/test_a.py::Locking", "comity/b/tests/test_b.py"]
        self.assertEqual(lacking(BY, listed), {})

    def test_a_name_is_not_taken_for_another_that_begins_alike(self) -> None:
        self.assertIn("b/models.py: Own.as_sql", lacking(BY, ["comity/a", "comity/b/tests/test_b"]))

    def test_where_nothing_was_noted_something_is_wrong(self) -> None:
        self.assertTrue(lacking({}, ["comity"]))


class TheList(TestCase):
    def test_names_what_there_is_in_order(self) -> None:
        listed = LIST.read_text().split()
        self.assertEqual(listed, sorted(set(listed)))
        for name in listed:
            with self.subTest(name):
                path, _, case = name.partition("::")
                file = Path(__file__).parents[3] / path
                self.assertTrue(file.exists())
                if case:
                    self.assertIn(f"class {case}(", file.read_text())
