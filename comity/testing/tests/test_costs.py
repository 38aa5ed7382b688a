"""A test that costs much of the processor's time is told, and fails the run unless it is marked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import subprocess, sys, time, unittest
import pytest

BUSY = "import time\\nuntil = time.process_time() + 0.7\\nwhile time.process_time() < until: pass"

def test_is_busy():
    exec(BUSY, {})

def test_has_another_be_busy():
    subprocess.run([sys.executable, "-c", BUSY])

def test_waits_for_another_that_is_busy_still(request):
    busy = subprocess.Popen([sys.executable, "-c", BUSY + "\\ntime.sleep(60)"])
    request.addfinalizer(busy.wait)
    request.addfinalizer(busy.kill)
    time.sleep(3)

@pytest.mark.slow
def test_is_marked():
    exec(BUSY, {})

@pytest.fixture(scope="session")
def made_for_all():
    exec(BUSY, {})

def test_is_the_first_to_need_what_all_need(made_for_all):
    pass

class OfAClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        exec(BUSY, {})

    def test_is_the_first(self):
        pass

@pytest.fixture(scope="session")
def cleared_up_for_all():
    yield
    exec(BUSY, {})

def test_is_the_last_to_need_what_all_need(cleared_up_for_all):
    pass

def test_waits():
    time.sleep(0.7)
"""


def run_of(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One of these tests, in a run of its own where half a second is much."""
    (folder / "pytest.ini").write_text("[pytest]\ndearest_test = 0.5\nmarkers = slow: much\n")
    (folder / "test_these.py").write_text(TESTS)
    plugins = ["-pcomity.testing.costs", "-pno:django", "-pno:playwright", "-pno:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, f"test_these.py::{name}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    "name", ["test_is_busy", "test_has_another_be_busy", "test_waits_for_another_that_is_busy_still"]
)
def test_one_that_costs_much_fails_the_run(name: str, tmp_path: Path) -> None:
    ended = run_of(name, tmp_path)
    assert "1 passed" in ended.stdout
    assert f"test_these.py::{name} took " in ended.stdout
    assert ended.returncode == 1


@pytest.mark.parametrize(
    "name",
    [
        "test_is_marked",
        "test_is_the_first_to_need_what_all_need",
        "test_is_the_last_to_need_what_all_need",
        "OfAClass::test_is_the_first",
        "test_waits",
    ],
)
def test_one_that_is_marked_or_waits_or_makes_what_all_need_does_not(name: str, tmp_path: Path) -> None:
    ended = run_of(name, tmp_path)
    assert "too dear" not in ended.stdout
    assert ended.returncode == 0
