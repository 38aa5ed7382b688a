"""What differs between installations, read from the environment.

Each variable is read here and nowhere else. A value that cannot be right stops the start with one sentence that names
the variable and says what would be right; so does a name that is nearly, but not quite, one of ours.
docs/administration.md lists the variables; docs/decisions/environment.md says why this is not a library.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url

SECOND_FACTOR = ("required", "office", "optional")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
YES = {"1", "true", "yes", "on"}
NO = {"", "0", "false", "no", "off"}

NAMES = (
    "COMITY_ADDRESS",
    "COMITY_DATA",
    "COMITY_DEBUG",
    "COMITY_DEMO",
    "COMITY_HOSTS",
    "COMITY_IDLE_MINUTES",
    "COMITY_LOG_LEVEL",
    "COMITY_MAIL_FROM",
    "COMITY_MAIL_IN",
    "COMITY_MAIL_IN_SERVER",
    "COMITY_MAIL_URL",
    "COMITY_PROXY",
    "COMITY_SECOND_FACTOR",
    "COMITY_SECRET_KEY",
    "COMITY_SERVICENOW_SECRET",
    "COMITY_TRAIL_WITNESSES",
    "COMITY_UPLOAD_LIMIT_MB",
    "COMITY_USAGE_ENGINE",
    "COMITY_USAGE_URL",
    "DATABASE_URL",
)


class BadSettingError(Exception):
    """A variable of the environment has a value that cannot be right; the message is the sentence to print."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, from COMITY_MAIL_URL."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    start_tls: bool = False
    ssl: bool = False


@dataclass(frozen=True)
class Environment:
    """One installation, as its environment describes it."""

    data: Path
    database: dict[str, Any]
    secret_key: str | None
    debug: bool
    demo: bool
    hosts: list[str]
    address: str
    mail: MailServer | None
    mail_from: str
    mail_in: str
    mail_in_server: str
    second_factor: str
    upload_limit_mb: int
    usage_engine: str
    usage_url: str
    idle_minutes: int
    log_level: str
    proxies: tuple[str, ...]
    trail_witnesses: tuple[str, ...]
    servicenow_secret: str

    @property
    def for_real(self) -> bool:
        """Neither the demo nor a developer's machine: people's own data, so every lock is on."""
        return not (self.debug or self.demo)

    @property
    def behind_proxy(self) -> bool:
        return bool(self.proxies)

    @property
    def https(self) -> bool:
        return self.address.startswith("https://")


def read(variables: Mapping[str, str]) -> Environment:
    """The installation that these variables describe. Raises BadSettingError on the first that cannot be right."""
    _refuse_misspelt(variables)
    data = _folder(variables)
    demo = _switch(variables, "COMITY_DEMO")
    address = _address(variables)
    return Environment(
        data=data,
        database=_database(variables, data),
        secret_key=_secret_key(variables),
        debug=_switch(variables, "COMITY_DEBUG"),
        demo=demo,
        hosts=_hosts(variables, address),
        address=address,
        mail=_mail_server(variables),
        mail_from=_mail_from(variables, address),
        mail_in=_mail_in(variables, demo=demo),
        mail_in_server=_mail_in_server(variables),
        second_factor=_one_of(
            variables, "COMITY_SECOND_FACTOR", SECOND_FACTOR, default="optional" if demo else "required"
        ),
        upload_limit_mb=_number(variables, "COMITY_UPLOAD_LIMIT_MB", default=25, least=1, most=1000),
        usage_engine=_usage_engine(variables),
        usage_url=_usage_url(variables),
        idle_minutes=_number(variables, "COMITY_IDLE_MINUTES", default=30, least=5, most=24 * 60),
        log_level=_one_of(variables, "COMITY_LOG_LEVEL", LOG_LEVELS, default="INFO"),
        proxies=_proxies(variables),
        trail_witnesses=_trail_witnesses(variables),
        servicenow_secret=_text(variables, "COMITY_SERVICENOW_SECRET"),
    )


def kept_secret_key(data: Path) -> str:
    """The key in the data folder, made there the first time; for installations that were given none.

    Two processes that start together agree on one key: the file appears whole or not at all, and the first one stays.
    """
    kept = data / "secret-key"
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=data, prefix=".secret-key-")  # readable by its owner only
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(name, kept)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return kept.read_text().strip()


def _refuse_misspelt(variables: Mapping[str, str]) -> None:
    for name in variables:
        near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.85)
        if name.startswith("COMITY_") and name not in NAMES and near:
            raise BadSettingError(f"There is no setting {name}. Did you mean {near[0]}?")


