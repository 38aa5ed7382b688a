"""On SQLite whoever reads a page never waits for whoever writes, even over seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import TestCase

import pytest

from comity.site.tests.installation import Installation

READ = """
import json, sqlite3, time
import django
django.setup()
from threading import Thread
from django.conf import settings
from comity.people.models import RoleGrant, User
from comity.people.roles import Role
from comity.people.services.sessions import BEGAN, SEEN
from comity.testing.pages import Visitor

settings.ALLOWED_HOSTS = ["testserver"]
settings.SECURE_SSL_REDIRECT = False
user = User.objects.create_user("ada@it.example.gov", "a long password of hers", name="Ada")
RoleGrant.objects.create(user=user, role=Role.ADMINISTRATOR)
visitor = Visitor(raise_request_exception=False)
visitor.force_login(user)
session = visitor.session
session[BEGAN] = session[SEEN] = int(time.time()) - 300
session.save()
found = {}

def read():
    for url in ("/", "/partners/", "/follow-ups/", "/me/"):
        begun = time.monotonic()
        found[url] = [visitor.get(url).status_code, time.monotonic() - begun]

writer = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
writer.execute("BEGIN IMMEDIATE")
reader = Thread(target=read)  # with a connection of its own, as each request has
reader.start(); reader.join()
writer.execute("ROLLBACK")
Thread(target=lambda: visitor.get("/me/")).start()
time.sleep(0.5)
found["seen"] = [visitor.session[SEEN] - session[SEEN], 0]
print(json.dumps(found))
"""


class WhileSomebodyWrites(TestCase):
    @pytest.mark.slow
    def test_pages_come_at_once_and_being_seen_is_noted_later(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            installation = Installation(
                Path(folder), DJANGO_SETTINGS_MODULE="comity.site.settings", COMITY_SECOND_FACTOR="optional"
            )
            installation.prepare()
            done = subprocess.run(
                [sys.executable, "-c", READ],
                env=installation.variables,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout.splitlines()[-1])
        noted, _ = found.pop("seen")
        self.assertGreaterEqual(noted, 300)
        self.assertEqual({status for status, _ in found.values()}, {200}, found)
        # The lock is held all the while: whoever waited for it would have waited for 20 seconds.
        self.assertLess(max(seconds for _, seconds in found.values()), 10, found)
