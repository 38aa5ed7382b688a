"""Who needs no figures does not wait for the libraries that make them."""

from __future__ import annotations

import subprocess
import sys
from unittest import TestCase

HEAVY = {"numpy", "scipy", "pandas", "statsmodels"}


class Lightness(TestCase):
    def loaded_after(self, code: str) -> set[str]:
        ask = f"{code}\nimport sys; print(*sys.modules)"
        found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
        return HEAVY & set(found.stdout.split())

    def test_importing_the_survey_figures_loads_no_library(self) -> None:
        self.assertEqual(self.loaded_after("import comity.core.surveys"), set())

    def test_a_share_and_its_interval_need_none_and_a_mean_needs_scipy_without_its_statistics(self) -> None:
        ask = "from comity.core.surveys import *; summarise(Tally({}, {}))"
        self.assertEqual(self.loaded_after(ask.format("YES_NO", "(3, 9)")), set())
        after_a_mean = self.loaded_after(
            ask.format("RATING", "(1, 2, 3, 4, 5)") + "; import sys; assert 'scipy.stats' not in sys.modules"
        )
        self.assertEqual(after_a_mean, {"numpy", "scipy"})
