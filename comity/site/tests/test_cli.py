"""`comity`: the same commands, the same exit codes, and a sentence for whoever typed something else."""

from __future__ import annotations

import contextlib
import io
from argparse import ArgumentParser
from typing import Any
from unittest import TestCase, mock

from django.core.management import BaseCommand, CommandError, load_command_class
from django.db import OperationalError, ProgrammingError
from django.test import SimpleTestCase

from comity.core.errors import DomainError
from comity.site import cli


class Stub(BaseCommand):
    """Stands for the Django command behind a name; does what the test says."""

    requires_system_checks = []
    does: Any = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as")

    def handle(self, *args: Any, **options: Any) -> None:
        type(self).does(options)


class CommandLine(TestCase):
    def comity(self, *arguments: str, does: Any = lambda options: None) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        Stub.does = staticmethod(does)
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch("django.core.management.load_command_class", return_value=Stub()),
            mock.patch("django.db.connections.close_all"),
        ):
            try:
                code = cli.main(list(arguments))
            except SystemExit as stop:
                code = int(stop.code or 0)
        return code, out.getvalue(), err.getvalue()

    def test_the_commands_people_script_are_all_there(self) -> None:
        promised = "admin import wave rates services bill export follow-ups meetings health patterns coverage council audit backup restore check demo serve migrate mail mail-bounce tickets usage worker levels impact sync"
        self.assertEqual(set(cli.COMMANDS), set(promised.split()))

    def test_done_is_0_and_options_arrive(self) -> None:
        seen: list[str] = []
        code, _, err = self.comity(
            "coverage", "--as", "ada@x", does=lambda options: seen.append(options["as"])
        )
        self.assertEqual((code, err, seen), (0, "", ["ada@x"]))

    def test_a_refusal_is_1_with_its_sentence_alone(self) -> None:
        for error in (DomainError("Parks is retired."), CommandError("Parks is retired.")):

            def refuse(options: Any, error: Exception = error) -> None:
                raise error

            self.assertEqual(self.comity("import", does=refuse), (1, "", "Parks is retired.\n"))

    def test_a_database_that_does_not_answer_is_said_in_a_sentence(self) -> None:
        for error in (
            OperationalError("no such table: people_user"),  # SQLite
            ProgrammingError('relation "people_user" does not exist'),  # PostgreSQL
        ):

            def fail(options: Any, error: Exception = error) -> None:
                raise error

            code, _, err = self.comity("admin", does=fail)
            self.assertEqual(code, 1)
            self.assertIn(f"The database cannot be used: {error}", err)
            self.assertIn("comity migrate", err)

    def test_wrong_usage_is_2(self) -> None:
        for arguments in ([], ["shell"], ["runserver"], ["coverage", "--csv"], ["coverage", "extra"]):
            with self.subTest(arguments):
                code, out, err = self.comity(*arguments)
                self.assertEqual((code, out), (2, ""))
                self.assertIn("usage: comity", err)

    def test_djangos_own_commands_are_not_offered(self) -> None:
        self.assertIn("there is no command 'dbshell'", self.comity("dbshell")[2])

    def test_help_and_version_go_to_standard_output(self) -> None:
        code, out, err = self.comity("--help")
        self.assertEqual((code, err), (0, ""))
        for name in cli.COMMANDS:
            self.assertIn(f"  {name} ", out)
        self.assertRegex(self.comity("--version")[1], r"^Comity \d+\.\d+\.\d+\n$")

    def test_a_commands_help_names_it_as_typed_and_hides_what_is_djangos(self) -> None:
        code, out, _ = self.comity("follow-ups", "--help")
        self.assertEqual(code, 0)
        self.assertIn("usage: comity follow-ups", out)
        self.assertNotIn("--pythonpath", out)

    def test_stopping_with_control_c_shows_no_traceback(self) -> None:
        def interrupted(options: Any) -> None:
            raise KeyboardInterrupt

        self.assertEqual(self.comity("demo", does=interrupted), (130, "", ""))

    def test_behind_every_name_there_is_a_command_that_says_what_it_does(self) -> None:
        for name, entry in cli.COMMANDS.items():
            with self.subTest(name):
                self.assertTrue(load_command_class(f"comity.{entry.room}", entry.command).help)


class Help(SimpleTestCase):
    """Django lets a test of this kind ask no database."""

    def test_what_import_takes_is_said_before_there_is_a_database(self) -> None:
        command = load_command_class("comity.imports", "import_file")
        said = command.create_parser("comity", "import").format_help()
        self.assertRegex(said, r"--mode MODE .*\s.*One of:\s+named,\s+confidential,\s+anonymous")
