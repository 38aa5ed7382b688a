"""`comity serve`: the pages and the background work, in one command that stops cleanly."""

from __future__ import annotations

import errno
import signal
import socket
from argparse import ArgumentParser
from types import FrameType
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from uvicorn.supervisors import Multiprocess

from comity.site.limits import HurriedProtocol
from comity.site.worker_process import Companion


class Command(BaseCommand):
    help = "Serve the pages, and do the background work in a second process. Stops cleanly on Ctrl-C and SIGTERM."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)"
        )
        parser.add_argument("--port", default=8000, type=_port, help="the port to listen on (default 8000)")
        parser.add_argument(
            "--processes",
            default=1,
            type=int,
            help="web processes; more than one needs PostgreSQL (default 1)",
        )
        parser.add_argument(
            "--no-worker", action="store_true", help="leave the background work to `comity worker` elsewhere"
        )

    def handle(self, *, host: str, port: int, processes: int, no_worker: bool, **options: Any) -> None:
        if processes > 1 and settings.ON_SQLITE:
            raise CommandError(
                "Several web processes need PostgreSQL (DATABASE_URL): with SQLite, each would count sign-in attempts on its own."
            )
        _refuse_an_old_database()
        listening = _listen(host, port)
        beside = (
            [("worker",), ("sync", "stub")] if settings.DEMO else [("worker",)]
        )  # the stub plays ServiceNow
        companions = [] if no_worker else [Companion(*each) for each in beside]
        try:
            for companion in companions:
                companion.start()
            shown = f"[{host}]" if ":" in host else host
            self.stdout.write(f"Comity is running at http://{shown}:{port}/ (Ctrl-C stops it)")
            self.stdout.flush()
            _serve(listening, processes)
        finally:
            for companion in companions:
                companion.stop()
            listening.close()
        self.stdout.write("Stopped.")


def _serve(listening: socket.socket, processes: int) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        "comity.site.asgi:application",
        workers=processes,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        http=HurriedProtocol,
        proxy_headers=settings.HERE.behind_proxy,
        forwarded_allow_ips=list(settings.HERE.proxies),
        timeout_graceful_shutdown=15,
    )
    server = uvicorn.Server(config)

    def stop(number: int, frame: FrameType | None) -> None:
        # uvicorn has its own handlers while it runs, and passes the signal on to these when it is done.
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        if processes > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            server.run(sockets=[listening])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"Port {port} is in use by another program. Choose another with --port."
            ) from error
        raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror or error}.") from error
    listening.set_inheritable(True)
    return listening


def _refuse_an_old_database() -> None:
    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    # Web processes and the worker begin after this one, and open connections of their own.
    connections.close_all()
    if behind:
        raise CommandError("The database is not up to date with this version. Run `comity migrate` first.")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError
    return port
