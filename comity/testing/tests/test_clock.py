"""Every test lives on the one day, its rows, its signed words and its other processes with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import signing
from django.test import SimpleTestCase
from django.utils import timezone

from comity.partners.models import Partner
from comity.testing import clock
from comity.testing.cast import CastTestCase

A_MOMENT = timedelta(minutes=2)


@pytest.fixture
def begun(pytestconfig: pytest.Config) -> datetime:
    """When every test begins."""
    return pytestconfig.stash[clock.CLOCK].moment


def test_each_test_begins_at_the_same_moment(begun: datetime) -> None:
    assert timedelta() < timezone.now() - begun < timedelta(seconds=1)
    assert timezone.localdate() == timezone.localtime(begun).date()


def test_without_a_word_it_is_wednesday_at_ten(pytestconfig: pytest.Config) -> None:
    begun = clock.moment(clock.WEDNESDAY)
    assert f"{begun:%A %H:%M %Z}" == "Wednesday 10:00 EDT"


def test_the_clock_goes_on() -> None:
    before = time.time()
    time.sleep(0.01)
    assert 0.01 <= time.time() - before < 60


@pytest.mark.parametrize("number", [1, 2])
def test_a_test_begins_anew_whatever_the_one_before_it_did(begun: datetime, number: int) -> None:
    assert timezone.now() - begun < timedelta(seconds=1)
    time.sleep(1)


def test_a_thread_has_the_same_clock(begun: datetime) -> None:
    seen: list[datetime] = []
    thread = threading.Thread(target=lambda: seen.append(datetime.now(UTC)))
    thread.start()
    thread.join()
    assert seen[0] - begun < A_MOMENT


def test_another_process_can_have_it(begun: datetime) -> None:
    code = "from comity.testing import clock; clock.follow(); import time; print(time.time())"
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **clock.the_same_elsewhere()},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert timedelta() < datetime.fromtimestamp(float(said.stdout), UTC) - begun < A_MOMENT


@pytest.mark.real_clock
def test_one_that_must_know_the_real_day_does(tmp_path: Path) -> None:
    assert time.time() == pytest.approx(clock.real_time(), abs=1)
    assert time.time() == pytest.approx(tmp_path.stat().st_mtime, abs=60)


class Rows(CastTestCase):
    """What `setUpTestData` makes was made before what its tests do."""

    def test_what_is_written_now_is_younger_than_the_cast(self) -> None:
        made = Partner.objects.create(name="Mint", name_key="mint", kind=Partner.Kind.AGENCY)
        self.assertLess(self.parks.created_at, made.created_at)
        self.assertLess(made.created_at - self.parks.created_at, A_MOMENT)

    def test_so_it_is_in_the_next_test_of_the_class(self) -> None:
        self.test_what_is_written_now_is_younger_than_the_cast()

    def test_the_cast_and_its_session_live_on_that_day(self) -> None:
        self.assertEqual(self.cast.today, timezone.localdate())
        self.client.force_login(self.ana)
        self.assertEqual(self.client.get("/").status_code, 200)


class Signed(SimpleTestCase):
    def test_signed_words_are_as_old_as_this_test(self) -> None:
        self.assertEqual(signing.loads(signing.dumps("words"), max_age=1), "words")
