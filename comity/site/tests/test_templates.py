"""What a template names exists: `{% url "..." as x %}` would pass over a wrong name in silence, and a link be none."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import TestCase

from comity.testing.routes import routes

ROOMS = Path(__file__).parents[2]
MOST_LETTERS = 120
LONE_TAG = re.compile(r"\s*\{%(?:(?!%\}).)*%\}")
NAMED = re.compile(r"""\{%-?\s*url\s+["']([^"']+)["']""")


class EveryTemplate(TestCase):
    def test_leads_only_to_addresses_that_exist(self) -> None:
        known = {route.name for route in routes()}
        named = {
            (str(path.relative_to(ROOMS)), name)
            for path in ROOMS.glob("*/templates/**/*.*")
            for name in NAMED.findall(path.read_text())
        }
        self.assertGreater(len(named), 200, "the templates were not found")
        self.assertEqual(sorted(one for one in named if one[1] not in known), [])

    def test_has_lines_that_fit_a_window_but_for_a_tag_that_cannot_be_broken(self) -> None:
        lines = [
            (f"{path.relative_to(ROOMS)}:{number}", line)
            for path in ROOMS.glob("*/templates/**/*.html")
            for number, line in enumerate(path.read_text().splitlines(), 1)
        ]
        self.assertGreater(len(lines), 2_000, "the templates were not found")
        self.assertEqual(
            [at for at, line in lines if len(line) > MOST_LETTERS and not LONE_TAG.fullmatch(line)], []
        )
