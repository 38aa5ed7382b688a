"""What Django is told in an office's installation, and in the demo."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import TestCase

from comity.site.storage import StaticStorage
from comity.site.tests.installation import Installation

SHOW = """
import json, django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""


class Settings(TestCase):
    data: Path

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.data = Path(folder.name)

    def settings(self, **variables: str) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.inside(SHOW, **variables))
        return shown

    def inside(self, program: str, **variables: str) -> str:
        installation = Installation(self.data, DJANGO_SETTINGS_MODULE="comity.site.settings", **variables)
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=installation.variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def test_an_offices_installation_has_every_lock_on(self) -> None:
        found = self.settings(
            COMITY_ADDRESS="https://comity.example.gov",
            COMITY_PROXY="1",
            COMITY_MAIL_URL="smtp://office:pass@mail.example.gov:587?tls=1",
            DATABASE_URL="postgres://office:pass@db.example.gov/comity",
        )
        self.assertFalse(found["DEBUG"])
        self.assertEqual(found["SESSION_COOKIE_NAME"], "__Host-session")
        self.assertEqual(found["CSRF_COOKIE_NAME"], "__Host-csrf")
        for cookie in ("SESSION", "CSRF", "LANGUAGE"):
            self.assertIs(found[f"{cookie}_COOKIE_SECURE"], True, cookie)
        self.assertTrue(found["SECURE_SSL_REDIRECT"])
        self.assertGreaterEqual(found["SECURE_HSTS_SECONDS"], 31_536_000)
        self.assertEqual(found["SECOND_FACTOR"], "required")
        self.assertEqual(found["ALLOWED_HOSTS"][0], "comity.example.gov")
        self.assertEqual(found["CSRF_TRUSTED_ORIGINS"], ["https://comity.example.gov"])
        self.assertEqual((found["EMAIL_HOST"], found["EMAIL_USE_TLS"]), ("mail.example.gov", True))
        self.assertIn("db.DatabaseCache", found["CACHES"]["default"]["BACKEND"])
        self.assertIn("pool", found["DATABASES"]["default"]["OPTIONS"])

    def test_the_demo_works_over_http_and_sends_nothing(self) -> None:
        found = self.settings(COMITY_DEMO="1")
        self.assertFalse(found["SESSION_COOKIE_SECURE"] or found["SECURE_SSL_REDIRECT"])
        self.assertEqual(found["SECURE_HSTS_SECONDS"], 0)
        self.assertEqual(found["SECOND_FACTOR"], "optional")
        self.assertFalse(found["MAIL_LEAVES"])
        self.assertIn("dummy", found["EMAIL_BACKEND"])

    def test_the_key_stays_the_same_from_start_to_start(self) -> None:
        self.assertEqual(self.settings()["SECRET_KEY"], self.settings()["SECRET_KEY"])

    def test_sqlite_queues_writers_and_keeps_its_promises(self) -> None:
        self.inside(
            "import django; django.setup()\n"
            "from django.db import connection\n"
            "with connection.cursor() as cursor:\n"
            "    for name, right in {'journal_mode': 'wal', 'foreign_keys': 1, 'synchronous': 1}.items():\n"
            "        found = cursor.execute(f'PRAGMA {name}').fetchone()[0]\n"
            "        assert found == right, (name, found)\n"
            "assert connection.settings_dict['OPTIONS']['transaction_mode'] == 'IMMEDIATE'\n"
        )
        with closing(sqlite3.connect(self.data / "comity.sqlite3")) as database:
            self.assertEqual(database.execute("PRAGMA journal_mode").fetchone(), ("wal",))


class StaticFiles(TestCase):
    def test_a_collected_file_has_its_hash_in_its_name_and_another_keeps_its_own(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            manifest = {"version": "1.1", "hash": "x", "paths": {"ui/theme.js": "ui/theme.0123456789ab.js"}}
            (Path(folder) / "staticfiles.json").write_text(json.dumps(manifest))
            storage = StaticStorage(location=folder, base_url="/static/")
            self.assertEqual(storage.url("ui/theme.js"), "/static/ui/theme.0123456789ab.js")
            self.assertEqual(storage.url("ui/none.js"), "/static/ui/none.js")
