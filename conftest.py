"""Fixtures for every test; the settings of tests are in comity/testing/settings.py."""

pytest_plugins = [
    "comity.testing.clock",
    "comity.testing.migrated",
    "comity.testing.bounded",
    "comity.testing.costs",
    "comity.testing.differing",
    "comity.testing.serving",
    "comity.testing.browser",
    "comity.testing.emptying",
]
