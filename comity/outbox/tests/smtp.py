"""A mail server for tests: it takes mail, refuses it, or hangs, as told."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

Answer = Callable[[str], str]


class Server:
    """Listens on a port of its own.

    greeting           what it says first; "" to say nothing and hang
    refuse_recipient   gives the answer to RCPT for an address, "" to accept it
    refuse_content     gives the answer to a whole mail, by its Message-ID, "" to accept it
    after_taking       called when a mail is taken, before the client is told so
    """

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.calls = 0
        self.greeting = "220 stub"
        self.refuse_recipient: Answer = lambda address: ""
        self.refuse_content: Answer = lambda message_id: ""
        self.after_taking: Callable[[], None] = lambda: None
        server = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _talk(self, server)

        self._listening = _Listening(("127.0.0.1", 0), Session)
        self.port = self._listening.server_address[1]
        self._thread = threading.Thread(target=self._listening.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listening.shutdown()
        self._listening.server_close()
        self._thread.join()

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of all that was taken, in order."""
        return [mail["Message-ID"] for mail in self.taken]


class _Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def _talk(session: socketserver.StreamRequestHandler, server: Server) -> None:
    """One conversation, as far as smtplib holds it."""

    def say(line: str) -> None:
        session.wfile.write(f"{line}\r\n".encode())

    server.calls += 1
    try:
        if not server.greeting:
            session.rfile.readline()  # until the client gives up
            return
        say(server.greeting)
        while line := session.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    say("250 stub")
                case "RCPT":
                    say(server.refuse_recipient(rest.partition("<")[2].rstrip(">")) or "250 ok")
                case "DATA":
                    say("354 go on")
                    say(_take(session.rfile, server))
                case "QUIT":
                    say("221 bye")
                    return
                case _:
                    say("250 ok")
    except OSError:
        return  # the client was killed


def _take(lines: Any, server: Server) -> str:
    content = b""
    while (line := lines.readline()) not in {b".\r\n", b""}:
        content += line.removeprefix(b".") if line.startswith(b"..") else line
    if not line:
        raise ConnectionError
    mail = message_from_bytes(content)
    refusal = server.refuse_content(mail["Message-ID"])
    if refusal:
        return refusal
    server.taken.append(mail)
    server.after_taking()
    return "250 taken"
