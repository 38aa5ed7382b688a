"""What a process takes with it when it starts, whatever it is for."""

from __future__ import annotations

import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from unittest import TestCase

LARGE = {
    "duckdb",
    "ibis",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "scipy",
    "sqlglot",
    "statsmodels",
    "tokenizers",
}
LOADED = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*sys.modules)
"""


class Starting(TestCase):
    def test_no_library_of_many_megabytes_is_loaded_before_it_is_needed(self) -> None:
        with TemporaryDirectory() as data:
            environment = os.environ | {
                "COMITY_DATA": data,
                "DJANGO_SETTINGS_MODULE": "comity.site.settings",
            }
            said = subprocess.run(
                [sys.executable, "-c", LOADED], env=environment, check=True, stdout=subprocess.PIPE, text=True
            )
        self.assertEqual(LARGE & set(said.stdout.split()), set())
