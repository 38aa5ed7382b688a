"""Throwing a demo away, whole: the trail refuses to be emptied row by row, and should."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection


def begin_anew() -> None:
    """Remove the database's tables and the files beside it, then set up empty ones."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        connection.close()
        for leftover in (name, *(name.with_name(name.name + ending) for ending in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    call_command("migrate", verbosity=0)
