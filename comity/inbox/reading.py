"""What one message says (RFC 5322), and whether our own mail server vouches for its sender (RFC 8601)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

LONGEST = 50_000  # characters of the text that are kept
MOST_HOPS = 30  # servers that passed it on; more is a loop
COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*(\w+)(.*)$", re.IGNORECASE | re.DOTALL)
PROPERTY = re.compile(
    r"(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE
)
# Of which a result speaks, and so what has to be the sender's domain, or above it.
SPEAKS_OF = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


@dataclass(frozen=True)
class Enclosed:
    """A file that came with it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A message as far as it is of use.

    message_id  or a hash of the whole, where it has none
    sender      the one address it is from, in small letters; "" where that cannot be said
    addressed   every address it went to
    automatic   why no person wrote it; "" where one did
    vouched     whether the server says that it is from its sender's domain
    """

    message_id: str
    sender: str
    name: str
    subject: str
    text: str
    sent_at: datetime | None
    addressed: list[str]
    enclosed: list[Enclosed]
    automatic: str
    vouched: bool


def read(raw: bytes, *, server: str, ours: str) -> Letter:
    """A message, however odd; nothing in it is an error.

    server  the authserv-id of our own mail server; "" and it vouches for nobody
    ours    the address our own mail comes from
    """
    message: EmailMessage = BytesParser(policy=policy.default).parsebytes(raw)
    sender = _sender(message)
    address = sender.addr_spec.lower() if sender else ""
    return Letter(
        message_id=_text(message, "Message-ID") or f"<{hashlib.sha256(raw).hexdigest()}@none>",
        sender=address,
        name=_clean(sender.display_name) if sender else "",
        subject=" ".join(_text(message, "Subject").split())[:200],
        text=_words(message)[:LONGEST],
        sent_at=_sent_at(message),
        addressed=list(_addressed(message)),
        enclosed=list(_enclosed(message)),
        automatic=_automatic(message, address, ours),
        vouched=bool(server and sender)
        and _vouched(message, server, sender.domain.lower() if sender else ""),
    )


def _text(message: EmailMessage, name: str) -> str:
    """A header as text; one that cannot be read is none."""
    try:
        return _clean(str(message.get(name) or "")).strip()
    except (
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
    ):  # what the library raises for headers beyond repair
        return ""


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _addresses(message: EmailMessage, name: str) -> Iterator[Address]:
    try:
        for header in message.get_all(name, []):
            yield from getattr(header, "addresses", ())
    except (ValueError, IndexError, AttributeError, TypeError):
        return


def _sender(message: EmailMessage) -> Address | None:
    """The one it is from. Several, or none that is an address, could be anybody."""
    found = list(_addresses(message, "From"))
    return found[0] if len(found) == 1 and found[0].domain and found[0].username else None


def _addressed(message: EmailMessage) -> Iterator[str]:
    for name in ("To", "Cc", "Bcc"):
        yield from (each.addr_spec for each in _addresses(message, name))
    for name in ("Delivered-To", "X-Original-To", "Envelope-To"):
        yield from (str(value).strip().strip("<>") for value in message.get_all(name, []))


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_text(message, "Date"))
    except (ValueError, IndexError, TypeError):
        return None
    return found if found.tzinfo else None


def _automatic(message: EmailMessage, sender: str, ours: str) -> str:
    """Auto-Submitted (RFC 3834), and the older ways to say so; what we sent ourselves; a loop."""
    said = _text(message, "Auto-Submitted").lower()
    if said and said.split(";")[0].strip() != "no":
        return "an automatic reply"
    if _text(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"} or message["List-Id"]:
        return "a mailing list"
    if any(message[name] for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")):
        return "an automatic reply"
    if _text(message, "Return-Path") == "<>" or sender.partition("@")[0] in {"mailer-daemon", "postmaster"}:
        return "a notice of a mail server"
    if sender and sender == ours.lower():
        return "our own mail"
    return "a mail loop" if len(message.get_all("Received", [])) > MOST_HOPS else ""


def _vouched(message: EmailMessage, server: str, domain: str) -> bool:
    """What our server says last, which is the first header of its name: one further down may have come with the mail.

    DMARC decides where it was asked; without it a signature or the sending server of the sender's own domain does.
    """
    for header in message.get_all("Authentication-Results", []):
        parts = COMMENT.sub(" ", str(header)).split(";")
        if (parts[0].split() or [""])[0].lower() != server.lower():
            continue
        results = [found for part in parts[1:] if (found := RESULT.match(part))]
        asked = [one for one in results if one[1].lower() == "dmarc"] or results
        return any(one[2].lower() == "pass" and _aligned(one, domain) for one in asked)
    return False


def _aligned(result: re.Match[str], domain: str) -> bool:
    """Whether a result speaks of the sender's domain, or of the one above it."""
    said = {name.lower(): value.rpartition("@")[2].lower() for name, value in PROPERTY.findall(result[3])}
    of = [said[name] for name in SPEAKS_OF[result[1].lower()] if name in said]
    return any(domain == one or domain.endswith(f".{one}") for one in of)


def _words(message: EmailMessage) -> str:
    """The plain text; where there is only HTML, its words."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError, ValueError):  # an encoding nobody knows
        text = (body.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    if body.get_content_type() == "text/html":
        reader = _Words()
        reader.feed(text)
        text = "".join(reader.found)
    lines = (line.rstrip() for line in _clean(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """The words of an HTML page, without what a browser does not show."""

    HIDDEN = frozenset({"script", "style", "head", "template", "title"})
    LINES = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self.HIDDEN:
            self.hidden.append(tag)
        elif tag in self.LINES:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            del self.hidden[self.hidden.index(tag) :]
        elif tag in self.LINES:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(re.sub(r"\s+", " ", data))


def _enclosed(message: EmailMessage) -> Iterator[Enclosed]:
    """What was attached; pictures within the text (logos of signatures) are not."""
    for part in message.iter_attachments():
        if part.get_content_disposition() == "inline" and part["Content-ID"]:
            continue
        content = part.get_payload(decode=True)
        if content is None:  # a message within a message
            content = b"\n".join(bytes(each) for each in part.iter_parts())
        name = _clean(part.get_filename() or f"mail.{part.get_content_subtype()}")
        yield Enclosed(name, content if isinstance(content, bytes) else b"")
