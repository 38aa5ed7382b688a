"""The stub as a server: beside a test, on a thread; or as a process of its own, for the demo."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any, Self

import uvicorn

from comity.testing.servicenow.app import Instance


def _listen(port: int = 0) -> tuple[socket.socket, str]:
    listening = socket.create_server(("127.0.0.1", port))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


def _server(instance: Instance) -> uvicorn.Server:
    quiet: dict[str, Any] = {"log_config": None, "log_level": "critical", "access_log": False}
    return uvicorn.Server(uvicorn.Config(instance, lifespan="off", ws="none", **quiet))


def serve(instance: Instance, port: int, told: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `told` is where."""
    listening, url = _listen(port)
    told(url)
    _server(instance).run(sockets=[listening])


class Stub(Instance):
    """`with Stub() as stub`: it listens at `stub.url` while the block runs."""

    def __enter__(self) -> Self:
        listening, self.url = _listen()
        self._server = _server(self)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_ended: object) -> None:
        self._server.should_exit = True
        self._thread.join()
