"""The State of Franklin: two years of an office and those it serves, made from a seed, ending today."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from comity.audit.chain import seal
from comity.demo.asking import Asking
from comity.demo.belongings import keep_views, show_faces
from comity.demo.bodies import BY, LAND_AND_NATURE, VACANT, Bodies, Crowd
from comity.demo.chance import Chance
from comity.demo.diary import Diary, at
from comity.demo.everyday import DAYS, Everyday, Looked
from comity.demo.lists import bring_field_offices, bring_town_clerks
from comity.demo.money.books import Books
from comity.demo.opinions import Opinions
from comity.demo.staff import hire, open_office
from comity.demo.stories import Stories
from comity.demo.visiting import Visiting
from comity.demo.words import Words
from comity.followups import services as ring
from comity.notifications.models import Notice
from comity.nouns import all_of
from comity.office.memory import remembering
from comity.partners.duplicates.finding import find as find_pairs
from comity.partners.models import Assignment, Partner, Position
from comity.partners.samples import Sample
from comity.partners.services import assignments, memberships, registry
from comity.partners.services.people import add_person, end_position, set_position
from comity.people import services as people
from comity.people.models import User
from comity.people.roles import Role

MARCUS_LEFT = 40  # days ago
SEED = 1784  # the year the first State of Franklin declared itself


@dataclass(frozen=True)
class Made:
    """What was made, for the sentence at the end."""

    partners: int
    people: int
    acts: int


@transaction.atomic
def make_sample_state(seed: int = SEED, now: datetime | None = None) -> Made:
    """Live two years, from set-up to this moment. The database must be empty of partners and people."""
    zone = ZoneInfo("America/New_York")
    now = timezone.localtime(now or timezone.now(), zone)
    began = (now - timedelta(days=DAYS + 30)).replace(hour=9, minute=0, second=0, microsecond=0)
    chance = Chance(seed, now.date(), zone)
    with at(began), remembering():
        open_office(began)
        staff = hire(began)
        show_faces(staff)
        bodies = Bodies(chance, began)
        bodies.found()
        bodies.assign(staff)
    diary = Diary(now)
    words = Words(Chance(seed + 5, now.date(), zone))
    _everyday(diary, chance, words, bodies, staff)
    their_own = Chance(seed + 4, now.date(), zone)
    for sample in all_of(Sample):  # what nouns bring themselves
        diary.at(their_own.working_moment(sample.days_ago), partial(sample.make, staff, bodies.partners))
    Stories(diary, chance, staff, bodies.partners, bodies.people).write()
    _changes(diary, chance, bodies, staff)
    Books(diary, chance, staff, bodies.partners, seed).write()
    visiting = Visiting(diary, Chance(seed + 2, now.date(), zone), staff, words)
    visiting.to_come(bodies.partners)
    crowd = Crowd(Chance(seed + 3, now.date(), zone), bodies.partners)
    asked = Chance(seed + 1, now.date(), zone)
    Asking(diary, asked, staff, visiting, crowd, Opinions(asked, words)).write()
    acts = diary.live()
    with at(now):
        ring.escalate()
        find_pairs()
        # Everybody has read their notices but those of the last days.
        Notice.objects.filter(created_at__lt=now - timedelta(days=3)).update(read_at=F("created_at"))
        seal()
    return Made(len(bodies.partners), sum(map(len, bodies.people.values())), acts)


def _everyday(diary: Diary, chance: Chance, words: Words, bodies: Bodies, staff: dict[str, User]) -> None:
    """Visits and worries, with whoever looked after a partner at the time."""
    left = chance.working_moment(MARCUS_LEFT)
    relationships = [
        Looked(
            partner=bodies.partners[key],
            contact=lead,
            people=bodies.people[key],
            every_days=tier.every_days if (tier := bodies.partners[key].tier) else 180,  # or twice a year
            successor=staff["ben"] if lead == staff["marcus"] else None,
            changed_at=left,
        )
        for key, lead in bodies.leads.items()
    ]
    quiet = {bodies.partners["AGR"].pk}
    Everyday(diary, chance, words, staff).fill(relationships, quiet)


def _changes(diary: Diary, chance: Chance, bodies: Bodies, staff: dict[str, User]) -> None:
    """People leave, posts stand empty, a county joins, partners' people get a sign-in."""
    left = chance.working_moment(MARCUS_LEFT)
    diary.at(left, lambda: _marcus_leaves(left, bodies, staff))
    for code, days in VACANT.items():
        diary.at(
            chance.working_moment(days), partial(_vacate, bodies, code, chance.today - timedelta(days=days))
        )
    diary.at(chance.working_moment(20), lambda: _carter_joins(bodies, staff["priya"]))
    diary.at(chance.working_moment(300), lambda: _open_portal(bodies, staff["carla"]))
    diary.at(chance.working_moment(90), lambda: _entered_twice(bodies, staff["kit"]))
    diary.at(chance.working_moment(75), lambda: bring_field_offices(staff["avery"]))
    diary.at(chance.working_moment(30), lambda: keep_views(staff))
    towns = [str(one) for one in bodies.partners.values() if one.kind == Partner.Kind.TOWN]
    diary.at(chance.working_moment(1), lambda: bring_town_clerks(staff["avery"], towns))
    diary.at(chance.working_moment(3), lambda: _dana_is_away(chance.today, staff))


