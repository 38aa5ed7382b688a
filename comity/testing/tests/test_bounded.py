"""A test that goes on for ever is ended, and it is told where it stood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import time
import pytest

@pytest.fixture
def slow_to_leave():
    yield
    time.sleep(60)

def test_goes_on():
    time.sleep(60)

def test_leaves_never(slow_to_leave):
    pass

def test_fails_and_leaves_never(slow_to_leave):
    assert False

def test_fails():
    assert False

def test_ends():
    pass
"""


def run_of(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One of these tests, in a process of its own that has a second for it."""
    (folder / "pytest.ini").write_text("[pytest]\nlongest_test = 1\n")
    (folder / "test_these.py").write_text(TESTS)
    plugins = ["-pcomity.testing.bounded", "-pno:django", "-pno:playwright", "-pno:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, f"test_these.py::{name}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=50)


@pytest.mark.parametrize("name", ["test_goes_on", "test_leaves_never", "test_fails_and_leaves_never"])
def test_what_goes_on_for_ever_is_ended(name: str, tmp_path: Path) -> None:
    ended = run_of(name, tmp_path)
    assert ended.returncode == 1
    assert "Timeout (0:00:01)!" in ended.stderr
    assert "test_these.py" in ended.stderr


@pytest.mark.parametrize(("name", "said"), [("test_fails", "1 failed"), ("test_ends", "1 passed")])
def test_what_ends_by_itself_is_left_alone(name: str, said: str, tmp_path: Path) -> None:
    ended = run_of(name, tmp_path)
    assert said in ended.stdout
    assert not ended.stderr