def _text(variables: Mapping[str, str], name: str) -> str:
    return variables.get(name, "").strip()


def _switch(variables: Mapping[str, str], name: str) -> bool:
    value = _text(variables, name).lower()
    if value not in YES | NO:
        raise BadSettingError(f"{name} is {value!r}; it must be 1 (yes) or 0 (no).")
    return value in YES


def _number(variables: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    value = _text(variables, name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise BadSettingError(f"{name} is {value!r}; it must be a whole number from {least} to {most}.")
    return int(value)


def _one_of(variables: Mapping[str, str], name: str, choices: Iterable[str], *, default: str) -> str:
    value = _text(variables, name) or default
    found = next((choice for choice in choices if choice.lower() == value.lower()), None)
    if found is None:
        raise BadSettingError(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
    return found


def _folder(variables: Mapping[str, str]) -> Path:
    folder = Path(_text(variables, "COMITY_DATA") or "var").expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise BadSettingError(f"COMITY_DATA is {str(folder)!r}, which is a file; it must be a folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettingError(
            f"COMITY_DATA is {str(folder)!r}, which cannot be created ({error.strerror}); "
            "it must be a folder that Comity can write to."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadSettingError(
            f"COMITY_DATA is {str(folder)!r}, which Comity cannot write to; it must be a folder of its own."
        )
    return folder


def _database(variables: Mapping[str, str], data: Path) -> dict[str, Any]:
    """A Django database: the one of DATABASE_URL, else a SQLite file in the data folder."""
    value = _text(variables, "DATABASE_URL") or f"sqlite:///{data / 'comity.sqlite3'}"
    right = "it must look like postgres://user:password@host:5432/name or sqlite:////folder/comity.sqlite3."
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(value))
    except (ValueError, KeyError) as error:
        # The value may hold a password, so it is not repeated.
        raise BadSettingError(f"DATABASE_URL cannot be understood; {right}") from error
    engine = str(database["ENGINE"]).rpartition(".")[2]
    if engine not in {"sqlite3", "postgresql"}:
        raise BadSettingError(f"DATABASE_URL names a {engine} database; {right}")
    # A socket's folder may stand among the options; libpq's own programs look for it where every host stands.
    database["HOST"] = database.get("OPTIONS", {}).pop("host", database["HOST"])
    if not database["NAME"]:
        raise BadSettingError(f"DATABASE_URL names no database; {right}")
    return database


def _secret_key(variables: Mapping[str, str]) -> str | None:
    value = _text(variables, "COMITY_SECRET_KEY")
    if value and (len(value) < 40 or len(set(value)) < 10):
        raise BadSettingError(
            "COMITY_SECRET_KEY can be guessed; it must be at least 40 random characters, "
            "such as the output of `openssl rand -base64 48`."
        )
    return value or None


def _address(variables: Mapping[str, str]) -> str:
    """The address people type, without a slash at the end; links in mail begin with it."""
    value = _text(variables, "COMITY_ADDRESS") or "http://localhost:8000"
    right = "it must be the address people type, like https://comity.example.gov."
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise BadSettingError(f"COMITY_ADDRESS is {value!r}; {right}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise BadSettingError(f"COMITY_ADDRESS is {value!r}; {right}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSettingError(
            f"COMITY_ADDRESS is {value!r}; {right} Comity lives at the root of its own name."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _hosts(variables: Mapping[str, str], address: str) -> list[str]:
    """The host names that are answered: those of COMITY_HOSTS, else the one of the address, and this machine itself."""
    named = [host.strip() for host in _text(variables, "COMITY_HOSTS").split(",") if host.strip()]
    for host in named:
        if host == "*" or not re.fullmatch(r"\.?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]", host):
            raise BadSettingError(
                f"COMITY_HOSTS has {host!r}; it must be host names separated by commas, without http:// "
                "or a port, like comity.example.gov,comity.internal."
            )
    own = urlsplit(address).hostname or "localhost"
    answered = named or [f"[{own}]" if ":" in own else own]
    return list(dict.fromkeys([*answered, "localhost", "127.0.0.1", "[::1]"]))


def _proxies(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses and networks of the servers in front, which may say for whom they ask; 1 is this machine."""
    value = _text(variables, "COMITY_PROXY")
    if value.lower() in YES | NO:
        return ("127.0.0.1", "::1") if value.lower() in YES else ()
    named = [each.strip() for each in value.split(",") if each.strip()]
    for each in named:
        try:
            everybody = ipaddress.ip_network(each).prefixlen == 0
        except ValueError:
            everybody = True
        if everybody:
            raise BadSettingError(
                f"COMITY_PROXY has {each!r}; it must be 1 (a web server on this machine) or the addresses or networks of the "
                "web servers in front, separated by commas, like 10.20.0.5,10.20.1.0/28."
            )
    return tuple(named)


def _trail_witnesses(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Who keeps the heads of the trail: mail addresses, files, addresses on the web."""
    named = [each.strip() for each in _text(variables, "COMITY_TRAIL_WITNESSES").split(",") if each.strip()]
    for each in named:
        # The value may hold a password, so it is not repeated.
        if not re.fullmatch(r"https://[^\s/]+(/\S*)?|/[^\n]*[^/\n]|[^@\s/:]+@[^@\s/:]+", each):
            raise BadSettingError(
                "COMITY_TRAIL_WITNESSES cannot be understood; it must be mail addresses, absolute paths of files and "
                "addresses beginning with https://, separated by commas, like auditor@example.gov,/mnt/kept/comity-heads."
            )
    return tuple(dict.fromkeys(named))


def _usage_engine(variables: Mapping[str, str]) -> str:
    value = _text(variables, "COMITY_USAGE_ENGINE") or "duckdb"
    if value not in {"duckdb", "spark"}:
        raise BadSettingError(f"COMITY_USAGE_ENGINE is {value!r}; it must be duckdb or spark.")
    return value


def _usage_url(variables: Mapping[str, str]) -> str:
    """Where the rows of usage are kept, on object storage; "" for the data folder."""
    value = _text(variables, "COMITY_USAGE_URL")
    if value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?", value):
        raise BadSettingError(
            f"COMITY_USAGE_URL is {value!r}; it must be a bucket and a prefix, like s3://comity/usage. Keys and the endpoint "
            "stand in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL."
        )
    return value


def _mail_server(variables: Mapping[str, str]) -> MailServer | None:
    value = _text(variables, "COMITY_MAIL_URL")
    if not value:
        return None
    # The value may hold a password, so it is not repeated.
    wrong = BadSettingError(
        "COMITY_MAIL_URL cannot be understood; it must look like smtp://user:password@mail.example.gov:587?tls=1 "
        "(STARTTLS) or smtps://user:password@mail.example.gov:465, with characters such as @ and / in the password written "
        "as %40 and %2F."
    )
    try:
        parts = urlsplit(value)
        options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
        port = parts.port
    except ValueError as error:
        raise wrong from error
    tls = options.pop("tls", ["0"])[-1]
    ssl = parts.scheme == "smtps"
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or options:
        raise wrong
    if tls not in {"0", "1"} or (tls == "1" and ssl):
        raise wrong
    return MailServer(
        host=parts.hostname,
        port=port or (465 if ssl else 587 if tls == "1" else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        start_tls=tls == "1",
        ssl=ssl,
    )


def _mail_in(variables: Mapping[str, str], *, demo: bool) -> str:
    """The address below which each partner has its own, log+TOKEN@...; "" and no mail is taken in."""
    value = _text(variables, "COMITY_MAIL_IN") or ("log@oit.franklin.example" if demo else "")
    if value and not re.fullmatch(r"[a-z0-9._-]+@[a-z0-9.-]+", value, re.IGNORECASE):
        raise BadSettingError(
            f"COMITY_MAIL_IN is {value!r}; it must be an address without a plus sign, like log@example.gov."
        )
    return value


def _mail_in_server(variables: Mapping[str, str]) -> str:
    """The authserv-id of our mail server (RFC 8601); "" and no sender is vouched for."""
    value = _text(variables, "COMITY_MAIL_IN_SERVER")
    if value and not re.fullmatch(r"[A-Za-z0-9._-]+", value):
        raise BadSettingError(
            f"COMITY_MAIL_IN_SERVER is {value!r}; it must be the name your mail server signs with, like mx.example.gov."
        )
    return value


def _mail_from(variables: Mapping[str, str], address: str) -> str:
    value = _text(variables, "COMITY_MAIL_FROM")
    if not value:
        return f"comity@{urlsplit(address).hostname}"
    mailbox = re.fullmatch(r"(?:[^<>\r\n]+<)?([^<>@\s]+@[^<>@\s]+)>?", value)
    if mailbox is None or value.count("<") != value.count(">"):
        raise BadSettingError(
            f"COMITY_MAIL_FROM is {value!r}; it must be an address that may send mail, "
            "like comity@example.gov or Comity <comity@example.gov>."
        )
    return value
