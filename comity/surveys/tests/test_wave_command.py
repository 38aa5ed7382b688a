"""`comity wave`: what scripts read and do, and with which exit codes."""

from __future__ import annotations

import contextlib
import io
import json
from datetime import timedelta

from django.core.management import CommandError

from comity.audit.models import Entry
from comity.jobs.models import Work
from comity.surveys.management.commands.wave import Command
from comity.surveys.models import Held, Mode, Participant, Wave
from comity.surveys.services import waves
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class WaveCommand(CastTestCase):
    def comity(self, *arguments: str) -> tuple[int, str, str]:
        """What the front door (`site.cli`) does with the command: its exit code, what it prints, why it refused."""
        out = io.StringIO()
        command = Command(stdout=out)
        vars(command)["_called_from_command_line"] = True
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                options = vars(command.create_parser("comity", "wave").parse_args(list(arguments)))
        except SystemExit as stop:
            return int(stop.code or 0), "", ""
        options.pop("args", None)
        try:
            command.execute(**options)
        except CommandError as refused:
            return refused.returncode, out.getvalue(), str(refused)
        return 0, out.getvalue(), ""

    def draft(self) -> Wave:
        return waves.create_wave(
            name="Autumn",
            version=world.version(frozen=False),
            closes_on=self.today + timedelta(days=9),
            by=self.cora,
        )

    def test_list_prints_each_wave_with_stable_keys(self) -> None:
        wave = world.wave(Mode.ANONYMOUS)
        world.invited(wave, self.ben_person, self.parks)
        for number in range(7):
            Held.objects.create(wave=wave, key=str(number), is_complete=True)
        code, out, _err = self.comity("list", "--json")
        (item,) = json.loads(out)["waves"]
        self.assertEqual(code, 0)
        self.assertEqual(
            {**item, "opened_on": None, "closes_on": None},
            {
                "key": "autumn",
                "name": "Autumn",
                "survey": "survey-autumn",
                "version": 1,
                "mode": "anonymous",
                "state": "open",
                "asked": 1,
                "reached": 1,
                "answered": 5,
                "rounded": True,
                "opened_on": None,
                "closes_on": None,
            },
        )
        self.assertIn("1 in all.", self.comity("list")[1])

    def test_open_invites_and_says_how_many(self) -> None:
        wave = self.draft()
        code, out, err = self.comity("open", wave.key)
        self.assertEqual((code, out, err), (0, "4 people were invited.\n", ""))
        wave.refresh_from_db()
        self.assertEqual((wave.state, Work.objects.get().state), ("open", "done"))
        self.assertEqual(Entry.objects.get(action=waves.OPEN).actor, "command line")

    def test_as_says_who_did_it(self) -> None:
        self.comity("open", self.draft().key, "--as", self.cora.email)
        self.assertEqual(Entry.objects.get(action=waves.OPEN).actor_label, str(self.cora))

    def test_remind_writes_once_more(self) -> None:
        wave = self.draft()
        self.comity("open", wave.key)
        self.assertEqual(self.comity("remind", wave.key)[:2], (0, "4 people were reminded.\n"))
        self.assertEqual(set(Participant.objects.values_list("reminders", flat=True)), {1})

    def test_a_refusal_is_1_with_its_sentence_and_changes_nothing(self) -> None:
        wave = self.draft()
        self.comity("open", wave.key)
        for arguments, sentence in (
            (("open", wave.key), "This wave has already been opened."),
            (("open", "nowhere"), "There is no wave with the key 'nowhere'."),
            (
                ("open", wave.key, "--as", "x@y.example"),
                "Nobody in the office has the email address x@y.example.",
            ),
        ):
            self.assertEqual(self.comity(*arguments), (1, "", sentence))
        self.assertEqual(Work.objects.count(), 1)

    def test_wrong_usage_is_2(self) -> None:
        for arguments in ((), ("dance",), ("open",), ("list", "--yaml")):
            self.assertEqual(self.comity(*arguments)[0], 2)
