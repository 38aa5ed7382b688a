"""`comity check` names everything that is lacking, and nothing that is not."""

from __future__ import annotations

import io
import json
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from comity.audit.chain import Verification
from comity.audit.models import Block
from comity.jobs.models import Due
from comity.people.models import RoleGrant, User
from comity.people.roles import Role
from comity.site import readiness
from comity.site.environment import MailServer

KEY = "k3J9vQ-2mZxT7_pLw8Rf5NcYb1HdGs6UeAoXiB4tMzqK"


class Readiness(TestCase):
    """An installation in which nothing is lacking; each test takes one thing away."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name)
        self.here = replace(
            settings.HERE,
            data=self.data,
            secret_key=KEY,
            hosts=["comity.example.gov"],
            address="https://comity.example.gov",
            proxies=("127.0.0.1",),
            mail=MailServer("mail.example.gov", 587, start_tls=True),
            mail_from="comity@example.gov",
            second_factor="required",
        )
        self.backed_up(hours_ago=3)
        self.ada = User.objects.create_user("ada@example.gov", None, name="Ada")
        RoleGrant.objects.create(user=self.ada, role=Role.ADMINISTRATOR)
        self.due = Due.objects.create(name="seal", next_at=timezone.now(), last_started_at=timezone.now())

    def backed_up(self, *, hours_ago: int) -> None:
        made = timezone.now() - timedelta(hours=hours_ago)
        (self.data / "last-backup.json").write_text(json.dumps({"made_at": made.isoformat()}))

    @contextmanager
    def installation(self, trail: Any = None, server: Any = None, **changes: Any) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(
                override_settings(
                    HERE=replace(self.here, **changes), LAST_BACKUP=self.data / "last-backup.json"
                )
            )
            stack.enter_context(mock.patch.object(readiness, "verify", return_value=trail or Verification()))
            stack.enter_context(mock.patch("smtplib.SMTP", side_effect=server))
            yield

    def lacking(self, **changes: Any) -> list[str]:
        with self.installation(**changes):
            return readiness.lacking()

    def test_nothing_is_lacking(self) -> None:
        self.assertEqual(self.lacking(), [])

    def test_each_thing_taken_away_is_named_alone(self) -> None:
        cases: dict[str, dict[str, Any]] = {
            "COMITY_DEBUG is on": {"debug": True},
            "COMITY_DEMO is on": {"demo": True},
            "COMITY_SECRET_KEY is not set": {"secret_key": None},
            "links in emails would not work": {"address": "http://localhost:8000", "hosts": ["localhost"]},
            "without https": {"address": "http://comity.example.gov"},
            "redirected in a loop": {"proxies": ()},
            "COMITY_HOSTS does not name comity.example.gov": {"hosts": ["other.example.gov"]},
            "COMITY_SECOND_FACTOR is optional": {"second_factor": "optional"},
            "COMITY_MAIL_URL is not set": {"mail": None},
        }
        for sentence, changes in cases.items():
            with self.subTest(sentence):
                found = self.lacking(**changes)
                self.assertEqual(len(found), 1, found)
                self.assertIn(sentence, found[0])

    def assert_lacks(self, sentence: str, **changes: Any) -> None:
        found = self.lacking(**changes)
        self.assertEqual(len(found), 1, found)
        self.assertIn(sentence, found[0])

    @override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
    def test_a_mail_server_that_does_not_answer_or_turns_us_away(self) -> None:
        self.assert_lacks(
            "mail.example.gov, port 587, cannot be used", server=ConnectionRefusedError("refused")
        )
        self.assert_lacks("cannot be used", server=smtplib.SMTPAuthenticationError(535, b"wrong password"))

    def test_an_old_backup_and_none(self) -> None:
        self.backed_up(hours_ago=25)
        self.assertEqual(self.lacking(), [])
        self.backed_up(hours_ago=27)
        self.assert_lacks("The last backup was made")
        (self.data / "last-backup.json").unlink()
        self.assert_lacks("There is no backup yet")

    def test_a_data_folder_that_others_can_read(self) -> None:
        self.data.chmod(0o755)
        self.assert_lacks(f"chmod 750 {self.data}")
        self.data.chmod(0o750)
        self.assertEqual(self.lacking(), [])

    def test_a_full_disk(self) -> None:
        with mock.patch("shutil.disk_usage") as usage:
            usage.return_value.free = 5_000_000
            self.assert_lacks("Disk space is low where the data is stored: 5 MB")

    def test_an_administrator_who_has_left_does_not_count(self) -> None:
        User.objects.filter(pk=self.ada.pk).update(is_active=False)
        self.assert_lacks("There is no administrator")

    def test_a_worker_that_is_gone(self) -> None:
        Due.objects.update(last_started_at=timezone.now() - timedelta(hours=2))
        self.assert_lacks("No background work has run")
        Due.objects.all().delete()
        self.assert_lacks("No background work has run")

    def test_recurring_work_that_failed(self) -> None:
        Due.objects.update(last_error="error abcd2345")
        self.assert_lacks("'seal' failed on its last run (error abcd2345)")

    def test_a_trail_that_was_tampered_with(self) -> None:
        broken = Verification(problems=["Block 3 differs."])
        self.assert_lacks("The trail was tampered with: one problem. Block 3 differs.", trail=broken)

    def test_what_keeps_the_heads_of_the_trail_and_cannot_be_read_or_is_gone(self) -> None:
        away = Verification(unreadable={"https://kept.example.gov/head": "HTTP Error 500"})
        self.assert_lacks(
            "What https://kept.example.gov/head keeps of the trail cannot be read: HTTP Error 500.",
            trail=away,
        )
        Block.objects.create(
            first_entry=1, last_entry=1, count=1, digest="x", sealed_at=timezone.now() - timedelta(hours=27)
        )
        self.assert_lacks("which keeps the heads of the trail, is gone or empty")

    def test_what_the_trail_was_compared_with_is_said(self) -> None:
        trail = Verification(compared=["Compared with the head of 2026-11-25 02:15 kept in x."])
        out = io.StringIO()
        with self.installation(trail=trail):
            call_command("check_install", stdout=out)
        self.assertIn("The trail: Compared with the head of 2026-11-25 02:15 kept in x.", out.getvalue())

    def test_an_old_database_is_said_before_anything_is_asked_of_it(self) -> None:
        with mock.patch.object(readiness, "MigrationExecutor") as executor, self.assertNumQueries(0):
            executor.return_value.migration_plan.return_value = ["partners.0002"]
            self.assert_lacks("Run `comity migrate`")

    def test_the_command_refuses_with_a_list_and_is_content_when_all_is_well(self) -> None:
        with self.installation(debug=True, demo=True), self.assertRaises(CommandError) as caught:
            call_command("check_install")
        lines = str(caught.exception).splitlines()
        self.assertEqual(lines[0], "Still needed:")
        self.assertEqual([line[:2] for line in lines[1:]], ["- ", "- "])
        with self.installation(), mock.patch("sys.stdout.write") as said:
            call_command("check_install")
        self.assertIn("Nothing is missing.", "".join(call.args[0] for call in said.call_args_list))

    def test_sqlite_is_advised_against_only_for_many(self) -> None:
        with override_settings(ON_SQLITE=True):
            self.assertIn("PostgreSQL", readiness.advice()[0])
        with override_settings(ON_SQLITE=False):
            self.assertEqual(readiness.advice(), [])
