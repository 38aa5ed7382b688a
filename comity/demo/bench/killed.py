"""What is done and killed by `kills`: each with what must be there in the end."""

from __future__ import annotations

import time
from collections import Counter
from http.client import HTTPException
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from comity.demo.bench import answering, serving
from comity.demo.bench.killing import KILLS, Found, Kills, has_ended, kill, strike, until
from comity.demo.bench.surveys import make_version
from comity.jobs.worker import Worker
from comity.outbox import sending
from comity.outbox.models import Message
from comity.outbox.tests.smtp import Server
from comity.partners.duplicates import services as duplicates
from comity.partners.models import Merge, Partner, Person, Position
from comity.people.models import User
from comity.surveys.models import Held, Mode, Participant, Response, Version, Wave
from comity.surveys.services import sending as inviting
from comity.surveys.services import waves
from comity.surveys.services.sealing import opened


def _body(name: str) -> Partner:
    return Partner.objects.create(name=name, name_key=name.casefold(), code=name.upper(), kind="agency")


class Importing(Kills):
    """`comity import`: killed, the same command is given again, and has to end at once."""

    name = "import"
    rows = 300

    def prepare(self) -> None:
        _body("Import")
        self.number, self.stuck = 0, 0
        self.takes = self.timed(lambda: self.begin(0), self.work)

    def begin(self, number: int) -> None:
        if self.number:
            self.go_on()
        self.number += 1
        people = (
            f"Person {self.number}-{row},{self._address(row)},IMPORT,Clerk\n" for row in range(self.rows)
        )
        self.file = self.folder / f"{self.number}.csv"
        self.file.write_text("Name,E-mail,Agency code,Title\n" + "".join(people))

    def _address(self, row: int) -> str:
        return f"p{self.number}-{row}@import.example"

    def work(self) -> None:
        call_command("import_file", "people", str(self.file))

    def go_on(self) -> None:
        self.stuck += self.finishes(self.work) != 0

    def count(self) -> Found:
        of = self.number * self.rows
        mine = Person.objects.filter(email__endswith="@import.example")
        there = Counter(mine.standing().values_list("email", flat=True))
        hidden = mine.filter(arriving=True).count()
        return Found(of, of - len(there), there.total() - len(there), self.stuck + hidden)


class Sending(Kills):
    """Mail on its way to a server that writes down what it took."""

    name = "sending"
    twice_per_kill = 1  # the server took it, and we were killed before we heard
    takes = 0.2
    mails = 20

    def prepare(self) -> None:
        self.taken, said = self.folder / "taken", self.folder / "port"
        self.server = self.fork(lambda: self._listen(said))
        until(lambda: said.exists() and said.read_text().endswith("\n"))
        settings.MAIL_LEAVES, settings.EMAIL_HOST, settings.EMAIL_PORT = (
            True,
            serving.HOST,
            int(said.read_text()),
        )
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        self.mine = Message.objects.filter(kind="kills")

    def _listen(self, said: Path) -> None:
        server = Server()

        def note() -> None:
            with self.taken.open("a") as file:
                file.write(f"{server.ids[-1]}\n")

        server.after_taking = note
        said.write_text(f"{server.port}\n")
        while True:
            time.sleep(60)

    def begin(self, number: int) -> None:
        now = timezone.now()
        Message.objects.bulk_create(
            Message(
                kind="kills",
                to=f"u{each}@sending.example",
                subject="S",
                text="T",
                message_id=f"<{number}-{each}@kills>",
                send_after=now,
            )
            for each in range(self.mails)
        )

    def work(self) -> None:
        while True:
            if not sending.send_waiting().sent:
                time.sleep(0.01)

    def go_on(self) -> None:
        pid = self.fork(self.work)
        until(lambda: not self.mine.exclude(state=Message.State.SENT).exists())
        kill(pid)
        kill(self.server)
        settings.MAIL_LEAVES = False

    def count(self) -> Found:
        arrived = Counter(self.taken.read_text().split())
        sent = set(self.mine.filter(state=Message.State.SENT).values_list("message_id", flat=True))
        of = self.mine.count()
        return Found(of, len(sent - arrived.keys()), arrived.total() - len(arrived), of - len(sent))


