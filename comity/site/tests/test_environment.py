"""Settings from the environment: what is taken, and the sentence for what cannot be right."""

from __future__ import annotations

import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import TestCase

from comity.site import environment
from comity.site.environment import BadSettingError, Environment, MailServer
from comity.site.tests.installation import Installation

GOOD_KEY = "k3J9vQ-2mZxT7_pLw8Rf5NcYb1HdGs6UeAoXiB4tMzqK"


class EnvironmentTestCase(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name).resolve()

    def read(self, **variables: str) -> Environment:
        return environment.read({"COMITY_DATA": str(self.data), **variables})

    def refusal(self, **variables: str) -> str:
        with self.assertRaises(BadSettingError) as caught:
            self.read(**variables)
        return str(caught.exception)


class WhatIsTaken(EnvironmentTestCase):
    def test_nothing_set_is_a_small_installation_with_every_lock_on(self) -> None:
        found = self.read()
        self.assertEqual(found.database["NAME"], str(self.data / "comity.sqlite3"))
        self.assertTrue(found.for_real)
        self.assertEqual(found.second_factor, "required")
        self.assertEqual(found.hosts, ["localhost", "127.0.0.1", "[::1]"])
        self.assertIsNone(found.mail)
        self.assertIsNone(found.secret_key)
        self.assertEqual((found.upload_limit_mb, found.idle_minutes, found.log_level), (25, 30, "INFO"))

    def test_the_demo_asks_for_no_second_factor_unless_told_to(self) -> None:
        self.assertEqual(self.read(COMITY_DEMO="1").second_factor, "optional")
        self.assertEqual(
            self.read(COMITY_DEMO="1", COMITY_SECOND_FACTOR="required").second_factor, "required"
        )

    def test_the_demo_has_an_address_that_takes_mail_unless_told_another(self) -> None:
        self.assertEqual(self.read().mail_in, "")
        self.assertEqual(self.read(COMITY_DEMO="1").mail_in, "log@oit.franklin.example")
        told = self.read(COMITY_DEMO="1", COMITY_MAIL_IN="log@example.gov")
        self.assertEqual(told.mail_in, "log@example.gov")

    def test_the_address_gives_the_host_and_the_sender(self) -> None:
        found = self.read(COMITY_ADDRESS="https://comity.example.gov/")
        self.assertEqual(found.address, "https://comity.example.gov")
        self.assertTrue(found.https)
        self.assertEqual(found.hosts[0], "comity.example.gov")
        self.assertEqual(found.mail_from, "comity@comity.example.gov")

    def test_who_keeps_the_heads_of_the_trail(self) -> None:
        named = "auditor@example.gov, /mnt/kept/heads,https://au:pass@kept.example.gov/head"
        found = self.read(COMITY_TRAIL_WITNESSES=named).trail_witnesses
        self.assertEqual(
            found, ("auditor@example.gov", "/mnt/kept/heads", "https://au:pass@kept.example.gov/head")
        )
        self.assertEqual(self.read().trail_witnesses, ())
        for wrong in (
            "auditor",
            "kept/heads",
            "/mnt/kept/",
            "http://kept.example.gov/head",
            "https://",
            "a@b@c",
        ):
            with self.subTest(wrong):
                self.assertIn("must be mail addresses", self.refusal(COMITY_TRAIL_WITNESSES=wrong))

    def test_named_hosts_replace_the_one_of_the_address(self) -> None:
        found = self.read(COMITY_HOSTS="a.example.gov, b.example.gov", COMITY_ADDRESS="https://c.example.gov")
        self.assertEqual(found.hosts, ["a.example.gov", "b.example.gov", "localhost", "127.0.0.1", "[::1]"])

    def test_a_database_url_is_a_postgresql_database(self) -> None:
        found = self.read(DATABASE_URL="postgres://office:p%40ss@db.example.gov:5433/comity").database
        self.assertEqual(found["ENGINE"], "django.db.backends.postgresql")
        self.assertEqual(
            [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")],
            ["office", "p@ss", "db.example.gov", 5433, "comity"],
        )

    def test_a_postgresql_socket_is_named_in_either_way(self) -> None:
        for url in ("postgres:///comity?host=/run/Postgres", "postgres://%2Frun%2FPostgres/comity"):
            found = self.read(DATABASE_URL=url).database
            self.assertEqual((found["HOST"], found["NAME"]), ("/run/Postgres", "comity"))

    def test_a_mail_server_with_starttls(self) -> None:
        found = self.read(COMITY_MAIL_URL="smtp://office:p%2Fss@mail.example.gov:587?tls=1").mail
        self.assertEqual(found, MailServer("mail.example.gov", 587, "office", "p/ss", start_tls=True))

    def test_a_mail_server_takes_the_usual_port_of_its_kind(self) -> None:
        ports = {}
        for url in ("smtp://m.example.gov", "smtp://m.example.gov?tls=1", "smtps://m.example.gov"):
            server = self.read(COMITY_MAIL_URL=url).mail
            assert server is not None
            ports[url] = server.port
        self.assertEqual(list(ports.values()), [25, 587, 465])

    def test_yes_and_no_are_said_in_several_ways(self) -> None:
        for value, meant in {
            "1": True,
            "true": True,
            "YES": True,
            "0": False,
            "off": False,
            "": False,
        }.items():
            self.assertIs(self.read(COMITY_PROXY=value).behind_proxy, meant, value)

    def test_the_servers_in_front_are_named_or_are_on_this_machine(self) -> None:
        self.assertEqual(self.read(COMITY_PROXY="1").proxies, ("127.0.0.1", "::1"))
        named = self.read(COMITY_PROXY=" 10.20.0.5, 10.20.1.0/28,fd00::7 ")
        self.assertEqual(named.proxies, ("10.20.0.5", "10.20.1.0/28", "fd00::7"))

    def test_a_data_folder_is_made(self) -> None:
        found = self.read(COMITY_DATA=str(self.data / "new" / "folder"))
        self.assertTrue(found.data.is_dir())

    def test_a_name_that_is_none_of_ours_is_left_alone(self) -> None:
        self.assertEqual(self.read(COMITY_BENCH_PARTNERS="10").upload_limit_mb, 25)


class WhatIsRefused(EnvironmentTestCase):
    def test_the_whole_internet_is_no_proxy(self) -> None:
        for everybody in ("0.0.0.0/0", "::/0"):
            self.assertIn("COMITY_PROXY", self.refusal(COMITY_PROXY=everybody))

    def test_each_bad_value_is_named_with_what_would_be_right(self) -> None:
        cases = {
            "COMITY_DEBUG": ("perhaps", "1 (yes) or 0 (no)"),
            "COMITY_DEMO": ("2", "1 (yes) or 0 (no)"),
            "COMITY_UPLOAD_LIMIT_MB": ("0", "from 1 to 1000"),
            "COMITY_IDLE_MINUTES": ("half an hour", "from 5 to 1440"),
            "COMITY_LOG_LEVEL": ("LOUD", "DEBUG, INFO, WARNING, ERROR"),
            "COMITY_SECOND_FACTOR": ("no", "required, office, optional"),
            "COMITY_SECRET_KEY": ("secret", "at least 40 random characters"),
            "COMITY_ADDRESS": ("comity.example.gov", "https://comity.example.gov"),
            "COMITY_HOSTS": ("https://comity.example.gov", "without http://"),
            "COMITY_MAIL_URL": ("mail.example.gov", "smtp://user:password@mail.example.gov:587?tls=1"),
            "COMITY_MAIL_FROM": ("the office", "comity@example.gov"),
            "COMITY_MAIL_IN": ("log+x@example.gov", "log@example.gov"),
            "COMITY_MAIL_IN_SERVER": ("mx example", "mx.example.gov"),
            "COMITY_PROXY": ("10.20.0.5,everybody", "10.20.0.5,10.20.1.0/28"),
            "COMITY_TRAIL_WITNESSES": ("the auditor", "auditor@example.gov,/mnt/kept/comity-heads"),
            "COMITY_USAGE_ENGINE": ("hadoop", "spark"),
            "COMITY_USAGE_URL": ("https://storage.example.gov/usage", "s3://comity/usage"),
            "DATABASE_URL": ("mysql://office@db/comity", "postgres://user:password@host:5432/name"),
        }
        # Any text is right for a secret of somebody else's.
        self.assertEqual({*cases, "COMITY_DATA", "COMITY_SERVICENOW_SECRET"}, set(environment.NAMES))
        for name, (value, right) in cases.items():
            with self.subTest(name):
                sentence = self.refusal(**{name: value})
                self.assertTrue(sentence.startswith(name), sentence)
                self.assertIn(right, sentence)
                self.assertNotIn("\n", sentence)

    def test_more_ways_to_be_wrong(self) -> None:
        cases = [
            ("COMITY_ADDRESS", "https://comity.example.gov/app"),
            ("COMITY_ADDRESS", "https://comity.example.gov:port"),
            ("COMITY_ADDRESS", "ftp://comity.example.gov"),
            ("COMITY_HOSTS", "*"),
            ("COMITY_HOSTS", "comity.example.gov:8000"),
            ("COMITY_IDLE_MINUTES", "-5"),
            ("COMITY_IDLE_MINUTES", "٣٠"),
            ("COMITY_MAIL_FROM", "Office <office@example.gov"),
            ("COMITY_MAIL_FROM", "a@example.gov\r\nBcc: b@example.gov"),
            ("COMITY_MAIL_URL", "smtp://mail.example.gov:587?ssl=1"),
            ("COMITY_MAIL_URL", "smtps://mail.example.gov?tls=1"),
            ("COMITY_MAIL_URL", "smtp://mail.example.gov:mail"),
            ("COMITY_SECRET_KEY", "a" * 60),
            ("DATABASE_URL", "postgres://db.example.gov"),
            ("DATABASE_URL", "comity"),
        ]
        for name, value in cases:
            with self.subTest(name=name, value=value):
                self.assertTrue(self.refusal(**{name: value}).startswith(name))

    def test_passwords_are_not_repeated(self) -> None:
        self.assertNotIn("hunter2", self.refusal(DATABASE_URL="mysql://office:hunter2@db/comity"))
        self.assertNotIn("hunter2", self.refusal(COMITY_MAIL_URL="smtp://office:hunter2@mail:x"))

    def test_a_data_folder_that_is_a_file(self) -> None:
        file = self.data / "file"
        file.touch()
        for path in (file, file / "below"):
            self.assertTrue(self.refusal(COMITY_DATA=str(path)).startswith("COMITY_DATA"))

    def test_a_misspelt_name_is_not_passed_over(self) -> None:
        self.assertEqual(
            self.refusal(COMITY_SECOND_FACTOR_="optional"),
            "There is no setting COMITY_SECOND_FACTOR_. Did you mean COMITY_SECOND_FACTOR?",
        )

    def test_the_start_stops_with_the_sentence_alone(self) -> None:
        done = Installation(self.data, COMITY_IDLE_MINUTES="soon").comity("check")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(
            done.stderr, "COMITY_IDLE_MINUTES is 'soon'; it must be a whole number from 5 to 1440.\n"
        )
        self.assertEqual(done.stdout, "")


class TheKeptKey(EnvironmentTestCase):
    def test_it_is_made_once_and_readable_by_its_owner_only(self) -> None:
        first = environment.kept_secret_key(self.data)
        self.assertEqual(environment.kept_secret_key(self.data), first)
        self.assertGreaterEqual(len(first), 40)
        self.assertEqual(stat.S_IMODE((self.data / "secret-key").stat().st_mode), 0o600)
        self.assertEqual([path.name for path in self.data.iterdir()], ["secret-key"])

    def test_processes_that_start_together_agree(self) -> None:
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(environment.kept_secret_key, [self.data] * 32))
        self.assertEqual(len(keys), 1)

    def test_a_key_that_is_long_and_varied_is_taken(self) -> None:
        self.assertEqual(self.read(COMITY_SECRET_KEY=GOOD_KEY).secret_key, GOOD_KEY)
