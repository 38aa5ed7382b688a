"""The surveys of the sample state: two annual waves, pulses, visits afterwards, and one that can be answered now.

Invited and closed by the services that a click reaches. What people answered is put in as it would lie there, many at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from comity.demo.bodies import DISCONTENT, Crowd
from comity.demo.chance import Chance
from comity.demo.diary import Diary
from comity.demo.everyday import ANSWERS, answer
from comity.demo.opinions import Opinions, sore_point, written
from comity.demo.visiting import Visiting
from comity.followups import services as ring
from comity.followups.models import FollowUp, How, State
from comity.jobs.models import Work
from comity.jobs.progress import Unwatched
from comity.office.services import today
from comity.people.models import User
from comity.services.models import Service
from comity.surveys.models import Again, Held, Mode, Participant, Response, Series, Survey, Wave
from comity.surveys.services import (
    accounts,
    answers,
    building,
    closing,
    low_ratings,
    recurring,
    rerating,
    sending,
    waves,
)
from comity.surveys.services.sealing import held_key, sealed

Opinion = Callable[[Participant], dict[str, Any]]
DAYS_OPEN = 21
SERVED = {"functions": ["head", "it_lead"]}


@dataclass
class Asking:
    """Writes the waves into the diary. Its own chance, so that what else happens does not depend on it."""

    diary: Diary
    chance: Chance
    staff: Mapping[str, User]
    visiting: Visiting
    crowd: Crowd
    opinions: Opinions
    annual: dict[bool, Wave] = field(default_factory=dict)  # the first one and the second

    def write(self) -> None:
        """Everything, from the first annual survey a year ago to the pulse that is open now."""
        carla = self.staff["carla"]
        self._on(400, lambda: building.create_survey(by=carla, template="annual", key="annual"))
        self._annual(392, Mode.ANONYMOUS, 0.55, first=True)
        self._on(40, self._reword)
        self._annual(34, Mode.CONFIDENTIAL, 0.62, first=False)
        self._on(330, lambda: self._give_account(self.annual[True]))
        self._on(310, lambda: building.create_survey(by=carla, template="pulse", key="pulse"))
        self._on(309, self._begin_pulses)
        self._on(120, lambda: building.create_survey(by=carla, template="visit", key="visit"))
        self._on(119, self._begin_visits)
        self._on(13, self._begin_tickets)
        self._on(76, self.crowd.enter)
        opened = self.chance.working_moment(74)
        self.diary.at(opened, lambda: self._ask_desk(opened))
        for days in range(280, -1, -7):
            self._on(days, self._ask_again)

    # --- the annual survey ---

    def _reword(self) -> None:
        """The second version asks one thing in plainer words, and one thing more."""
        carla = self.staff["carla"]
        draft = building.begin_draft(Survey.objects.get(key="annual").pk, by=carla)
        time = draft.questions.get(key="time")
        building.change_question(
            time.pk, {"ask_en": "How long did it take, for what it was?", "ask_es": time.ask_es}, by=carla
        )
        building.add_question(
            draft.pk,
            by=carla,
            after="value",
            key="heard",
            kind="rating",
            ask_en="How well do you learn what came of what you told us?",
            ask_es="¿Qué tan bien se entera de lo que resultó de lo que nos dijo?",
        )

    def _annual(self, days_ago: int, mode: str, share: float, *, first: bool) -> None:
        """Opened, answered for two weeks, and closed by the one who runs surveys."""
        opened = self.chance.working_moment(days_ago)

        def ask() -> None:
            self.annual[first] = self._asked(
                "annual",
                name=f"Annual survey {opened.year}",
                key=f"annual-{opened.year}",
                mode=mode,
                audience=SERVED,
                closes_on=opened.date() + timedelta(days=DAYS_OPEN),
                against=self.annual.get(True),
            )

        opinion = partial(self.opinions.annual, first=first)
        self.diary.at(opened, ask)
        self.diary.at(opened + timedelta(days=14), lambda: self._answer(self.annual[first], opinion, share))
        self.diary.at(opened + timedelta(days=DAYS_OPEN), lambda: self._close(self.annual[first]))

    def _asked(self, survey: str, **facts: Any) -> Wave:
        """A wave of the last version of a survey, opened, and everybody invited."""
        version, carla = Survey.objects.get(key=survey).versions.order_by("-number")[0], self.staff["carla"]
        wave = waves.create_wave(version=version, by=carla, **facts)
        waves.open_wave(wave.pk, by=carla)
        self._invite(wave)
        return wave

    def _invite(self, wave: Wave) -> None:
        self._work(lambda: sending.invite(Unwatched(), wave_id=wave.pk))

    # --- pulses, and after visits ---

    def _begin_pulses(self) -> None:
        """Every quarter, with names: who is unhappy gets a call. The second one fell into the spring of the outage."""
        audience = {"kinds": ["agency"], "functions": ["it_lead", "operations"]}
        self.pulses = self._series("Pulse", "pulse", Series.Cadence.QUARTERLY, audience, today())
        moments = [self.chance.working_moment(days) for days in (308, 216, 125, 5)]
        for number, moment in enumerate(moments):
            self.diary.at(moment, partial(self._pulse, outage=number == 1, now=number == 3))

    def _pulse(self, *, outage: bool, now: bool) -> None:
        Series.objects.filter(pk=self.pulses.pk).update(next_on=today())
        wave = recurring.open_next(self.pulses.pk, today())
        self._invite(wave)
        answered = self.chance.working_moment(2) if now else self._later(6)
        self.diary.at(
            answered,
            lambda: self._answer(wave, partial(self.opinions.pulse, outage=outage), 0.3 if now else 0.6),
        )
        if not now:
            self.diary.at(self._later(14), lambda: self._close(wave))

    def _ask_desk(self, opened: datetime) -> None:
        """Those who call the desk every day, at five agencies: each of these can read its own figures in the portal."""
        building.create_survey(
            by=self.staff["carla"],
            template="pulse",
            key="desk",
            name="Help desk",
            service=Service.objects.get(name="Help desk"),
        )
        wave = self._asked(
            "desk",
            name="The service desk, by those who call it",
            key="desk",
            mode=Mode.NAMED,
            audience={"partners": [one.pk for one in self.crowd.at], "functions": ["other"]},
            closes_on=opened.date() + timedelta(days=14),
        )
        discontent = self.crowd.partners[DISCONTENT]

        def opinion(one: Participant) -> dict[str, Any]:
            return self.opinions.pulse(one, outage=one.partner == discontent)

        self.diary.at(opened + timedelta(days=7), lambda: self._answer(wave, opinion, 0.93))
        self.diary.at(opened + timedelta(days=15), lambda: self._close(wave))

    def _begin_visits(self) -> None:
        visits = self._series("After a visit", "visit", Series.Cadence.VISIT, {}, None)
        for days in (105, 77, 49, 20, 7):
            self._on(days, lambda: self._ask_lately(visits, self.opinions.visit))

    def _begin_tickets(self) -> None:
        """Those at the same agencies whose tickets were resolved; what they say is counted when the quarter is over."""
        building.create_survey(by=self.staff["carla"], template="ticket", key="ticket")
        tickets = self._series("After a ticket", "ticket", Series.Cadence.TICKET, {}, None)
        self._on(2, lambda: self._ask_lately(tickets, self.opinions.ticket))

    def _series(
        self, name: str, survey: str, cadence: str, audience: dict[str, Any], next_on: date | None
    ) -> Series:
        """With names, open for two weeks, nobody reminded."""
        return recurring.create_series(
            by=self.staff["carla"],
            name=name,
            survey=Survey.objects.get(key=survey),
            cadence=cadence,
            mode=Mode.NAMED,
            audience=audience,
            days_open=14,
            remind_after_days=[],
            next_on=next_on,
        )

    def _ask_lately(self, series: Series, opinion: Opinion) -> None:
        for wave in Wave.objects.filter(series=series, closes_on__lt=today()).open():
            self._close(wave)
        if recurring.ask_lately(series, today()):
            self._answer(Wave.objects.filter(series=series).open().latest("pk"), opinion, 0.5)

    def _ask_again(self) -> None:
        """Once a week those whose turn has come; most answer, and most of them rate higher now."""
        known = set(Again.objects.values_list("pk", flat=True))
        rerating.ask_due(today())
        for again in Again.objects.exclude(pk__in=known).order_by("pk"):
            if self.chance.happens(0.7):
                asked = sorted(again.asked.items())  # each database has an order of its own
                better = {key: min(5, rating + self.chance.between(0, 3)) for key, rating in asked}
                self._then(self.chance.between(1, 6), partial(self._rate_again, again.pk, better))

    def _rate_again(self, pk: int, answers: Mapping[str, int]) -> None:
        again = Again.objects.answerable(today()).filter(pk=pk).first()
        if again is not None:
            rerating.answer(again, answers, revision=0)
            if (found := FollowUp.objects.get(pk=again.follow_up_id)).state == State.OWNED:
                self._mend(found, answers, again.language)

    def _give_account(self, wave: Wave) -> None:
        """What was heard a year ago and what was done, told to everybody who was asked."""
        wave.refresh_from_db()
        carla = self.staff["carla"]
        accounts.word(wave, {"intro_en": THANKS, "intro_es": GRACIAS}, by=carla)
        about = FollowUp.objects.filter(kind=low_ratings.LOW_IN_SURVEY, source_id=str(wave.pk))
        for (heard_en, done_en, heard_es, done_es), rows in zip(ACCOUNT, (about, about.none()), strict=True):
            told = {"heard_en": heard_en, "done_en": done_en, "heard_es": heard_es, "done_es": done_es}
            accounts.say(wave, {**told, "follow_ups": rows}, by=carla)
        accounts.publish(wave, by=carla)
        work = accounts.tell_all(wave, by=carla)
        self._work(lambda: accounts.send(Unwatched(), wave_id=wave.pk), work)

    # --- answering and closing ---

    def _answer(self, wave: Wave, opinion: Opinion, share: float) -> None:
        """A share of those who were reached and have not answered yet, each on their own day."""
        rows = wave.participants.filter(state=Participant.State.SENT, answered=False)
        people = [one for one in rows.select_related("partner").order_by("pk") if self.chance.happens(share)]
        questions = list(wave.version.questions.all())
        said = [answers.accepted(questions, opinion(one)) for one in people]
        Wave.objects.filter(pk=wave.pk).update(has_answers=True)
        if wave.mode == Mode.ANONYMOUS:
            keys = [held_key(str(one.token_hash)) for one in people]
            Held.objects.bulk_create(
                Held(wave=wave, key=key, answers=sealed(answers, key), is_complete=True)
                for key, answers in zip(keys, said, strict=True)
            )
        else:
            self._respond(wave, people, said)

    def _respond(self, wave: Wave, people: list[Participant], said: list[dict[str, Any]]) -> None:
        latest = min(today(), wave.closes_on or today())
        responses = Response.objects.bulk_create(
            Response(
                wave=wave,
                participant=one,
                person_id=one.person_id,
                partner_id=one.partner_id,
                answers=answers,
                is_complete=True,
                may_contact=wave.mode == Mode.CONFIDENTIAL and self.chance.happens(0.08),
                language=one.language,
                day=max(one.sent_on or latest, latest - timedelta(days=self.chance.between(0, 12))),
            )
            for one, answers in zip(people, said, strict=True)
        )
        wave.participants.filter(pk__in=[one.pk for one in people]).update(answered=True)
        for one, response in zip(people, responses, strict=True):
            one.wave, response.partner = wave, one.partner
            found = low_ratings.hear(response, one, before={})
            if found is not None:
                self._mend(found, response.answers, one.language)
                self.visiting.because_of(found)

    def _mend(self, found: FollowUp, rated: Mapping[str, Any], language: str) -> None:
        """Owned by the contact from the start; done, told and answered later, but for what is fresh."""
        pk, sore = found.pk, "es" if language == "es" else sore_point(rated)
        words, told_words = self.opinions.words.mended(sore, written(rated))
        done = self.chance.between(4, 18)
        told = done + self.chance.between(1, 5)
        self._then(done, lambda: self._step(State.OWNED, ring.finish, pk, words=words))
        self._then(told, lambda: self._step(State.DONE, ring.tell, pk, how=How.MAIL, words=told_words, to=""))
        if helped := self.chance.one_of(ANSWERS):
            self._then(told + self.chance.between(1, 6), lambda: answer(pk, helped))

    def _take_on(self, wave: Wave) -> None:
        """What a survey says as a whole is the chief customer officer's own; a year ago it ended with the mended desk."""
        carla = self.staff["carla"]
        found = FollowUp.objects.filter(kind=low_ratings.LOW_IN_SURVEY, source_id=str(wave.pk)).first()
        if found is None:
            return
        pk = found.pk
        done, told, to = TAKEN_ON[wave == self.annual.get(True)]
        ring.own(pk, by=carla)
        self._then(9, lambda: ring.finish(pk, words=done, by=carla))
        self._then(30, lambda: ring.tell(pk, how=How.IN_PERSON, words=told, by=carla, to=to))

    def _step(self, waits: State, do: Callable[..., object], pk: int, **said: str) -> None:
        """What the owner does, if the follow-up still waits for it."""
        row = FollowUp.objects.select_related("owner").get(pk=pk)
        if row.state == waits and row.owner is not None:
            do(pk, by=row.owner, **said)

    def _close(self, wave: Wave) -> None:
        work = closing.close_wave(wave.pk, by=self.staff["carla"])
        self._work(lambda: closing.finish(Unwatched(), wave_id=wave.pk), work)
        self._take_on(wave)

    # --- when ---

    def _on(self, days_ago: int, do: Callable[[], object]) -> None:
        self.diary.at(self.chance.working_moment(days_ago), do)

    def _later(self, days: int) -> datetime:
        """So many days from the day that is being lived, in office hours; today at the latest."""
        return self.chance.working_moment(max(self._left(days), 0))

    def _then(self, days: int, do: Callable[[], object]) -> None:
        """The same for something to be done; what would lie in the future is left out."""
        if self._left(days) > 0:
            self.diary.at(self._later(days), do)

    def _left(self, days: int) -> int:
        return (self.chance.today - today()).days - days

    @staticmethod
    def _work(do: Callable[[], object], work: Work | None = None) -> None:
        """Do at once what the worker would; whoever looks at background work finds it done."""
        do()
        waiting = Work.objects.filter(state=Work.State.WAITING)
        (waiting if work is None else waiting.filter(pk=work.pk)).update(state=Work.State.DONE)


