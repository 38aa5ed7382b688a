"""What a template names exists: `{% url "..." as x %}` would pass over a wrong name in silence, and a link be none."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import TestCase

from comity.testing.routes import routes

ROOMS = Path(__file__).parents[2]
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
