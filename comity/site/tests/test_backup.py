"""A backup taken, everything changed, the backup put back: the same rows and files, to the last hash."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest import TestCase, mock, skipUnless

import pytest
from django.test import SimpleTestCase, override_settings

from comity.core.errors import DomainError
from comity.jobs.tests.processes import Ended, Warm
from comity.site import archive, databases
from comity.site.tests.installation import Installation
from comity.testing.migrated import postgresql_template, scratch_database

# Run inside an installation, as a program of its own would be.
GROW = """
from comity.people.models import User
from comity.office.models import VisitTier
for n in range(3):
    User.objects.create_user(f"person{n}-" + MARK + "@example.gov", None, name="Señora 名 " + MARK)
    VisitTier.objects.create(name=MARK + str(n), every_days=30 + n)
"""
SUMS = """
import json
from comity.site.databases import this_database
print(json.dumps(this_database().sums()))
"""
# What backing up and restoring themselves write.
OWN_TRACES = {"audit_entry", "audit_block", "sqlite_sequence"}


def _content(tar: tarfile.TarFile, member: str | tarfile.TarInfo) -> bytes:
    held = tar.extractfile(member)
    assert held is not None
    return held.read()


class Drill:
    """The drill itself, for both kinds of database."""

    office: Installation
    case: TestCase

    def __init__(self, case: TestCase, office: Installation) -> None:
        self.case, self.office = case, office
        self.archive = office.data.with_name(f"{office.data.name}-backup.tar.gz")
        self.warm = Warm({**office.variables, "DJANGO_SETTINGS_MODULE": "comity.site.settings"})
        case.addCleanup(self.warm.stop)

    def comity(self, *arguments: str) -> Ended:
        return self.warm.run(f"from comity.site import cli\nraise SystemExit(cli.main({arguments!r}))")

    def must(self, *arguments: str) -> str:
        done = self.comity(*arguments)
        self.case.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refusal(self, *arguments: str) -> str:
        done = self.comity(*arguments)
        self.case.assertEqual(done.returncode, 1, done.stderr)
        self.case.assertNotIn("Traceback", done.stderr)
        return done.stderr

    def inside(self, program: str, mark: str = "") -> str:
        done = self.warm.run(f"MARK = {mark!r}\n{program}")
        self.case.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def grow(self, mark: str) -> None:
        """More people, more rows, another file, and one file changed."""
        self.inside(GROW, mark)
        files = self.office.data / "files" / "a b"
        files.mkdir(parents=True, exist_ok=True)
        (files / f"{mark} ü.txt").write_text(mark)
        (files / "first.bin").write_bytes(mark.encode() * 1000)

    def state(self) -> dict[str, object]:
        sums = {
            table: found for table, found in json.loads(self.inside(SUMS)).items() if table not in OWN_TRACES
        }
        self.case.assertGreater(sums["people_user"][0], 0)
        files = self.office.data / "files"
        kept = {
            str(path.relative_to(files)): path.read_bytes() for path in files.rglob("*") if path.is_file()
        }
        return {**sums, **kept}

    def run(self) -> None:
        self.grow("before")
        before = self.state()
        said = self.must("backup", str(self.archive))
        self.case.assertIn("2 files", said)
        self.inside("from comity.audit import chain, heads\nchain.seal()\nheads.keep()")
        self.grow("after")
        self.case.assertNotEqual(self.state(), before)

        self.case.assertIn("add --overwrite", self.refusal("restore", str(self.archive)))
        said = self.must("restore", str(self.archive), "--overwrite")
        self.case.assertIn("all as they were", said)
        self.case.assertEqual(self.state(), before)
        # It is another trail than the one whose head was kept, and says so.
        self.case.assertRegex(
            self.must("audit", "verify"), r"A new chain began on [^:]+:\d\d: comity restore .*-backup.tar.gz"
        )
        actions = self.inside(
            "from comity.audit.models import Entry\nprint(*Entry.objects.values_list('action', flat=True))"
        )
        # The backup was written down after it was taken, so of the two only the restore is in the trail now.
        self.case.assertEqual(actions.split(), ["site.restore"])


class OnSQLite(SimpleTestCase):
    prepared: Path

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.prepared = Path(folder.name) / "office"
        Installation(cls.prepared).prepare()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        shutil.copytree(self.prepared, self.folder / "office")
        self.drill = Drill(self, Installation(self.folder / "office"))

    def tampered(self, *, name: str = "database", content: bytes | None = b"other") -> Path:
        """The backup with one member changed, or left out."""
        changed = self.folder / "changed.tar.gz"
        with tarfile.open(self.drill.archive) as old, tarfile.open(changed, "w:gz") as new:
            for member in old:
                data = _content(old, member)
                if member.name == name:
                    if content is None:
                        continue
                    data, member.size = content, len(content)
                new.addfile(member, io.BytesIO(data))
        return changed

    def opening(self, changed: Path) -> str:
        """What is said when this archive is opened, or about what it would need."""
        with (
            override_settings(DATA=self.drill.office.data),
            mock.patch.object(archive, "this_database", databases.SQLite),
            self.assertRaises(DomainError) as caught,
            archive.opened(changed) as unpacked,
        ):
            archive.refuse_what_does_not_fit(unpacked.manifest)
        return str(caught.exception)

    def test_the_drill(self) -> None:
        self.drill.run()

    @pytest.mark.slow
    def test_a_new_machine_takes_it_without_being_asked_twice(self) -> None:
        self.drill.grow("before")
        before = self.drill.state()
        self.drill.must("backup", str(self.drill.archive))
        elsewhere = Drill(self, Installation(self.folder / "elsewhere"))
        elsewhere.must("restore", str(self.drill.archive))
        self.assertEqual(elsewhere.state(), before)

    def test_what_is_not_whole_is_refused_and_nothing_is_touched(self) -> None:
        self.drill.grow("before")
        self.drill.must("backup", str(self.drill.archive))
        self.drill.grow("after")
        now = self.drill.state()
        truncated = self.folder / "truncated.tar.gz"
        truncated.write_bytes(self.drill.archive.read_bytes()[:-2000])
        text = self.folder / "text.tar.gz"
        text.write_text("This is a text.")
        cases: dict[Callable[[], Path], str] = {
            self.tampered: "'database' in the backup has changed",
            lambda: self.tampered(
                name="files/a b/first.bin"
            ): "'files/a b/first.bin' in the backup has changed",
            lambda: self.tampered(content=None): "The backup is missing 'database'",
            lambda: self.tampered(name="manifest.json", content=b"{}"): "has format None",
            lambda: self.tampered(name="manifest.json", content=b"["): "is not a complete backup of Comity",
            lambda: truncated: "is not a complete backup of Comity",
            lambda: text: "is not a complete backup of Comity",
            lambda: self.folder / "none.tar.gz": "There is no file",
        }
        for make, sentence in cases.items():
            with self.subTest(sentence):
                self.assertIn(sentence, self.opening(make()))
        self.drill.refusal("restore", str(self.tampered()), "--overwrite")
        self.assertEqual(self.drill.state(), now)
        self.assertEqual([path.name for path in self.drill.office.data.glob(".restore-*")], [])

    def test_a_member_that_would_leave_its_folder_is_refused(self) -> None:
        self.drill.must("backup", str(self.drill.archive))
        with tarfile.open(self.drill.archive) as tar:
            manifest = json.loads(_content(tar, "manifest.json"))
        manifest["files"] = {"../../../escaped": manifest["database"]}
        changed = self.folder / "changed.tar.gz"
        with tarfile.open(changed, "w:gz") as tar:
            for name, data in (
                ("manifest.json", json.dumps(manifest).encode()),
                ("files/../../../escaped", b""),
            ):
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        self.assertIn("does not list", self.opening(changed))

    def test_a_backup_of_a_newer_version_is_refused(self) -> None:
        self.drill.must("backup", str(self.drill.archive))
        with tarfile.open(self.drill.archive) as tar:
            manifest = json.loads(_content(tar, "manifest.json"))
        manifest["migrations"].append("partners.0999_later")
        manifest["version"] = "99.0.0"
        changed = self.tampered(name="manifest.json", content=json.dumps(manifest).encode())
        self.assertIn("Comity 99.0.0, which is newer", self.opening(changed))

    def test_a_backup_of_the_other_database_is_refused(self) -> None:
        self.drill.must("backup", str(self.drill.archive))
        with tarfile.open(self.drill.archive) as tar:
            manifest = json.loads(_content(tar, "manifest.json"))
        manifest["vendor"] = "oracle"
        changed = self.tampered(name="manifest.json", content=json.dumps(manifest).encode())
        self.assertIn("of type oracle", self.opening(changed))

    def test_a_backup_never_replaces_a_file_and_is_for_its_owner_only(self) -> None:
        self.drill.must("backup", str(self.drill.archive))
        self.assertEqual(self.drill.archive.stat().st_mode & 0o777, 0o600)
        first = self.drill.archive.read_bytes()
        self.assertIn("already exists", self.drill.refusal("backup", str(self.drill.archive)))
        self.assertEqual(self.drill.archive.read_bytes(), first)
        self.assertIn(
            "There is no folder", self.drill.refusal("backup", str(self.folder / "no" / "file.tar.gz"))
        )

    def test_the_secret_key_is_not_in_it(self) -> None:
        self.drill.must("backup", str(self.drill.archive))
        key = (self.drill.office.data / "secret-key").read_bytes()
        with tarfile.open(self.drill.archive) as tar:
            held = {member.name: _content(tar, member) for member in tar}
        self.assertEqual(set(held), {"manifest.json", "database"})
        for name, data in held.items():
            self.assertNotIn(key, data, name)

    def test_the_same_rows_give_the_same_sums_and_any_change_another(self) -> None:
        with closing(sqlite3.connect(":memory:")) as one, closing(sqlite3.connect(":memory:")) as two:
            for database, names in ((one, ["a", "b"]), (two, ["b", "a"])):
                database.execute("CREATE TABLE t (name TEXT PRIMARY KEY, n REAL)")
                database.executemany("INSERT INTO t VALUES (?, 1.5)", [(name,) for name in names])
            same = databases._sqlite_sums(one)
            self.assertEqual(same, databases._sqlite_sums(two))
            two.execute("UPDATE t SET n = 1.25 WHERE name = 'a'")
            self.assertNotEqual(same, databases._sqlite_sums(two))
            self.assertEqual(same["t"].rows, 2)


class WithoutPostgreSQLsPrograms(TestCase):
    def test_a_missing_program_is_named(self) -> None:
        with mock.patch("shutil.which", return_value=None), self.assertRaises(DomainError) as caught:
            databases._run("pg_dump")
        self.assertIn("pg_dump, which is not installed", str(caught.exception))


@skipUnless("DATABASE_URL" in os.environ, "This is about PostgreSQL; DATABASE_URL names none.")
class OnPostgreSQL(TestCase):
    @pytest.mark.slow
    def test_the_drill(self) -> None:
        with tempfile.TemporaryDirectory() as folder, scratch_database(postgresql_template()) as url:
            office = Installation(Path(folder) / "office", DATABASE_URL=url)
            office.prepare()
            Drill(self, office).run()