def _marcus_leaves(moment: datetime, bodies: Bodies, staff: dict[str, User]) -> None:
    """What he looked after goes to Ben, but for Agriculture and the nurses, which nobody took."""
    marcus, ben, carla = staff["marcus"], staff["ben"], staff["carla"]
    for code in LAND_AND_NATURE:
        row = Assignment.objects.leads().get(partner=bodies.partners[code], ends_on=None)
        successor = None if code in {"AGR", "NUR"} else ben
        assignments.end_assignment(row, moment.date(), successor, "Left the office", carla)
    ring.hand_over_all(marcus, ben, carla)
    people.deactivate(marcus, by=carla)


def _vacate(bodies: Bodies, code: str, day: date) -> None:
    post = Position.objects.get(partner=bodies.partners[code], function=Position.Function.IT_LEAD)
    end_position(post.pk, on=day, leaves_vacant=True, by=BY)


def _carter_joins(bodies: Bodies, by: User) -> None:
    county = Partner.objects.get(pk=bodies.partners["47019"].pk)
    registry.update_partner(county.pk, {"status": Partner.Status.ACTIVE}, by=by)


def _open_portal(bodies: Bodies, by: User) -> None:
    """One sign-in for each role a partner's people have; `make demo` prints them."""
    for code, which, role in PORTAL:
        membership = memberships.grant_membership(
            by=by, person=bodies.people[code][which], partner=bodies.partners[code], role=role
        )
        membership.user.password = by.password  # that of all: making one takes long, and is meant to
        membership.user.joined_at = timezone.now()
        membership.user.save()


PORTAL = (
    ("DOR", 0, Role.PARTNER_EXECUTIVE),
    ("DOH", 1, Role.PARTNER_IT_LEAD),
    ("PRK", 3, Role.PARTNER_FINANCE),
    ("47019", 0, Role.PARTNER_MEMBER),
    ("Larkspur", 0, Role.PARTNER_MEMBER),
)


def _entered_twice(bodies: Bodies, by: User) -> None:
    """Two bodies and somebody, misspelt, who were there already: pairs for the page of likely duplicates."""
    registry.create_partner(by=by, name="Dept. of Environment & Conservation", kind=Partner.Kind.AGENCY)
    registry.create_partner(by=by, name="County of Hamblen", kind=Partner.Kind.COUNTY)
    known = bodies.people["DOH"][0]
    misspelt = f"{known.name[:-2]}{known.name[-1]}"
    twice = add_person(by=by, name=misspelt, phone=known.phone)
    set_position(by=by, partner=bodies.partners["DOH"], person=twice, title="Commissioner")


def _dana_is_away(today: date, staff: dict[str, User]) -> None:
    people.set_absence(
        staff["dana"],
        stand_in=staff["tom"],
        starts_on=today - timedelta(days=2),
        until_on=today + timedelta(days=5),
        by=staff["dana"],
    )


def begin_anew() -> None:
    """Throw a demo away: remove the database's tables and the files beside it, then set up empty ones.

    Whole, for the trail refuses to be emptied row by row, and should.
    """
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        connection.close()
        for leftover in (name, *(name.with_name(name.name + ending) for ending in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    for folder in (settings.MEDIA_ROOT, settings.DATA / "usage", settings.DATA / "usage-incoming"):
        shutil.rmtree(folder, ignore_errors=True)
    call_command("migrate", verbosity=0)
