"""Planning, writing and taking back the rows of a file of responses, as any list that is imported."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.imports import setwise
from comity.imports.applying import actor_of
from comity.imports.columns import normal
from comity.imports.models import Import, ImportRow
from comity.imports.parsing import clean
from comity.imports.preview import OURS
from comity.imports.profiles import Handler, Plan, Profile, Row, Staged
from comity.imports.setwise import staged
from comity.jobs.progress import Unwatched
from comity.partners.importing.fields import PARTNER
from comity.partners.models import Partner
from comity.surveys.capabilities import SEE_CONFIDENTIAL
from comity.surveys.importing import waves
from comity.surveys.importing.about import AboutForm, refuse_wave
from comity.surveys.importing.asking import FIXED, asking_of, fields_of
from comity.surveys.models import Mode, Response, Rules, Wave
from comity.surveys.models.wave import POPULATION
from comity.surveys.services.anonymizing import IMPORTED
from comity.surveys.services.answers import Answers, accepted
from comity.surveys.services.closing import finish
from comity.surveys.services.low_ratings import hear_imported, tell_of_imported
from comity.ui.csv import restore

IMPORT = "surveys.import_responses"
UNDO = "surveys.undo_import_responses"
ASKED = "asked"  # of a row: they were asked, and did not answer
BITS = 62  # of a response's key
# So many new rows, and so many of each ten, are asked about where they repeat what the wave has.
FEWEST_ALIKE, ALIKE_OF_TEN = 3, 9
PILE = 500
# What is written of a response that has no participant.
RESPONSE = ("id", "wave", "partner", "answers", "is_complete", "may_contact", "language", "revision")
Outcome = ImportRow.Outcome
Said = tuple[Answers, int | None]  # answers, and for which partner


class ResponseRows(Handler):
    """See comity.imports.profiles.Handler.

    It has no acts for single rows: not everybody who reads the trail may know who said what. Rows of an anonymous wave are
    never written as responses: they lie in the import until they are counted, and then are destroyed with it.
    """

    def __init__(self, batch: Import) -> None:
        self.batch = batch
        self.keeps_rows = batch.about.get("mode") != Mode.ANONYMOUS

    # --- what becomes of each row ---

    def fingerprint(self) -> str:
        asking = asking_of(self.batch)
        wave = asking.wave
        facts = (
            wave and (wave.pk, wave.state, wave.imported, wave.mode, wave.audience),
            [(one.key, one.kind, one.choices) for one in asking.questions],
            Response.objects.filter(wave=wave).aggregate(Count("pk"), Sum("revision")),
            PARTNER.read().tables,
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    def plan(self, rows: Sequence[Row]) -> Iterator[Plan]:
        self.asking = asking_of(self.batch)
        wave = self.asking.wave
        if wave is not None:
            refuse_wave(wave)
        self.mapped = set(self.batch.mapping.values())
        self.names = dict(Partner.objects.values_list("pk", "name"))
        self.known: dict[int, Said] = {}
        if wave is not None:
            there = wave.responses.values_list("pk", "answers", "partner")
            self.known = {pk: (answers, partner) for pk, answers, partner in there.iterator()}
        self.lines: dict[int, int] = {}
        self.times: Counter[str] = Counter()
        self.silent = 0
        new: list[Said] = []
        changed = 0
        for row in rows:
            try:
                plan = self._planned(row)
            except DomainError as error:
                plan = Plan(row, Outcome.SET_ASIDE, field=error.field, reason=str(error))
            if plan.outcome == Outcome.NEW:
                new.append(plan.write["now"])
            changed += plan.outcome == Outcome.CHANGED
            yield plan
        self._refuse(wave, new, changed)

    def _planned(self, row: Row) -> Plan:
        """What becomes of one row. Raises DomainError if it cannot be taken."""
        questions = self.asking.questions
        said = {one.key: row.values[one.key] for one in questions if one.key in row.values}
        respondent = row.values.get("respondent", "")
        if not said and not respondent and not row.values.get("response_status"):
            raise DomainError(_("All mapped columns are empty."))
        key = self._key(row, respondent)
        if key in self.lines:
            raise DomainError(
                _("Line %(line)s is of the same respondent.") % {"line": self.lines[key]}, "respondent"
            )
        self.lines[key] = row.line
        was = self.known.get(key)
        if not said:
            return self._silent(row, respondent, answered_before=was is not None)
        now: Said = accepted(questions, said), row.values.get("partner")
        if was is not None:
            # What other columns said, when those were mapped, stays.
            kept = {one: value for one, value in was[0].items() if one not in self.mapped}
            now = kept | now[0], now[1] if "partner" in self.mapped else was[1]
        outcome = Outcome.NEW if was is None else Outcome.SAME if now == was else Outcome.CHANGED
        named = [respondent, self.names.get(now[1] or 0, "")]
        return Plan(
            row,
            outcome,
            label=", ".join(filter(None, named)) or _("Nobody is named"),
            changes=self._changes(was, now) if was is not None else {},
            write={} if outcome == Outcome.SAME else {"was": was, "now": now},
            target_id=key,
        )

    def _silent(self, row: Row, respondent: str, *, answered_before: bool) -> Plan:
        """Somebody who was asked: nothing is written of them, but they are counted, unless they answered before."""
        self.silent += not answered_before
        write = {} if answered_before else {ASKED: True}
        named = respondent or _("Nobody is named")
        return Plan(row, Outcome.SAME, label=named, write=write, reason=_("Asked, without an answer."))

    def _changes(self, was: Said, now: Said) -> dict[str, list[Any]]:
        found = {
            one.key: [was[0].get(one.key), now[0].get(one.key)]
            for one in self.asking.questions
            if was[0].get(one.key) != now[0].get(one.key)
        }
        if was[1] != now[1]:
            found["partner"] = [self.names.get(at or 0, "") for at in (was[1], now[1])]
        return found

    def _key(self, row: Row, respondent: str) -> int:
        """Of the respondent's ID; else of what the row says, and how often that was said before in the file. Not of what we
        wrote beside rows that were set aside.
        """
        said = (
            [f"respondent\x1f{respondent}"]
            if respondent
            else sorted(
                f"{normal(header)}\x1f{text}"
                for header, cell in zip(self.batch.headers, row.cells, strict=False)
                if (text := clean(restore(cell), lines=True)) and normal(header) not in OURS
            )
        )
        text = "\x1e".join([self.asking.about["wave"], *said])
        self.times[text] += 1
        number = 1 if respondent else self.times[text]
        digest = hashlib.sha256(f"{text}\x1e{number}".encode()).digest()
        return int.from_bytes(digest[:8], "big") >> (64 - BITS)

    def _refuse(self, wave: Wave | None, new: Sequence[Said], changed: int) -> None:
        """After all rows. Raises DomainError for a file that must not be written as it is."""
        people = len(self.known) + len(new)
        population = self.asking.about["population"]
        if population is None and wave is not None and not self.silent:
            population = wave.audience.get(POPULATION)
        if population is not None and people + self.silent > population:
            said = _("%(answers)s people answered, so there cannot be only %(population)s.")
            if people <= population:
                said = _(
                    "The file names %(asked)s people who were asked, so there cannot be only %(population)s."
                )
            told = {"answers": people, "asked": people + self.silent, "population": population}
            raise DomainError(said % {name: f"{number:,}" for name, number in told.items()})
        shown = wave is not None and wave.imported and len(self.known) >= wave.smallest_group
        if wave is not None and shown and wave.hides_who and (new or changed):
            raise DomainError(
                _(
                    "“%(wave)s” is confidential and already counted, so any change would show whose response it is. "
                    "Undo its import, then import all responses in one file."
                )
                % {"wave": wave}
            )
        there = Counter(_alike(said) for key, said in self.known.items() if key not in self.lines)
        alike = (there & Counter(map(_alike, new))).total()
        many = alike >= FEWEST_ALIKE and alike * 10 >= len(new) * ALIKE_OF_TEN
        if many and not self.asking.about["others"]:
            raise DomainError(
                _(
                    "%(alike)s of %(new)s new rows have exactly the answers of responses already in “%(wave)s”. If this is the "
                    "same file, saved differently, leave it. If these are other people, say so."
                )
                % {"alike": f"{alike:,}", "new": f"{len(new):,}", "wave": wave}
            )

    # --- writing ---

    def begin(self, batch: Import) -> None:
        self.new: list[tuple[int, Said]] = []

    def prepare(self, batch: Import, rows: Sequence[Staged]) -> None:
        """Only held ready: all is written at once, by the size of the keys, so that every index grows at its end."""
        self.new += [(row.target_id or 0, row.write["now"]) for row in rows if row.outcome == Outcome.NEW]

    def hold(self) -> None:
        Wave.objects.select_for_update().filter(key=self.batch.about["wave"]).first()

    def commit(self, batch: Import) -> None:
        """The responses, and the wave where there is none; it is left to be counted."""
        asking = asking_of(batch)
        population = _population(batch, asking.wave)
        if not (batch.rows_new or batch.rows_changed or population):
            return
        wave = waves.ready(batch, asking, population)
        if self.keeps_rows == (wave.mode == Mode.ANONYMOUS):
            raise DomainError(
                _("“%(wave)s” now promises something else. Describe the file again.") % {"wave": wave}
            )
        if self.keeps_rows:
            self._write(batch, wave)
        self._tell(batch, IMPORT, wave)

    def _write(self, batch: Import, wave: Wave) -> None:
        rows = (
            (key, wave.pk, partner, json.dumps(answers), True, False, "", 1)
            for key, (answers, partner) in sorted(self.new, key=itemgetter(0))
        )
        setwise.insert(Response, RESPONSE, rows)
        _turn(batch, "now")

    def _tell(self, batch: Import, action: str, wave: Wave) -> None:
        figures = {
            "new": batch.rows_new,
            "changed": batch.rows_changed,
            "population": wave.population,
        }
        audit.record(by=actor_of(batch), action=action, target=wave, after=figures)

    # --- taking back ---

    def obstacles(self, batch: Import) -> list[str]:
        wave = Wave.objects.filter(key=batch.about["wave"]).first()
        return [] if wave is None else list(waves.built_on(batch, wave))

    def revert(self, batch: Import) -> None:
        if not batch.made:
            return
        wave = Wave.objects.select_related("version__survey").get(key=batch.about["wave"])
        made = ImportRow.objects.filter(batch=batch, outcome=Outcome.NEW)
        setwise.delete(Response.objects.filter(pk__in=made.values("target_id")))
        _turn(batch, "was")
        self._tell(batch, UNDO, wave)
        waves.give_back(batch, wave)

    def finished(self, batch: Import) -> None:
        """Count, and raise what is low where that was asked for."""
        wave = Wave.objects.select_related("version").filter(key=batch.about["wave"]).first()
        if wave is not None and wave.state == Wave.State.CLOSING:
            finish(Unwatched(), wave_id=wave.pk)
        if wave is not None and batch.about["raise_low"] and batch.undone_at is None:
            batch.made["raised"] = _raise(wave)
        batch.save(update_fields=["made"])


def _population(batch: Import, wave: Wave | None) -> int | None:
    """How many could have answered: as was said of the file, else all whom it names; None if it names only who answered."""
    if batch.about["population"]:
        return int(batch.about["population"])
    silent = ImportRow.objects.filter(batch=batch, outcome=Outcome.SAME, **{f"write__{ASKED}": True}).count()
    if not silent:
        return None
    before = wave.audience.get(POPULATION, 0) if wave else 0
    if batch.about["others"]:
        return int(before) + batch.rows_new + silent
    there = wave.responses.count() if wave else 0
    return max(int(before), there + batch.rows_new + silent)


def _alike(said: Said) -> str:
    return json.dumps(said, sort_keys=True)


def _turn(batch: Import, which: str) -> None:
    """Give responses that were known what the file says, or what they said before."""
    rows = {row.target_id or 0: row.write[which] for row in staged(batch, Outcome.CHANGED)}
    written: Iterable[tuple[int, Mapping[str, Any]]] = (
        (key, {"answers": answers, "partner": partner}) for key, (answers, partner) in rows.items()
    )
    setwise.update(Response, written)
    for pile in setwise.chunks(rows, PILE):
        Response.objects.filter(pk__in=pile).update(revision=F("revision") + 1)


def _raise(wave: Wave) -> int:
    """Raise what is low and was not raised before; how many. Each is a transaction of its own."""
    low_rating = (Rules.objects.order_by("pk").first() or Rules()).low_rating
    questions = list(wave.version.questions.all())
    waiting = wave.responses.filter(follow_up=None).order_by("pk").values_list("pk", flat=True)
    raised: list[int] = []
    for pile in setwise.chunks(list(waiting), PILE):
        rows = Response.objects.filter(pk__in=pile).select_related("partner", "person")
        found = (hear_imported(one, wave, questions, low_rating) for one in rows)
        raised.extend(one.pk for one in found if one is not None)
    tell_of_imported(raised)
    return len(raised)


def _told(batch: Import) -> Profile:
    asking = asking_of(batch)
    return replace(
        RESPONSES,
        fields=fields_of(batch, asking),
        handler=partial(ResponseRows, batch),
        check=asking.check,
    )


def _page(batch: Import) -> str:
    wave = Wave.objects.filter(key=batch.about["wave"]).first()
    return wave.get_absolute_url() if wave else ""


# Whoever looks at a file reads who said what, whatever was promised to them: so it is the survey office's alone.
RESPONSES = Profile(
    key=IMPORTED,
    label=gettext_lazy("Survey responses"),
    to=SEE_CONFIDENTIAL,
    fields=FIXED,
    handler=partial(ResponseRows, Import()),
    link=lambda row: reverse("surveys:response", args=[row.target_id]),
    about=AboutForm,
    told=_told,
    whole=True,
    page=_page,
)
