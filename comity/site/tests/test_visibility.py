"""Whatever is done, in whatever order, everyone sees exactly what the rules say.

A machine grants access and ends it, moves partners about, makes two one and takes that back, deactivates people,
marks things as the office's own, withdraws them, and lets days pass. After each step it compares what everyone sees
of every model with a second, simple working-out of the rules (`visibility/`), and opens a page.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from comity.followups import services as followups
from comity.imports.models import Import
from comity.jobs.models import Work
from comity.meetings import services as meetings
from comity.office.memory import remembering
from comity.outbox.models import Suppression
from comity.partners.duplicates.services import PARTNERS, merge, undo_merge
from comity.partners.models import Assignment, LikelyPair, Membership, Partner, Person, Position
from comity.partners.services import (
    correct_position,
    end_membership,
    end_position,
    grant_membership,
    set_position,
    update_partner,
)
from comity.partners.services.memberships import close_lapsed
from comity.people import services as people
from comity.people.models import SavedView, User
from comity.people.roles import Role
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service
from comity.site.tests.visibility.rules import RULES, models_that_ask
from comity.site.tests.visibility.world import Access, Pk, Post, Said, World
from comity.stakeholders.models import Stakeholder
from comity.testing.cast import Cast, CastTestCase
from comity.testing.matrix import ALL
from comity.testing.pages import Visitor

any_number = st.integers(0, 9999)
yes_or_no = st.booleans()


def one_of(keys: Any, number: int) -> Any:
    """One of some keys, by a number that may be larger than they are many."""
    ordered = sorted(keys)
    return ordered[number % len(ordered)]


class Visibility(RuleBasedStateMachine):
    """One life of a small office; what it did is undone when it ends."""

    cast: Cast
    composed: dict[Any, tuple[str, tuple[Any, ...]] | None]

    def __init__(self) -> None:
        super().__init__()
        self.clock = timezone.now()
        self.life = ExitStack()
        self.life.enter_context(transaction.atomic())
        self.life.callback(transaction.set_rollback, True)
        self.life.enter_context(patch("django.utils.timezone.now", lambda: self.clock))
        self.ada = User.objects.get(pk=self.cast.ada.pk)
        self._furnish()
        self.world = self._world()
        self.something_is_heard(1, office_only=False)
        self.they_met(0, 2, office_only=False)
        self.turn = 0

    def teardown(self) -> None:
        self.life.close()

    def _furnish(self) -> None:
        """A little more than the cast, so that there is something of everything to see."""
        cast = self.cast
        self.bridges = cast.partner("Division of Bridges", "BRIDGES", parent=cast.roads)
        gil = Person.objects.create(name="Gil Newcomer", email="gil@bridges.example.gov")
        Position.objects.create(partner=self.bridges, person=gil, title="Clerk")
        for owner in (cast.ana, cast.sol, cast.ben):
            Work.objects.create(task="none", label="Work", owner=f"people.User:{owner.pk}")
            SavedView.objects.create(
                owner=owner, list_name="x", name="x", query="a=1", shared=owner.is_office
            )
        Suppression.objects.create(address="no@example.gov", reason=Suppression.Reason.BY_HAND)
        Import.objects.create(profile="partners", file_name="a.csv", sha256="0" * 64)
        hosting = Service.objects.create(name="Hosting", promise="It runs.", owner=cast.ada, status="offered")
        for code, kinds in (("ALL", []), ("AGENCY", ["agency"]), ("COUNTY", ["county"])):
            offering = Offering.objects.create(
                service=hosting, name=code, code=code, unit="hour", kinds=kinds
            )
            self._rates_of(offering)
        LikelyPair.objects.create(kind="partner", first_id=cast.parks.pk, second_id=self.bridges.pk, score=80)
        for person, sensitive in ((cast.ben_person, False), (cast.eve_person, True)):
            Stakeholder.objects.create(
                person=person, partner=cast.parks, role=Stakeholder.Role.DECIDES, sensitive=sensitive
            )

    def _rates_of(self, offering: Offering) -> None:
        """One that is proposed, and one that is approved."""
        facts = {"plan": {}, "starts_on": self.cast.today, "why": "New", "proposed_by": self.cast.finn}
        approved = {"approved_by": self.cast.cora, "approved_at": timezone.now()}
        for more in ({}, approved):
            RateVersion.objects.create(offering=offering, **facts, **more)

    def _world(self) -> World:
        """The beginning, as the rows say; from here on the World follows by itself."""
        cast = self.cast
        office = {user.pk for user in User.objects.office()}
        return World(
            today=cast.today,
            office=office,
            active=set(User.objects.values_list("pk", flat=True)),
            sees_mail={cast.ada.pk, cast.cora.pk},
            sees_work={cast.ada.pk},
            imports={"partners": {cast.ada.pk, cast.cora.pk, cast.ana.pk}},
            sees_names={cast.cora.pk},
            sees_sensitive={cast.ada.pk, cast.ira.pk, cast.cora.pk, cast.ana.pk},
            users=set(User.objects.values_list("pk", flat=True)),
            parent=dict(Partner.objects.values_list("pk", "parent")),
            people=set(Person.objects.values_list("pk", flat=True)),
            posts={row.pk: Post(row.partner_id, row.person_id) for row in Position.objects.all()},
            accesses={row.pk: self._access(row) for row in Membership.objects.all()},
            assignments=dict(Assignment.objects.values_list("pk", "partner")),
        )

    def _access(self, row: Membership) -> Access:
        assert row.person_id is not None
        return Access(row.user_id, row.person_id, row.partner_id, row.role, row.starts_on, row.ends_on)

    def _standing(self) -> set[Pk]:
        return set(self.world.parent) - self.world.tombstones

    # --- who may come in ---

    @rule(person=any_number, partner=any_number, days=st.sampled_from([None, 1, 2]), role=yes_or_no)
    def someone_is_let_in(self, person: int, partner: int, days: int | None, role: bool) -> None:
        world = self.world
        somebody = Person.objects.get(pk=one_of(world.people, person))
        somewhere = Partner.objects.get(pk=one_of(self._standing(), partner))
        if not world.holds_post(somebody.pk, somewhere.pk):
            post = set_position(by=self.ada, partner=somewhere, person=somebody, title="Post")
            world.posts[post.pk] = Post(somewhere.pk, somebody.pk)
        chosen = Role.PARTNER_MEMBER if role else Role.PARTNER_IT_LEAD
        known = [row.user for _pk, row in sorted(world.accesses.items()) if row.person == somebody.pk]
        if any(
            (row.user, row.partner, row.role) == (known[-1], somewhere.pk, chosen)
            and not row.is_over(world.today)
            for row in world.accesses.values()
            if known
        ):
            return
        until = world.today + timedelta(days=days) if days else None
        made = grant_membership(by=self.ada, person=somebody, partner=somewhere, role=chosen, ends_on=until)
        world.accesses[made.pk] = self._access(made)
        world.users.add(made.user_id)
        world.active.add(made.user_id)

    @precondition(lambda self: any(not row.is_over(self.world.today) for row in self.world.accesses.values()))
    @rule(number=any_number)
    def an_access_is_ended(self, number: int) -> None:
        open_still = [pk for pk, row in self.world.accesses.items() if not row.is_over(self.world.today)]
        pk = one_of(open_still, number)
        end_membership(pk, by=self.ada)
        self.world.access_ended(pk, self.world.today)

    @precondition(lambda self: any(post.is_held(self.world.today) for post in self.world.posts.values()))
    @rule(number=any_number)
    def a_post_is_ended(self, number: int) -> None:
        pk = one_of([pk for pk, post in self.world.posts.items() if post.is_held(self.world.today)], number)
        end_position(pk, on=self.world.today, by=self.ada)
        self.world.post_ended(pk)

    @precondition(
        lambda self: any(post.person and post.ends_on is None for post in self.world.posts.values())
    )
    @rule(number=any_number)
    def a_post_will_end_tomorrow(self, number: int) -> None:
        """Access goes with it on that day, whether or not the worker has run."""
        pk = one_of([pk for pk, post in self.world.posts.items() if post.person and not post.ends_on], number)
        tomorrow = self.world.today + timedelta(days=1)
        correct_position(pk, {"ends_on": tomorrow}, by=self.ada)
        self.world.posts[pk].ends_on = tomorrow

    @rule(number=any_number)
    def someone_is_deactivated_or_brought_back(self, number: int) -> None:
        cast = self.cast
        pk = one_of([cast.sol.pk, cast.olu.pk, cast.ben.pk, cast.cy.pk, cast.flo.pk], number)
        user = User.objects.get(pk=pk)
        if pk in self.world.active:
            people.deactivate(user, by=self.ada)
            self.world.active.discard(pk)
        else:
            people.reactivate(user, by=self.ada)
            self.world.active.add(pk)

    @rule(night=yes_or_no)
    def a_day_passes(self, night: bool) -> None:
        """With or without the worker that closes what lapsed: what is over is over either way."""
        self.clock += timedelta(days=1)
        self.world.today += timedelta(days=1)
        if night:
            close_lapsed(self.world.today)
            self.world.night()

    # --- the tree ---

    @rule(number=any_number, under=st.one_of(st.none(), any_number))
    def a_partner_moves(self, number: int, under: int | None) -> None:
        world = self.world
        pk = one_of(self._standing(), number)
        parent = None if under is None else one_of(self._standing(), under)
        if not world.may_go_under(pk, parent):
            return
        new = Partner.objects.get(pk=parent) if parent else None
        update_partner(pk, {"parent": new}, by=self.ada)
        world.parent[pk] = parent

    @precondition(lambda self: len(self._standing()) > 2)
    @rule(first=any_number, second=any_number)
    def two_are_made_one(self, first: int, second: int) -> None:
        world = self.world
        survivor = one_of(self._standing(), first)
        tombstone = one_of(self._standing() - {survivor}, second)
        if tombstone in world.with_all_above(survivor) and world.parent[survivor] != tombstone:
            return  # with others between them it is refused
        made = merge(PARTNERS, survivor_id=survivor, tombstone_id=tombstone, theirs={}, by=self.ada)
        world.merged(made.pk, survivor, tombstone)

    @precondition(lambda self: self.world.merges)
    @rule(number=any_number)
    def a_merge_is_taken_back(self, number: int) -> None:
        pk = one_of(self.world.merges, number)
        done = self.world.merges[pk]
        both = {done.survivor, done.tombstone}
        if any(
            both & {later.survivor, later.tombstone} for key, later in self.world.merges.items() if key > pk
        ):
            return
        undo_merge(pk, by=self.ada)
        self.world.unmerged(pk)

    # --- what is said ---

    @rule(partner=st.one_of(st.none(), any_number), office_only=yes_or_no)
    def something_is_heard(self, partner: int | None, office_only: bool) -> None:
        where = None if partner is None else Partner.objects.get(pk=one_of(self._standing(), partner))
        said = followups.raise_follow_up(
            kind="concern", partner=where, title="Heard", by=self.ada, office_only=office_only
        )
        self.world.follow_ups[said.pk] = Said({where.pk} if where else set(), office_only)

    @precondition(lambda self: self.world.follow_ups)
    @rule(number=any_number, words=yes_or_no)
    def a_follow_up_is_marked_or_remarked_on(self, number: int, words: bool) -> None:
        pk = one_of(self.world.follow_ups, number)
        if words:
            followups.comment(pk, words="Noted.", by=self.ada, office_only=bool(number % 2))
            return
        said = self.world.follow_ups[pk]
        said.office_only = not said.office_only
        followups.edit(pk, {"office_only": said.office_only}, by=self.ada)

    @precondition(lambda self: any(not said.withdrawn for said in self.world.follow_ups.values()))
    @rule(number=any_number)
    def a_follow_up_is_withdrawn(self, number: int) -> None:
        pk = one_of([pk for pk, said in self.world.follow_ups.items() if not said.withdrawn], number)
        followups.withdraw(pk, reason="Twice.", by=self.ada)
        self.world.follow_ups[pk].withdrawn = True

    @rule(first=any_number, second=any_number, office_only=yes_or_no)
    def they_met(self, first: int, second: int, office_only: bool) -> None:
        pks = {one_of(self._standing(), first), one_of(self._standing(), second)}
        there = list(Partner.objects.filter(pk__in=pks))
        met = meetings.log_visit(
            partners=there, by=self.ada, held_on=self.world.today, title="Met", office_only=office_only
        )
        self.world.meetings[met.pk] = Said(pks, office_only)

    @precondition(lambda self: any(not said.withdrawn for said in self.world.meetings.values()))
    @rule(number=any_number)
    def a_meeting_is_withdrawn(self, number: int) -> None:
        pk = one_of([pk for pk, said in self.world.meetings.items() if not said.withdrawn], number)
        meetings.withdraw_visit(pk, reason="Twice.", by=self.ada)
        self.world.meetings[pk].withdrawn = True

    # --- what must hold ---

    def _watchers(self) -> list[Pk]:
        """Of the office one at a time, for its rules are simple; everyone from outside."""
        office = one_of(self.world.office, self.turn)
        return [office, *sorted(self.world.users - self.world.office)]

    @invariant()
    def everyone_sees_what_the_rules_say(self) -> None:
        self.turn += 1
        cache.clear()
        with remembering():
            self._compare()

    def _compare(self) -> None:
        for pk in self._watchers():
            user = User.objects.with_roles().get(pk=pk)
            for model in models_that_ask():
                seen = self._seen(user, model)
                must = RULES[model._meta.label](self.world, pk)
                assert seen == must, (
                    f"{user} sees {seen - must} of {model._meta.label} too many, {must - seen} too few"
                )

    def _seen(self, user: User, model: type[Model]) -> set[Pk]:
        """What `visible_to` finds. Composing the query costs more than asking it, so the same one is composed once:
        what it says in words depends on who asks and on the day alone."""
        key = (user.pk, user.is_active, model, self.world.today)
        if key not in self.composed:
            asked: Any = model._default_manager
            try:
                self.composed[key] = (
                    asked.visible_to(user).order_by().values_list("pk").query.sql_with_params()
                )
            except EmptyResultSet:
                self.composed[key] = None
        composed = self.composed[key]
        if composed is None:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(*composed)
            return {pk for (pk,) in cursor.fetchall()}

    @invariant()
    def addresses_answer_accordingly(self) -> None:
        """Two a step, each person and each kind of page in turn."""
        for number in (2 * self.turn, 2 * self.turn + 1):
            pk = one_of(self.world.users, number // 3)
            name, expected = self._address(number, pk)
            visitor = Visitor()
            visitor.force_login(User.objects.get(pk=pk))
            answer = visitor.get(name)
            assert answer.status_code == expected, (
                f"{name} answers {answer.status_code} to {pk}, not {expected}"
            )

    def _address(self, number: int, user: Pk) -> tuple[str, int]:
        world = self.world
        kinds: list[tuple[str, str, set[Pk], set[Pk]]] = [
            # name of the address, for whom, all rows there are, those seen
            ("followups:portal_detail", "portal", set(world.follow_ups), world.follow_ups_seen(user)),
            ("followups:detail", "all", set(world.follow_ups), world.follow_ups_seen(user)),
            ("meetings:detail", "office", set(world.meetings), world.meetings_seen(user)),
            ("partners:facts", "office", self._standing(), world.partners_of(user)),
            ("partners:person", "office", world.people, world.people_seen(user)),
        ]
        name, whose, there, seen = kinds[number % len(kinds)]
        if not there:
            name, whose, there, seen = kinds[3]
        pk = one_of(there, self.turn)
        return reverse(name, args=[pk]), self._expected(user, pk in seen, whose)

    def _expected(self, user: Pk, seen: bool, whose: str) -> int:
        ours = user in self.world.office
        if user not in self.world.active:
            return 302  # to sign in
        if whose == ("portal" if ours else "office"):
            return 403
        if whose == "portal" and not self.world.partners_of(user):
            return 403  # without a partner there is no role
        if not seen:
            return 404
        return 302 if whose == "all" and not ours else 200  # led to their own page of it


class EverybodySees(CastTestCase):
    def test_every_model_that_asks_has_its_rule(self) -> None:
        asking = {model._meta.label for model in models_that_ask()}
        self.assertEqual(asking - RULES.keys(), set(), "say in site/tests/visibility/rules.py who sees these")
        self.assertEqual(RULES.keys() - asking, set())

    @pytest.mark.slow
    def test_what_the_rules_say_whatever_is_done(self) -> None:
        class OfThisCast(Visibility):
            cast = self.cast
            composed = {}

        run_state_machine_as_test(
            OfThisCast,
            settings=settings(
                max_examples=30 if ALL else 6, stateful_step_count=14, deadline=None, derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
