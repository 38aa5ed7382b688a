"""Every test begins in English: a pytest plugin. A page asked for in Spanish leaves its language to what comes after it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation


def pytest_runtest_setup(item: pytest.Item) -> None:
    translation.activate(settings.LANGUAGE_CODE)
