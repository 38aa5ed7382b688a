"""What an installation still lacks before people may rely on it, said in sentences."""

from __future__ import annotations

import json
import shutil
import smtplib
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from comity.audit import heads
from comity.audit.chain import verify
from comity.audit.models import Block
from comity.jobs.models import Due
from comity.people.models import RoleGrant
from comity.people.roles import Role
from comity.site.environment import Environment

BACKUP_IS_OLD = timedelta(hours=26)  # a nightly one, and two hours of patience
WORKER_IS_GONE = timedelta(minutes=75)  # something is due every hour
HEAD_IS_OLD = timedelta(hours=26)  # one is kept every night
LITTLE_ROOM = 1_000_000_000


def lacking(compared: list[str] | None = None) -> list[str]:
    """A sentence for each thing that is missing for real use, in the order in which to mend them.

    compared  is filled with what the trail was compared with, in sentences
    """
    here: Environment = settings.HERE
    sentences = [*_in_the_environment(here), *_around_mail(here), *_on_disk(here)]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return [*sentences, "The database is not up to date with this version. Run `comity migrate`."]
    return [*sentences, *_in_the_database(), *_in_the_trail([] if compared is None else compared)]


def advice() -> list[str]:
    """What would be better, and is not needed."""
    if not settings.ON_SQLITE:
        return []
    return [
        "SQLite serves an office of a few hundred people well. For more people, or several machines, use PostgreSQL (DATABASE_URL)."
    ]


def _in_the_environment(here: Environment) -> Iterator[str]:
    if here.debug:
        yield "COMITY_DEBUG is on: an error shows the program's internals to whoever runs into it. Turn it off."
    if here.demo:
        yield "COMITY_DEMO is on: sign-ins are public and everyone can read the mail. Turn it off."
    if here.secret_key is None:
        yield (
            "COMITY_SECRET_KEY is not set: the one in use was created here and is stored with the data. Set it to the output of "
            "`openssl rand -base64 48`, and keep a copy elsewhere."
        )
    name = urlsplit(here.address).hostname or ""
    if name in {"localhost", "127.0.0.1", "::1"}:
        yield (
            f"COMITY_ADDRESS is {here.address}: links in emails would not work. Set it to the address people type, "
            "like https://comity.example.gov."
        )
    elif not here.https:
        yield f"COMITY_ADDRESS is {here.address}, without https: passwords would be sent unencrypted."
    elif not here.behind_proxy:
        yield (
            "COMITY_PROXY is not set, but the address begins with https: browsers would be redirected in a loop. "
            "Put a web server that handles TLS in front, and set COMITY_PROXY=1."
        )
    if name and name not in here.hosts and f"[{name}]" not in here.hosts:
        yield f"COMITY_HOSTS does not name {name}, the host of COMITY_ADDRESS: people would be turned away."
    if here.second_factor == "optional":
        yield "COMITY_SECOND_FACTOR is optional: anyone with a stolen password can sign in. Set it to required."


def _around_mail(here: Environment) -> Iterator[str]:
    if here.mail is None:
        yield (
            "COMITY_MAIL_URL is not set: no email is sent, so nobody can be invited or told. "
            "Set it to a server that accepts mail from this machine."
        )
        return
    if here.mail_from.endswith("@localhost"):
        yield f"COMITY_MAIL_FROM is not set: mail would come from {here.mail_from}."
    try:
        with get_connection(timeout=10):
            pass
    except (OSError, smtplib.SMTPException) as error:
        yield f"The mail server {here.mail.host}, port {here.mail.port}, cannot be used: {error}."


def _on_disk(here: Environment) -> Iterator[str]:
    if here.data.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH):
        yield f"Other users of this machine can read {here.data}. Run: chmod 750 {here.data}"
    free = shutil.disk_usage(here.data).free
    if free < LITTLE_ROOM:
        yield f"Disk space is low where the data is stored: {free // 1_000_000} MB left."
    try:
        made = datetime.fromisoformat(json.loads(settings.LAST_BACKUP.read_text())["made_at"])
    except FileNotFoundError:
        yield "There is no backup yet. Run `comity backup FILE` every night, and keep the file on another machine."
    else:
        if timezone.now() - made > BACKUP_IS_OLD:
            yield f"The last backup was made {made:%Y-%m-%d %H:%M}. Run `comity backup FILE` every night."


def _in_the_database() -> Iterator[str]:
    if not RoleGrant.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
        yield "There is no administrator. Create one: comity admin EMAIL"
    lately = timezone.now() - WORKER_IS_GONE
    if not Due.objects.filter(last_started_at__gt=lately).exists():
        yield (
            "No background work has run for an hour: email is waiting and nothing is escalated. "
            "Is `comity serve` or `comity worker` running?"
        )
    for due in Due.objects.exclude(last_error="").order_by("name"):
        yield f"The recurring job {due.name!r} failed on its last run ({due.last_error}). See the log."


def _in_the_trail(compared: list[str]) -> Iterator[str]:
    trail = verify()
    compared += trail.compared
    if not trail.ok:
        yield " ".join([trail.sentence(), *trail.problems])
    for name, why in trail.unreadable.items():
        yield f"What {name} keeps of the trail cannot be read: {why}."
    long_ago = timezone.now() - HEAD_IS_OLD
    if (
        not heads.InFile(settings.TRAIL_HEADS).read()
        and Block.objects.filter(sealed_at__lt=long_ago).exists()
    ):
        yield (
            f"{settings.TRAIL_HEADS}, which keeps the heads of the trail, is gone or empty: a trail that was cut off would not be "
            "noticed. If nobody removed it, run `comity audit head`."
        )
