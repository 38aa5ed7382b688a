"""A large state: 10,000 partners, 100,000 people, 100,000 follow-ups, 300,000 meetings.

Written set by set rather than lived, since here only the number of rows matters. Entries are follow-ups in every
state and meetings, spread over two years; one partner in twenty has nobody to call.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import chain, cycle, product, repeat
from random import Random
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone

from comity.adoption.models import Adoption, Stage, Step
from comity.demo import names
from comity.demo.words import FIELDS, concerns, notes
from comity.followups.models import FollowUp, State
from comity.imports import setwise
from comity.imports.setwise import chunks
from comity.meetings.models import Meeting, PlannedVisit
from comity.office.models import Office, VisitTier
from comity.partners.models import Assignment, Partner, Person, Position
from comity.partners.names import key
from comity.people.models import RoleGrant, User
from comity.people.roles import Role
from comity.services.models import Service
from comity.surveys.drivers import DRIVERS
from comity.surveys.models import LowRating
from comity.surveys.services.low_ratings import LOW_RATING
from comity.tickets.models import Ticket
from comity.ui.charts import county_names

PARTNERS, PEOPLE, FOLLOW_UPS, MEETINGS = 10_000, 100_000, 100_000, 300_000
LOW_IN, PLANS = 10, 20_000  # every so many follow-ups is a low rating; visits that were planned
CONTACTS = 60
TICKETS = 1_000_000
TICKET = (
    *("kind", "source", "number", "external_id", "partner", "said_by", "service", "offering", "title"),
    *("description", "office_notes", "state", "hold_reason", "priority", "opened_at", "resolved_at"),
    *("closed_at", "promised_on", "asked_by", "item", "group", "history_known", "version"),
)
DAYS = 730
BATCH = 5_000
PASSWORD = "bench-password"
CONCERNS = [one for subject in FIELDS for one in concerns(subject)]
NOTES = [one for subject in FIELDS for one in notes(subject)]

Row = TypeVar("Row", bound=models.Model)


class Big:
    """Builds the large state once; the same rows every time."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.random = Random(10_000)

    def build(self) -> None:
        """Write everything; about two minutes on two cores."""
        self._office()
        self._partners()
        self._counties()
        self._people()
        self._follow_ups()
        self._meetings()
        self._low_ratings()
        self._plans()
        self._tickets()

    def _office(self) -> None:
        now = timezone.now()
        Office.objects.update_or_create(
            pk=1, defaults={"name": "Office of IT", "state_fips": "48", "set_up_at": now}
        )
        for order, days in enumerate((60, 90, 120, 240)):
            VisitTier.objects.get_or_create(
                name=f"Tier {order + 1}", defaults={"every_days": days, "order": order}
            )
        password = make_password(PASSWORD)
        people = [
            User(
                email=f"contact{number}@bench.example",
                name=names.somebody(self.random.choice),
                password=password,
                joined_at=now,
            )
            for number in range(CONTACTS)
        ]
        write(User, people)
        self.users = list(User.objects.order_by("pk"))
        roles = [Role.CCO, Role.CIO, Role.ADMINISTRATOR]
        held = chain(roles, repeat(Role.RELATIONSHIP_MANAGER))
        write(
            RoleGrant, (RoleGrant(user=user, role=role) for user, role in zip(self.users, held, strict=False))
        )

    def _partners(self) -> None:
        tiers = list(VisitTier.objects.all())
        kinds = [kind for kind in Partner.Kind if kind != Partner.Kind.UNKNOWN]
        rows = (self._partner(number, self.random.choice(kinds), tiers) for number in range(PARTNERS))
        write(Partner, rows)
        self.partners = list(Partner.objects.order_by("pk").values_list("pk", flat=True))
        led = Partner.objects.filter(lead_gap_since=None).values_list("pk", flat=True)
        since = self.today - timedelta(days=DAYS)
        lead = Assignment.Role.LEAD
        leads = (
            Assignment(partner_id=pk, user=self.users[at % CONTACTS], role=lead, starts_on=since)
            for at, pk in enumerate(led)
        )
        write(Assignment, leads)

    def _partner(self, number: int, kind: Partner.Kind, tiers: list[VisitTier]) -> Partner:
        place = f"{self.random.choice(names.LAST_NAMES)} {self.random.choice(names.CITIES)}"
        name = f"{kind.label} of {place} {number}"
        days = self.random.randint(1, 300)
        return Partner(
            name=name,
            name_key=key(name),
            code=f"P{number:05d}",
            kind=kind,
            tier=self.random.choice(tiers),
            headcount=self.random.randint(5, 5_000),
            last_met_on=self.today - timedelta(days=days),
            lead_gap_since=self.today - timedelta(days=days) if number % 20 == 0 else None,
        )

    def _counties(self) -> None:
        """Those of Texas, of which there are most; each took the steps of five services."""
        codes = county_names("48")
        counties = list(Partner.objects.filter(kind=Partner.Kind.COUNTY).order_by("pk")[: len(codes)])
        for row, (fips, name) in zip(counties, codes.items(), strict=True):
            row.fips, row.name = fips, f"{name} County"
        Partner.objects.bulk_update(counties, ["fips", "name"])
        owner = self.users[0]
        names_of = ("Backup", "Network", "Hosting", "Storage", "Scans")
        write(Service, (Service(name=name, promise="It runs.", owner=owner) for name in names_of))
        pairs = list(product(Service.objects.all(), counties))
        days = [self.today - timedelta(days=self.random.randint(60, 1_800)) for _pair in pairs]
        write(
            Adoption,
            (
                Adoption(service=what, partner=who, stage=Stage.USING, since=day + timedelta(days=30))
                for (what, who), day in zip(pairs, days, strict=True)
            ),
        )
        rows = Adoption.objects.all()
        climbed = ((Stage.INTERESTED, 60), (Stage.TALKS, 30), (Stage.USING, 0))
        write(
            Step,
            (
                Step(adoption=row, stage=stage, on=row.since - timedelta(days=back))
                for row in rows
                for stage, back in climbed
            ),
        )

    def _people(self) -> None:
        write(
            Person,
            (
                Person(name=names.somebody(self.random.choice), email=f"p{number}@people.example")
                for number in range(PEOPLE)
            ),
        )
        functions = list(Position.Function)
        pks = Person.objects.order_by("pk").values_list("pk", flat=True)
        posts = (
            Position(
                partner_id=self.partners[at % PARTNERS],
                person_id=pk,
                title="Post",
                function=functions[at // PARTNERS % len(functions)],
            )
            for at, pk in enumerate(pks.iterator(BATCH))
        )
        write(Position, posts)

    def _follow_ups(self) -> None:
        write(FollowUp, (self._follow_up(number) for number in range(FOLLOW_UPS)))

    def _follow_up(self, number: int) -> FollowUp:
        """Older ones were told; one in fifty of the last month is still on its way, some of them late."""
        concern = CONCERNS[number % len(CONCERNS)]
        day = self.today - timedelta(days=self.random.randint(0, DAYS))
        recent = (self.today - day).days < 30 and number % 3 == 0
        state = self.random.choice([State.HEARD, State.OWNED, State.DONE]) if recent else State.TOLD
        facts: dict[str, Any] = {"state": state}
        done = day + timedelta(days=self.random.randint(2, 20))
        if state != State.HEARD:
            owned = day + timedelta(days=self.random.randint(0, 3))
            owner = self.random.choice(self.users)
            facts |= {"owner": owner, "owned_on": owned, "promised_on": day + timedelta(days=14)}
        if state in {State.DONE, State.TOLD}:
            facts |= {"done_on": done, "done_at": _noon(done), "done_words": concern.done}
        if state == State.TOLD:
            facts |= {"told_at": _noon(done), "told_how": "phone", "told_to": "them"}
            facts |= {"told_words": concern.done, "asked_at": _noon(done)}
            facts |= {"helped": "yes", "helped_at": _noon(done)} if number % 2 else {}
        return FollowUp(
            kind=LOW_RATING if number % LOW_IN == 0 else "concern",
            partner_id=self.random.choice(self.partners),
            title=concern.title,
            said=concern.said,
            heard_at=_noon(day),
            heard_on=day,
            own_by=day + timedelta(days=1),
            due_on=day + timedelta(days=14),
            **facts,
        )

    def _meetings(self) -> None:
        write(Meeting, (self._meeting(number) for number in range(MEETINGS)))
        pks = Meeting.objects.order_by("pk").values_list("pk", flat=True)
        partners, ours = Meeting.partners.through, Meeting.ours.through
        pairs = (
            (pk, self.random.choice(self.partners), self.random.choice(self.users))
            for pk in pks.iterator(BATCH)
        )
        for some in chunks(pairs, BATCH):
            write(partners, (partners(meeting_id=pk, partner_id=partner) for pk, partner, _ in some))
            write(ours, (ours(meeting_id=pk, user_id=user.pk) for pk, _, user in some))

    def _meeting(self, number: int) -> Meeting:
        note = NOTES[number % len(NOTES)]
        held_on = self.today - timedelta(days=self.random.randint(0, DAYS))
        return Meeting(
            title=note.title, said=note.said, held_on=held_on, written_by=self.random.choice(self.users)
        )

    def _low_ratings(self) -> None:
        """Of every low rating what was rated; every third was visited."""
        pks = FollowUp.objects.filter(kind=LOW_RATING).order_by("pk").values_list("pk", flat=True)
        ratings = (
            LowRating(follow_up_id=pk, question=driver, driver=driver, rating=at % 3 + 1)
            for at, (pk, driver) in enumerate(zip(pks, cycle(DRIVERS), strict=False))
        )
        write(LowRating, ratings)
        about = Meeting.about.through
        visits = Meeting.objects.order_by("pk").values_list("pk", flat=True)[: len(pks)]
        pairs = zip(visits, pks[::3], strict=False)
        write(about, (about(meeting_id=visit, followup_id=pk) for visit, pk in pairs))

    def _plans(self) -> None:
        """Most were called off or forgotten; some are to come."""
        write(PlannedVisit, (self._plan(number) for number in range(PLANS)))
        pks = PlannedVisit.objects.order_by("pk").values_list("pk", flat=True)
        partners = PlannedVisit.partners.through
        chosen = ((pk, self.random.choice(self.partners)) for pk in pks)
        write(partners, (partners(plannedvisit_id=pk, partner_id=partner) for pk, partner in chosen))

    def _plan(self, number: int) -> PlannedVisit:
        off = number % 10 > 0
        ahead = self.random.randint(0, 90) if not off else -self.random.randint(0, DAYS)
        return PlannedVisit(
            title="What was rated low",
            planned_on=self.today + timedelta(days=ahead),
            lead=self.random.choice(self.users),
            planned_by=self.users[0],
            state=PlannedVisit.State.CALLED_OFF if off else PlannedVisit.State.PLANNED,
            called_off_reason="They were away." if off else "",
        )

    def _tickets(self) -> None:
        """Of a hundred seven are open, and one is nobody's."""
        service = Service.objects.create(name="Help desk", promise="We pick up.", owner=self.users[0])
        rows = (self._ticket(number, service.pk) for number in range(TICKETS))
        for some in chunks(rows, BATCH):
            with transaction.atomic():
                setwise.insert(Ticket, TICKET, some)

    def _ticket(self, number: int, service: int) -> tuple[Any, ...]:
        is_open = number % 100 < 7
        opened = timezone.now() - timedelta(minutes=(TICKETS - number) * DAYS * 1_440 // TICKETS)
        state = ("new", "in_progress", "on_hold")[number % 3] if is_open else "resolved"
        partner = None if number % 100 == 50 else self.random.choice(self.partners)
        facts = ("incident", "snow", f"INC{number:07d}", "", partner, "{}", service, None, "No mail", "", "")
        moments = (
            opened,
            None if is_open else opened + timedelta(hours=5),
            None,
            None,
            None,
            "",
            "",
            True,
            1,
        )
        return (*facts, state, "", number % 5 + 1, *moments)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_current_timezone())


def write(model: type[Row], rows: Iterable[Row]) -> None:
    """Some thousands at a time."""
    for some in chunks(rows, BATCH):
        with transaction.atomic():
            model._base_manager.bulk_create(some)