class Opening(Kills):
    """A wave's opening, by the worker: who starts next goes on at once."""

    name = "opening"
    takes = 0.5
    people = 2_000

    def prepare(self) -> None:
        inviting.PILE = 20
        self.version = Version.objects.filter(survey__key="bench").first() or make_version()

    def begin(self, number: int) -> None:
        if Wave.objects.filter(state=Wave.State.OPENING).exists():
            return
        body = _body(f"Opening {number}")
        people = Person.objects.bulk_create(
            Person(name=f"Person {each}", email=f"p{number}-{each}@opening.example")
            for each in range(self.people)
        )
        Position.objects.bulk_create(Position(partner=body, person=one, title="Clerk") for one in people)
        wave = Wave.objects.create(
            key=f"kills-{number}",
            name=f"Wave {number}",
            version=self.version,
            mode=Mode.NAMED,
            audience={"partners": [body.pk]},
            state=Wave.State.OPENING,
            opened_at=timezone.now(),
        )
        waves.go_on_opening(wave, by="command line")

    def work(self) -> None:
        Worker(look_every=0.05).run()

    def go_on(self) -> None:
        pid = self.fork(self.work)
        until(lambda: not Wave.objects.filter(state=Wave.State.OPENING).exists())
        kill(pid)

    def count(self) -> Found:
        mine = Participant.objects.filter(wave__key__startswith="kills-")
        sent = set(mine.filter(state=Participant.State.SENT).values_list("pk", flat=True))
        written = Counter(
            int(pk)
            for pk in Message.objects.filter(to__endswith="@opening.example").values_list(
                "about_id", flat=True
            )
        )
        of = self.people * Wave.objects.filter(key__startswith="kills-").count()
        return Found(of, len(sent - written.keys()), written.total() - len(written), of - len(sent))


class Answering(Kills):
    """People who answer while the server is killed: what it said it has is there, and what it did not can be sent again."""

    name = "answering"
    takes = 1.0
    answers = 60  # at most, of each server

    def prepare(self) -> None:
        self.tokens = answering.make_links(self.answers * (KILLS + 1))
        self.seen = answering.Seen()
        self.in_doubt: list[str] = []
        self.port = 0

    def begin(self, number: int) -> None:
        self.port = serving.free_port()

    def work(self) -> None:
        call_command("serve", port=self.port, no_worker=True)

    def meanwhile(self, pid: int) -> None:
        serving.wait_for(self.port)
        wait = self.moment()
        killer = self.fork(lambda: strike(pid, after=wait))
        while not has_ended(killer):
            token = self.tokens.pop()
            if not self._answers(token):
                self.in_doubt.append(token)

    def _answers(self, token: str) -> bool:
        before = len(self.seen.accepted)
        try:
            answering._answer(self.port, token, (0.0, 0.0), self.seen)
        except HTTPException:
            return False
        return len(self.seen.accepted) > before

    def go_on(self) -> None:
        """Those in doubt look again; whose words are not there sends them again."""
        self.begin(0)
        pid = self.fork(self.work)
        serving.wait_for(self.port)
        kept = set(self._kept())
        self.stuck = [
            token for token in self.in_doubt if f"Words {token}" not in kept and not self._answers(token)
        ]
        kill(pid)

    def _kept(self) -> list[str]:
        held = [opened(row.answers, row.key) for row in Held.objects.all()]
        rows = [*held, *Response.objects.values_list("answers", flat=True)]
        return [str(one.get("change")) for one in rows]

    def count(self) -> Found:
        kept = Counter(self._kept())
        accepted = self.seen.accepted
        return Found(
            len(accepted), len(set(accepted) - kept.keys()), kept.total() - len(kept), len(self.stuck)
        )


class Merging(Kills):
    """Two partners made one, each with people of its own."""

    name = "merging"
    pairs, posts = 4, 10

    def prepare(self) -> None:
        self.by = User.objects.create_user("kills@merging.example", None, name="Kim")
        self.made: list[tuple[int, int]] = []
        self.takes = self.timed(lambda: self.begin(-1), self.work)

    def begin(self, number: int) -> None:
        for each in range(self.pairs):
            one, two = (_body(f"Merging {number} {each} {side}") for side in "ab")
            people = Person.objects.bulk_create(Person(name=f"Person {n}") for n in range(self.posts))
            Position.objects.bulk_create(
                Position(partner=(one, two)[n % 2], person=person, title="Clerk")
                for n, person in enumerate(people)
            )
            self.made.append((one.pk, two.pk))

    def _waiting(self) -> list[tuple[int, int]]:
        waiting = set(Partner.objects.filter(merged_into=None).values_list("pk", flat=True))
        return [(one, two) for one, two in self.made if two in waiting]

    def work(self) -> None:
        for one, two in self._waiting():
            duplicates.merge(duplicates.PARTNERS, survivor_id=one, tombstone_id=two, theirs={}, by=self.by)

    def go_on(self) -> None:
        self.finishes(self.work)

    def count(self) -> Found:
        at = Counter(Position.objects.values_list("partner", flat=True))
        lost = sum(self.posts - at[one] for one, two in self.made)
        merges = Merge.objects.values("tombstone_id").annotate(times=Count("pk"))
        twice = sum(row["times"] - 1 for row in merges)
        return Found(len(self.made), lost, twice, len(self._waiting()))


SUBJECTS = (Importing, Sending, Answering, Opening, Merging)
