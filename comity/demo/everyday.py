"""Two years of ordinary days: visits, worries, what was done and told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from comity.demo.chance import Chance
from comity.demo.diary import Diary, office_hours
from comity.demo.words import Concern, Words, is_spoken_to_in_spanish
from comity.followups import services as ring
from comity.followups.models import FollowUp, Helped, HelpedLink, How, State
from comity.meetings import services as meetings
from comity.meetings.models import Meeting
from comity.outbox.models import Message
from comity.partners.models import Partner, Person
from comity.people import tokens
from comity.people.models import User

DAYS = 730


@dataclass(frozen=True)
class Looked:
    """A partner, the people one talks to there, and who looks after it until a change, if there was one, and then."""

    partner: Partner
    contact: User
    people: Sequence[Person]
    every_days: int
    successor: User | None
    changed_at: datetime

    def contact_at(self, moment: datetime) -> User:
        return self.successor if self.successor and moment >= self.changed_at else self.contact


@dataclass
class Everyday:
    """Writes ordinary days into the diary."""

    diary: Diary
    chance: Chance
    words: Words
    staff: Mapping[str, User]

    @property
    def desk(self) -> User:
        """Who writes down what comes in by telephone."""
        return self.staff["kit"]

    def fill(self, relationships: Sequence[Looked], quiet: set[int]) -> None:
        """Visits and worries of every partner; those in `quiet` fall silent in the last five months."""
        for looked in relationships:
            last = 150 if looked.partner.pk in quiet else 0
            self._visits(looked, last)
            self._worries(looked, last)
        for _ in range(2):
            self._worry(None, self.chance.working_moment(self.chance.between(60, 500)))

    def _visits(self, looked: Looked, last: int) -> None:
        """About as often as the tier asks, sometimes late; in the first year half as often, for it was new."""
        days_ago = DAYS - self.chance.between(0, 500)
        while days_ago > last:
            self._visit(looked, self.chance.working_moment(days_ago))
            often = looked.every_days if days_ago < 365 else 2 * looked.every_days
            days_ago -= often * self.chance.between(80, 150) // 100 + 1

    def _visit(self, looked: Looked, moment: datetime) -> None:
        note = self.words.note(looked.partner)
        how = Meeting.How.IN_PERSON if self.chance.happens(0.75) else self.chance.one_of(list(Meeting.How))
        theirs = self.chance.some_of(looked.people, self.chance.between(1, 2)) if looked.people else []
        shared = self.chance.happens(0.6)
        contact = looked.contact_at(moment)

        def live() -> None:
            meeting = meetings.log_visit(
                by=contact,
                partners=[looked.partner],
                title=note.title,
                how=how,
                held_on=moment.date(),
                ours=[contact],
                theirs=theirs,
                said=note.said,
                promises=[meetings.Promised(note.promise.title)] if note.promise else [],
                office_only=not shared,
            )
            if note.promise:
                promise = FollowUp.objects.get(kind="promise", source_id=str(meeting.pk))
                self._run(promise.pk, None, moment, note.promise, looked)

        self.diary.at(moment, live)

    def _worries(self, looked: Looked, last: int) -> None:
        """Larger partners say more; a small county says something once a year."""
        for _ in range(max(1, 300 // looked.every_days) - self.chance.between(0, 2)):
            moment = self.chance.working_moment(self.chance.between(max(last, 4), DAYS - 30))
            self._worry(looked, moment)
        for person in looked.people:
            if is_spoken_to_in_spanish(looked.partner, person):  # few, and each of them says something
                self._worry(looked, self.chance.working_moment(self.chance.between(30, 400)), person)

    def _worry(self, looked: Looked | None, moment: datetime, person: Person | None = None) -> None:
        if looked and looked.people and not person:
            person = self.chance.one_of(looked.people)
        heard = self.words.concern(looked.partner if looked else None, person)
        if heard is None:
            return
        anonymous = self.chance.happens(0.06)
        raised_by = None if anonymous else person

        def live() -> None:
            found = ring.raise_follow_up(
                kind="concern",
                partner=looked.partner if looked else None,
                title=heard.title,
                said=heard.said,
                raised_by=raised_by,
                anonymous=anonymous,
                severity=heard.severity,
                by=looked.contact_at(moment) if looked else self.desk,
            )
            self._run(found.pk, raised_by, moment, heard, looked)

        self.diary.at(moment, live)

    def _run(
        self, pk: int, person: Person | None, moment: datetime, heard: Concern, looked: Looked | None
    ) -> None:
        """The ring of one thing said: mostly owned within a day, done in time, told, and it mostly helped."""
        owned = office_hours(moment, timedelta(hours=self.chance.between(1, 30)))
        done = office_hours(
            owned, timedelta(days=self.chance.between(2, 16), hours=self.chance.between(0, 3))
        )
        told = office_hours(done, timedelta(days=self.chance.between(0, 3), hours=1))
        answered = office_hours(told, timedelta(days=self.chance.between(0, 5), hours=2))
        how = (
            How.MAIL
            if person and self.chance.happens(0.7)
            else self.chance.one_of([How.IN_PERSON, How.PHONE])
        )
        helped = self.chance.one_of(ANSWERS) if person and not heard.thanks else Helped.YES
        owner = looked.contact_at(owned) if looked else self.desk
        self.diary.at(owned, lambda: self._own(pk, owner))
        for number, words in enumerate(heard.comments, 1):
            between = owned + (done - owned) * number / (len(heard.comments) + 1)
            self.diary.at(office_hours(between, timedelta()), partial(self._comment, pk, words))
        self.diary.at(done, lambda: ring.finish(pk, words=heard.done, by=_owner(pk)))
        self.diary.at(told, lambda: self._tell(pk, how, heard.told))
        if person and helped:
            self.diary.at(answered, lambda: answer(pk, helped, heard.thanks))

    def _comment(self, pk: int, words: str) -> None:
        """By its owner, or by whoever is named before a colon."""
        name, _, said = words.partition(": ")
        by = self.staff.get(name)
        ring.comment(pk, words=said if by else words, by=by or _owner(pk))

    def _own(self, pk: int, owner: User) -> None:
        if FollowUp.objects.get(pk=pk).state == State.HEARD:
            ring.own(pk, by=owner)

    def _tell(self, pk: int, how: How, words: str) -> None:
        row = FollowUp.objects.get(pk=pk)
        to = str(row.raised_by or "") or (
            f"the people of {row.partner}" if row.partner else "everyone in the office"
        )
        ring.tell(pk, how=how, words=words, by=_owner(pk), to="" if how == How.MAIL else to)


def answer(pk: int, said: Helped, words: str = "") -> None:
    """Say whether it helped, on the link of the last mail about a follow-up, as the person who got it would."""
    mail = Message.objects.filter(
        about_kind="followups.FollowUp", about_id=str(pk), text__contains=LINK
    ).first()
    token = re.search(f"{LINK}([^/\\s]+)", mail.text) if mail else None
    usable = HelpedLink.objects.usable(timezone.now())
    link = usable.filter(token_hash=tokens.hash_token(token[1])).first() if token else None
    if link:
        ring.answer_by_link(link, answer=said, words=words)


LINK = "/helped/"
ANSWERS = (Helped.YES, Helped.YES, Helped.YES, Helped.YES, Helped.PARTLY, None, None, None)


def _owner(pk: int) -> User:
    return User.objects.get(follow_ups=pk)
