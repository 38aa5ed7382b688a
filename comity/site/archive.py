"""One file that holds an installation: its database, its files, and a list of both by which they can be proved.

A tar.gz of `manifest.json`, `database`, and `files/...`. It can be read without Comity. What it does not hold is the
secret key: whoever has a backup cannot sign in with it.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

import comity
from comity.core.errors import DomainError
from comity.site.databases import TableSum, TableSums, this_database

FORMAT = 1
BLOCK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What an archive holds."""

    format: int
    version: str
    made_at: str  # ISO 8601, with its offset from UTC
    vendor: str
    migrations: list[str]
    tables: TableSums
    database: str  # sha256 of the member
    files: dict[str, str]  # path below files/ to sha256

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True)
class Unpacked:
    """An archive laid out in a folder, with every hash found right."""

    manifest: Manifest
    database: Path
    files: Path


def write(archive: Path) -> Manifest:
    """Write this installation into `archive`, which appears whole or not at all; others go on working meanwhile."""
    if archive.exists():
        raise DomainError(f"{archive} already exists, and a backup never replaces a file. Choose a new name.")
    if not archive.parent.is_dir():
        raise DomainError(f"There is no folder {archive.parent}.")
    try:
        with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as folder:
            manifest = _gather(Path(folder) / "database")
            unfinished = Path(folder) / "archive"
            _pack(unfinished, Path(folder) / "database", manifest)
            unfinished.chmod(0o600)
            unfinished.rename(archive)
    except OSError as error:
        raise DomainError(f"The backup cannot be written to {archive.parent}: {error.strerror}.") from error
    return manifest


@contextmanager
def opened(archive: Path) -> Iterator[Unpacked]:
    """Lay `archive` out and verify all of it; nothing of the installation is touched. Raises DomainError."""
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".restore-") as folder:
        try:
            with tarfile.open(archive, "r:gz") as tar:
                manifest = _manifest(tar)
                _unpack(tar, manifest, Path(folder))
        except FileNotFoundError:
            raise DomainError(f"There is no file {archive}.") from None
        except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
            raise DomainError(f"{archive} is not a complete backup of Comity.") from error
        yield Unpacked(manifest, Path(folder) / "database", Path(folder) / "files")


def refuse_what_does_not_fit(manifest: Manifest) -> None:
    """Raises DomainError where this installation cannot take what the archive holds."""
    vendor = this_database().vendor
    if manifest.vendor != vendor:
        raise DomainError(
            f"This backup comes from a database of type {manifest.vendor}, and this installation has {vendor}. "
            "Point DATABASE_URL at a database of the kind it came from."
        )
    unknown = set(manifest.migrations) - _migrations_on_disk()
    if unknown:
        raise DomainError(
            f"This backup was made by Comity {manifest.version}, which is newer than this one "
            f"({comity.__version__}). Install that version first."
        )


def people_here() -> int:
    """How many people this installation knows; 0 where it is empty, or not even prepared."""
    user = get_user_model()
    if user._meta.db_table not in connection.introspection.table_names():
        return 0
    return user._base_manager.count()


def replace_with(unpacked: Unpacked) -> None:
    """Put database and files in the place of what is here, and prove that they are what the archive says."""
    database = this_database()
    database.put_back(unpacked.database)
    wrong = different(unpacked.manifest.tables, database.sums())
    if wrong:
        raise DomainError(f"After the restore, these tables differ from the backup: {', '.join(wrong)}.")
    here = settings.MEDIA_ROOT
    unpacked.files.mkdir(exist_ok=True)
    if here.exists():
        here.rename(unpacked.files.with_name("files-before"))  # goes with the folder it is in
    unpacked.files.rename(here)


def different(expected: TableSums, found: TableSums) -> list[str]:
    """The tables that are not the same in both."""
    return sorted(
        table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table)
    )


def _gather(database: Path) -> Manifest:
    tables = this_database().take_out(database)
    return Manifest(
        format=FORMAT,
        version=comity.__version__,
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        vendor=this_database().vendor,
        migrations=sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations),
        tables=tables,
        database=_sha256(database),
        files={path: _sha256(settings.MEDIA_ROOT / path) for path in _files_here()},
    )


def _files_here() -> list[str]:
    if not settings.MEDIA_ROOT.exists():
        return []
    found = (path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path.relative_to(settings.MEDIA_ROOT).as_posix() for path in found)


def _pack(archive: Path, database: Path, manifest: Manifest) -> None:
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
        listed = database.with_name("manifest.json")
        listed.write_text(text, encoding="utf-8")
        tar.add(listed, "manifest.json")
        tar.add(database, "database")
        for path in manifest.files:
            tar.add(settings.MEDIA_ROOT / path, f"files/{path}", recursive=False)


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    source = tar.extractfile(first) if first and first.name == "manifest.json" else None
    if source is None:
        raise ValueError("It does not start with its manifest.")
    fields: dict[str, Any] = json.load(source)
    if fields.get("format") != FORMAT:
        raise DomainError(
            f"This backup has format {fields.get('format')}; this Comity reads format {FORMAT}."
        )
    fields["tables"] = {table: TableSum(*found) for table, found in fields["tables"].items()}
    return Manifest(**fields)


def _unpack(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    """Lay out what the manifest lists, and only that; a hash that differs or a member too few or too many is refused."""
    missing = {
        "database": manifest.database,
        **{f"files/{path}": found for path, found in manifest.files.items()},
    }
    while member := tar.next():
        expected = missing.pop(member.name, None)
        source = tar.extractfile(member) if member.isreg() else None
        if expected is None or source is None or ".." in PurePosixPath(member.name).parts:
            raise DomainError(f"The backup contains {member.name!r}, which its manifest does not list.")
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.touch(mode=0o600, exist_ok=False)
        with target.open("wb") as file:
            if _copy(source, file) != expected:
                raise DomainError(f"{member.name!r} in the backup has changed since the backup was made.")
    if missing:
        raise DomainError(f"The backup is missing {min(missing)!r}, which its manifest lists.")


def _copy(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()


def _migrations_on_disk() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