DESK = "The help desk has its own number again, and four people who pick up. We measure how long they take, every week."
TAKEN_ON = {
    True: (
        "Help desk moved back beside network services, with a number of its own; the wait is counted from today.",
        DESK,
        "the county clerks at their spring meeting",
    ),
    False: (
        "Rates committee agreed: single accounts without a minimum, and a one-page bill for small bodies.",
        "A town of nine pays for nine from now on, and its bill is one page.",
        "the cities and towns at their annual conference",
    ),
}
THANKS = "Thank you for telling us. This is what we heard most often, and what we have done about it so far."
GRACIAS = "Gracias por decírnoslo. Esto es lo que más oímos y lo que hemos hecho hasta ahora."
ACCOUNT = (
    (
        "It takes too long until somebody at the help desk picks up.",
        DESK,
        "Pasa demasiado tiempo hasta que alguien contesta en la mesa de ayuda.",
        "La mesa de ayuda vuelve a tener su propio número y cuatro personas que contestan. Medimos cada semana cuánto tardan.",
    ),
    (
        "We do not understand what we pay for.",
        "Whoever looks after you goes through the bill with you once a quarter, line by line, if you like.",
        "No entendemos por qué pagamos lo que pagamos.",
        "Quien les atiende repasa con ustedes la factura cada trimestre, línea por línea, si lo desean.",
    ),
)
