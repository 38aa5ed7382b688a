"""The settings of the test suite: those of a real installation, but quick, and touching nothing outside the test."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("COMITY_")]:
    del os.environ[_name]
os.environ["COMITY_DATA"] = tempfile.mkdtemp(prefix="comity-test-")
atexit.register(shutil.rmtree, os.environ["COMITY_DATA"], ignore_errors=True)
os.environ["COMITY_SECRET_KEY"] = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"

from comity.site.settings import *

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
SECOND_FACTOR = "optional"  # its own tests require it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TRAIL_HEADS = Path(os.devnull)  # each test has a trail of its own, and no head before it
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

WHITENOISE_USE_FINDERS = (
    False  # each test client would look at every static file; the live server has its own way
)

# The test client and the live server speak http.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"

STATIC_ROOT.mkdir()
