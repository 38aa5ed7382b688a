"""`comity serve` as a program: it answers, refuses what is too large, stops cleanly and leaves nothing behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import TestCase, skipUnless

import pytest

from comity.jobs.tests.processes import Warm
from comity.site.tests.installation import Installation
from comity.site.worker_process import Companion
from comity.testing.migrated import postgresql_template, scratch_database

MEGABYTE = b"x" * 1_000_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError("It did not come about in time.")
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be counted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> list[int]:
    """The processes that this one's threads have started, and that still run."""
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in lists for child in children if is_alive(int(child))]


class Served(TestCase):
    installation: Installation

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.installation = Installation(Path(folder.name), COMITY_UPLOAD_LIMIT_MB="1", COMITY_DEMO="1")
        cls.installation.prepare()

    @contextlib.contextmanager
    def served(self, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
        port = free_port()
        with self.installation.started("serve", "--port", str(port), *options) as process:
            wait_until(lambda: process.poll() is not None or answers(port))
            self.assertIsNone(process.poll(), "It ended at once.")
            yield process, port


def answers(port: int) -> bool:
    try:
        return get(port, "/health/")[0] == 200
    except OSError:
        return False


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


class Stopping(Served):
    def test_it_answers_and_stops_on_sigterm_with_its_worker(self) -> None:
        with self.served() as (process, port):
            self.assertEqual(get(port, "/health/"), (200, "ok\n"))
            workers = children_of(process.pid)
            self.assertEqual(len(workers), 2)  # in a demo a stub plays ServiceNow
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, said)
            self.assertIn(f"http://127.0.0.1:{port}/", said)
            self.assertTrue(said.endswith("Stopped.\n"), said)
            self.assertFalse(any(map(is_alive, workers)))

    def test_control_c_stops_it_the_same_way(self) -> None:
        with self.served() as (process, _):
            workers = children_of(process.pid)
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, said)
            self.assertFalse(is_alive(workers[0]))
            self.assertNotIn("Traceback", said)

    def test_a_worker_that_dies_is_started_again(self) -> None:
        with self.served() as (process, port):
            first = children_of(process.pid)
            os.kill(first[0], signal.SIGKILL)
            wait_until(lambda: bool(children_of(process.pid)) and children_of(process.pid) != first)
            self.assertEqual(get(port, "/health/")[0], 200)

    def test_killed_it_leaves_no_worker_behind(self) -> None:
        with self.served() as (process, _):
            workers = children_of(process.pid)
            self.assertTrue(workers)
            process.kill()
            process.wait()
            wait_until(lambda: not any(map(is_alive, workers)))
            self.assertFalse(any(map(is_alive, workers)))


class Answering(Served):
    def test_a_streamed_upload_over_the_limit_is_refused_while_it_arrives(self) -> None:
        with self.served("--no-worker") as (_, port):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            with contextlib.closing(connection):
                connection.putrequest("POST", "/sign-in/")
                connection.putheader("Transfer-Encoding", "chunked")
                connection.putheader("Accept-Language", "es")
                connection.endheaders()
                for _part in range(5):
                    connection.send(b"%x\r\n%s\r\n" % (len(MEGABYTE), MEGABYTE))
                # It answers although we have not finished sending.
                answer = connection.getresponse()
                page = answer.read().decode()
        self.assertEqual(answer.status, 413)
        self.assertIn("1 MB", page)
        self.assertIn('<html lang="es">', page)

    def test_an_announced_upload_over_the_limit_is_refused_before_it_is_sent(self) -> None:
        with self.served("--no-worker") as (_, port):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            with contextlib.closing(connection):
                connection.putrequest("POST", "/sign-in/")
                connection.putheader("Content-Length", str(5_000_000_000))
                connection.endheaders()
                self.assertEqual(connection.getresponse().status, 413)

    def test_another_host_name_is_not_answered(self) -> None:
        with self.served("--no-worker") as (_, port):
            self.assertEqual(get(port, "/sign-in/", Host="elsewhere.example.com")[0], 400)


class Refusing(Served):
    def test_a_port_that_is_taken(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = self.installation.comity("serve", "--port", str(port))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(
            done.stderr, f"Port {port} is in use by another program. Choose another with --port.\n"
        )

    def test_a_database_that_was_not_brought_up_to_date(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            done = Installation(Path(folder)).comity("serve", "--port", str(free_port()))
        self.assertEqual(done.returncode, 1)
        self.assertIn("Run `comity migrate` first.", done.stderr)

    def test_several_processes_on_sqlite(self) -> None:
        done = self.installation.comity("serve", "--processes", "2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("PostgreSQL", done.stderr)

    def test_whoever_is_not_its_owner_to_read_what_it_keeps(self) -> None:
        kept = list(self.installation.data.rglob("*"))
        self.assertIn(self.installation.data / "comity.sqlite3", kept)
        self.assertEqual([path for path in kept if path.stat().st_mode & 0o077], [])

    def test_a_port_that_is_none_is_wrong_usage(self) -> None:
        warm = Warm({**self.installation.variables, "DJANGO_SETTINGS_MODULE": "comity.site.settings"})
        self.addCleanup(warm.stop)
        for port in ("0", "70000", "http"):
            asked = f"from comity.site import cli\nraise SystemExit(cli.main(['serve', '--port', {port!r}]))"
            self.assertEqual(warm.run(asked).returncode, 2)


@pytest.mark.slow
@skipUnless("DATABASE_URL" in os.environ, "This is about PostgreSQL; DATABASE_URL names none.")
class SeveralProcesses(TestCase):
    def test_two_web_processes_answer_and_stop_together(self) -> None:
        with tempfile.TemporaryDirectory() as folder, scratch_database(postgresql_template()) as url:
            installation = Installation(Path(folder), DATABASE_URL=url, COMITY_DEMO="1")
            installation.prepare()
            port = free_port()
            with installation.started("serve", "--processes", "2", "--port", str(port)) as process:
                wait_until(lambda: answers(port))
                started = children_of(process.pid)
                self.assertGreaterEqual(len(started), 3)  # the worker, two for the web, Python's own counting
                process.send_signal(signal.SIGTERM)
                said, _ = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 0, said)
                wait_until(lambda: not any(map(is_alive, started)))


class CompanionTests(TestCase):
    def test_it_can_be_stopped_at_once_and_while_it_waits_to_start_again(self) -> None:
        companion = Companion("no-such-command")  # ends at once, with 2
        companion.start()
        wait_until(lambda: companion.process is not None and companion.process.poll() is not None)
        companion.stop()
        process = companion.process
        assert process is not None
        self.assertEqual(process.returncode, 2)

    def test_its_process_is_one_of_ours(self) -> None:
        self.assertEqual(
            Companion("worker").command[:3], [sys.executable, "-m", "comity.site.worker_process"]
        )
