"""The first page of each role: what it says first, and that its numbers lead to what they counted."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags

from comity.briefing import beside, office_figures
from comity.briefing.numbers import numbers_of
from comity.charter import services as charter
from comity.followups import services as ring
from comity.followups.models import Comment, FollowUp
from comity.imports.models import Import
from comity.meetings.models import Meeting, PlannedVisit
from comity.outbox.models import Message
from comity.partners.models import Assignment, Membership, Partner, Position
from comity.people.models import User
from comity.services.models import Service
from comity.services.services import hear
from comity.surveys.models import Mode, Wave
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class Day(CastTestCase):
    """Ana leads Parks; nobody leads Roads and Trails. Cora is Ana's supervisor and answers for the whole."""

    def heard(self, title: str = "It rains in", *, by: User | None = None, **facts: Any) -> FollowUp:
        partner = facts.pop("partner", self.parks)
        made: FollowUp = ring.raise_follow_up(
            kind="concern",
            partner=partner,
            title=title,
            by=by or self.ana,
            **facts,
        )
        return made

    def late(self, days: int, *, owner: User | None = None, partner: Partner | None = None) -> FollowUp:
        row = self.heard(f"Late by {days}", partner=partner or self.parks, owner=owner)
        FollowUp.objects.filter(pk=row.pk).update(due_on=self.today - timedelta(days=days))
        return row

    def heading(self, user: User) -> str:
        return " ".join(strip_tags(self.heading_markup(user)).split())

    def heading_markup(self, user: User) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.page("/", by=user).content.decode(), re.DOTALL)
        assert found
        return found[1].replace("&amp;", "&")

    def assert_numbers_lead_to_rows(self, user: User, *counts: int) -> None:
        urls = re.findall(r'href="([^"]+)"', self.heading_markup(user))
        self.assertEqual(len(urls), len(counts), urls)
        for url, count in zip(urls, counts, strict=True):
            text = self.page(url, by=user).content.decode()
            said = re.search(r'class="count">\s*(?:[\d,]+ to [\d,]+ of )?([\d,]+)', text)
            self.assertEqual(int(said[1]) if said else 0, count, url)


class OwnWork(Day):
    """Somebody who looks after partners hears of them."""

    def test_who_has_waited_longest_is_named_with_the_days_past_the_promise(self) -> None:
        self.late(9, owner=self.ana)
        self.assertEqual(
            self.heading(self.ana),
            "One partner needs you today; Department of Parks has waited nine days too long.",
        )

    def test_a_day_with_nothing_says_so(self) -> None:
        self.assertEqual(self.heading(self.ana), "Nothing waits for you today.")

    def test_a_row_says_who_said_it_in_which_post_to_whom_and_when(self) -> None:
        Position.objects.filter(person=self.ben_person).update(title="IT lead")
        self.heard(raised_by=self.ben_person, by=self.olu)
        self.assertContains(self.page("/", by=self.ana), "Ben Okafor, IT lead, told Olu Staff today")

    def test_what_is_word_for_word_theirs_stands_in_quotation_marks(self) -> None:
        self.heard("It rains in", said="It rains in. We moved the desks.")
        self.heard("The line is slow", said="Everything takes ages.")
        page = self.page("/", by=self.ana)
        self.assertContains(page, "“It rains in”")
        self.assertNotContains(page, "“The line is slow”")


class TheWhole(Day):
    """The CCO and the CIO answer for what the office owes."""

    def test_it_speaks_of_what_has_no_owner_and_what_is_late_each_number_a_link(self) -> None:
        for number in range(4):
            self.heard(f"Thing {number}")
        self.late(8, owner=self.ana)
        self.late(7, owner=self.ana)
        for user in (self.cora, self.ira):
            self.assertEqual(
                self.heading(user),
                "Four follow-ups have no owner; one is late by more than a week; two partners have nobody to call.",
            )
            self.assert_numbers_lead_to_rows(user, 4, 1, 2)

    def test_late_alone_is_called_a_follow_up(self) -> None:
        Partner.objects.update(lead_gap_since=None)
        for partner in (self.roads, self.trails):
            Assignment.objects.create(
                partner=partner, user=self.ana, role=Assignment.Role.LEAD, starts_on=self.today
            )
        self.late(12, owner=self.ana)
        self.assertEqual(self.heading(self.cora), "One follow-up is late by more than a week.")

    def test_the_rows_themselves_stand_below_with_their_owners(self) -> None:
        self.late(12, owner=self.ana)
        page = self.page("/", by=self.cora)
        self.assertContains(page, "Late by 12")
        self.assertContains(page, "Owned by Ana Ruiz")

    def test_when_all_is_well_it_says_so(self) -> None:
        Partner.objects.filter(pk__in=[self.roads.pk, self.trails.pk]).update(status=Partner.Status.FORMER)
        self.assertEqual(
            self.heading(self.cora), "Everything heard has an owner, and nothing is late by more than a week."
        )


class OtherRoles(Day):
    """Those who lead people, write down what they hear, or tend the machinery."""

    def test_who_leads_people_hears_what_is_late_with_them(self) -> None:
        User.objects.filter(pk=self.olu.pk).update(supervisor=self.sol)
        self.late(3, owner=self.olu)
        self.assertEqual(self.heading(self.sol), "One follow-up on your team is late.")
        self.assert_numbers_lead_to_rows(self.sol, 1)

    def test_ones_own_work_comes_before_that_of_ones_people(self) -> None:
        User.objects.filter(pk=self.olu.pk).update(supervisor=self.sol)
        self.late(3, owner=self.olu)
        self.late(2, owner=self.sol)
        self.assertEqual(
            self.heading(self.sol), "One partner needs you today; one follow-up on your team is late."
        )

    def test_whoever_wrote_something_down_hears_that_nobody_has_it(self) -> None:
        self.heard(by=self.olu)
        self.assertEqual(self.heading(self.olu), "One thing you wrote down has no owner yet.")
        self.assert_numbers_lead_to_rows(self.olu, 1)
        self.assertEqual(self.heading(self.finn), "Nothing waits for you today.")

    def test_the_administrator_hears_what_stands_still_in_the_machinery(self) -> None:
        Message.objects.create(
            to="x@example.gov", subject="Hi", text="Hi", kind="t", state="dead", send_after=timezone.now()
        )
        Import.objects.create(profile="partners", file_name="list.csv", sha256="0", state="preview")
        self.assertEqual(self.heading(self.ada), "One email could not be sent; one import waits for review.")
        self.assert_numbers_lead_to_rows(self.ada, 1, 1)

    def test_an_office_without_anybody_to_serve_is_told_where_to_begin(self) -> None:
        Assignment.objects.all().delete()
        Membership.objects.all().delete()
        Position.objects.all().delete()
        self.trails.delete()
        Partner.objects.all().delete()
        page = self.page("/", by=self.ada)
        self.assertContains(page, "Nobody is served yet.")
        self.assertContains(page, "Import your list of partners")
        self.assertContains(page, "Invite your colleagues")
        for address in ("/cio/", "/coverage/"):
            self.assertContains(self.page(address, by=self.ada), "Import your list of partners")
        staff = self.page("/", by=self.olu)
        self.assertNotContains(staff, "Import your list")


class WhoKeepsNoRelation(Day):
    """Sol owns services, Finn works out prices, Olu is on the staff: what concerns them, and nothing that is zero."""

    def test_whose_promises_are_none_yet_sees_no_table_of_zeros(self) -> None:
        self.assertNotContains(self.page("/", by=self.sol), "promises this quarter")
        self.heard(owner=self.sol)
        page = self.page("/", by=self.sol)
        self.assertContains(page, "Your promises this quarter")
        self.assertNotRegex(self.reads(page), r"(Done on time|Told|Said it helped) 0")

    def test_with_nothing_at_all_it_says_so_and_shows_no_figures(self) -> None:
        for user in (self.sol, self.finn, self.olu):
            text = self.reads(self.page("/", by=user))
            self.assertIn("Nothing waits for you today.", text)
            for card in ("Your services", "You were mentioned", "promises", "How satisfied they are"):
                self.assertNotIn(card, text)

    def test_a_service_owner_reads_what_is_open_of_each_service(self) -> None:
        mail, phone = (
            Service.objects.create(name=name, promise="It works.", owner=self.sol)
            for name in ("Mail", "Phone")
        )
        hear(mail, partner=self.parks, title="It is slow", said="", by=self.ana)
        page = self.page("/", by=self.sol)
        self.assertIn("Mail 1 thing heard and not told yet Nothing is open about Phone", self.reads(page))
        self.assertContains(page, mail.get_absolute_url())
        self.assertContains(page, phone.get_absolute_url())
        self.assertNotContains(self.page("/", by=self.finn), "Your services")

    def test_who_was_asked_for_in_a_remark_reads_it_for_a_fortnight(self) -> None:
        row = self.heard()
        ring.comment(row.pk, words="@Finn Finance, what does a scan cost?", by=self.ana)
        text = self.reads(self.page("/", by=self.finn))
        self.assertIn("You were mentioned It rains in", text)
        self.assertIn("@Finn Finance, what does a scan cost? Department of Parks · Ana Ruiz", text)
        Comment.objects.update(at=timezone.now() - timedelta(days=16))
        self.assertNotContains(self.page("/"), "You were mentioned")

    def test_who_looks_after_nobody_reads_how_open_surveys_go(self) -> None:
        world.wave(Mode.NAMED, name="Pulse")
        for user, count in (
            (self.olu, 1),
            (self.sol, 1),
            (self.ana, 0),
            (self.finn, 0),
        ):  # Finn runs the bills
            page = self.page("/", by=user)
            self.assertContains(page, "“Pulse”:", count=count)
            self.assertContains(page, "Open surveys", count=count)


class Visits(Day):
    """Ana goes to Parks today and within a fortnight."""

    def plan(self, days: int, **facts: Any) -> PlannedVisit:
        day = self.today + timedelta(days=days)
        plan = PlannedVisit.objects.create(planned_on=day, lead=self.ana, planned_by=self.ana, **facts)
        plan.partners.set([self.parks, self.roads])
        return plan

    def test_todays_stand_first_with_their_time_and_each_with_its_brief(self) -> None:
        self.plan(0, planned_at=time(14, 30), place="Room 4", why="What became of the roof")
        self.plan(13, title="Yearly review")
        self.plan(15, title="Too far off")
        page = self.page("/", by=self.ana)
        text = self.reads(page)
        self.assertIn("Today, face to face 2:30 p.m.Department of Parks, Department of Roads", text)
        self.assertIn("In person · Room 4 What became of the roof Brief Visits to come", text)
        self.assertIn("In person · Yearly review", text)
        self.assertNotIn("Too far off", text)
        self.assertContains(page, f'href="{self.parks.get_absolute_url()}brief/">Brief</a>')

    def test_whom_one_met_this_week_is_there_with_a_way_to_what_was_said(self) -> None:
        links = []
        for days_ago, title in ((2, "Quarterly review"), (8, "Long ago")):
            meeting = Meeting.objects.create(
                title=title,
                held_on=self.today - timedelta(days=days_ago),
                how="in_person",
                written_by=self.ana,
            )
            meeting.partners.set([self.parks, self.roads])
            meeting.ours.add(self.ana)
            links.append(f'<a href="{meeting.get_absolute_url()}">{title}</a>')
        page = self.page("/", by=self.ana)
        self.assertContains(page, links[0], html=True)
        self.assertNotContains(page, links[1], html=True)
        self.assertIn("In person · Department of Parks, Department of Roads", self.reads(page))

    def test_of_one_that_has_passed_it_asks_what_was_said(self) -> None:
        self.plan(-2)
        self.assertContains(self.page("/", by=self.ana), "The day has passed. Write down what was said.")


class SilentSoFar(Day):
    """Ana leads Parks, with Eve and Ben; Trails has nobody."""

    def asked(self, mode: str = Mode.NAMED, *, key: str = "pulse") -> Wave:
        wave = world.wave(mode, key=key, name=f"{key.capitalize()} <Q4>")
        for person, partner in (
            (self.ben_person, self.parks),
            (self.eve_person, self.parks),
            (self.cy_person, self.roads),
        ):
            world.invited(wave, person, partner)
        return wave

    def silent(self, user: User) -> list[tuple[str, str]]:
        text = self.page("/", by=user).content.decode()
        return re.findall(r'href="(/waves/[0-9]+/silent/[?]mine=1)">([^<]+)<', text)

    def test_a_contact_hears_how_many_of_their_own_are_silent_and_it_leads_to_them(self) -> None:
        wave = self.asked()
        for partner in (self.trails, self.roads):
            Assignment.objects.create(
                partner=partner, user=self.ana, role=Assignment.Role.BACKUP, starts_on=self.today
            )
        ((url, words),) = self.silent(self.ana)
        self.assertEqual(words, "2 of your partners have not answered “Pulse &lt;Q4&gt;”")
        page = self.reads(self.page(url, by=self.ana))
        self.assertIn("Nobody has answered from 2 partners.", page)
        world.answered(wave.participants.get(person=self.eve_person), overall=4)
        self.assertEqual(
            self.silent(self.ana)[0][1], "1 of your partners has not answered “Pulse &lt;Q4&gt;”"
        )
        world.answered(wave.participants.get(person=self.cy_person), overall=4)
        self.assertEqual(self.silent(self.ana), [])

    def test_it_is_silent_itself_where_nobody_may_know_who_answered_and_of_what_is_over(self) -> None:
        self.asked(Mode.CONFIDENTIAL, key="quiet")
        self.asked(Mode.ANONYMOUS, key="nobody")
        wave = self.asked(key="over")
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED, closed_at=timezone.now())
        self.assertEqual(self.silent(self.ana), [])
        self.assertEqual(self.silent(self.cora), [])
        Assignment.objects.create(
            partner=self.roads, user=self.cora, role=Assignment.Role.LEAD, starts_on=self.today
        )
        self.assertEqual(
            [words for _url, words in self.silent(self.cora)],
            ["1 of your partners has not answered “Quiet &lt;Q4&gt;”"],
        )

    def test_more_waves_and_people_cost_no_further_query(self) -> None:
        self.asked()
        self.page("/", by=self.ana)
        with self.assertQueries(FEW_WAITING):
            self.page("/")
        for number in range(5):
            self.asked(key=f"pulse-{number}")
        with self.assertQueries(FEW_WAITING):
            self.page("/")


MOST_QUERIES = 12  # for any role
FEW_WAITING = 9  # as below, but nothing waits


class Cost(Day):
    """A day costs the same number of queries, however much waits."""

    def test_a_home_page_asks_a_fixed_number_of_queries(self) -> None:
        for number in range(6):
            self.late(number + 8, owner=self.ana)
            self.heard(f"Thing {number}", raised_by=self.ben_person, by=self.olu)
        # And all else that there can be: remarks that ask for somebody, and a service for each who may own one.
        everybody = (self.ana, self.sol, self.finn, self.olu)
        row = FollowUp.objects.latest("pk")
        ring.comment(row.pk, words=" ".join(f"@{user.email}" for user in everybody), by=self.cora)
        for user in (self.ana, self.sol):
            Service.objects.create(name=user.name, promise="It works.", owner=user)
        world.wave(Mode.NAMED)
        for user, queries in (
            *((self.ana, 12), (self.cora, 11), (self.ira, 11), (self.ada, 11)),
            *((self.sol, 12), (self.finn, 12), (self.olu, 12)),
        ):
            self.page("/", by=user)
            with self.subTest(user=user.name), self.assertQueries(queries):
                self.page("/")
            self.assertLessEqual(queries, MOST_QUERIES)
        for user in (self.ben, self.eve):
            self.page("/portal/", by=user)
            with self.subTest(user=user.name), self.assertQueries(13):
                self.page("/portal/")


class PromisesByMonth(Day):
    """The title says in numbers what the picture draws, of the months that are complete."""

    def test_the_title_names_its_months_and_adds_up_their_bars(self) -> None:
        for ago in (100, 100, 260):
            row = self.heard("It rains in")
            FollowUp.objects.filter(pk=row.pk).update(heard_on=self.today - timedelta(days=ago))
        title = office_figures.promises_by_month(self.cora, self.today).title
        self.assertRegex(title, r"^Done on time: 0 of 2 from \w+ to \w+, 0 of 1 in the 5 months before$")


class ByCharter(Day):
    """What stands beside the chief customer officer's day follows the charter that is in force."""

    def test_the_roles_that_are_hers_come_first(self) -> None:
        self.assertEqual(self.beside(self.cora), list(beside.CARDS))
        said = {"purpose": "To be there.", "sell": "not_ours", "bridge": "shared", "speak_for_us": "ours"}
        made = charter.write({**said, "speak_for_them": "ours"}, by=self.cora)
        self.assertEqual(self.beside(self.cora), list(beside.CARDS))  # a draft moves nothing
        charter.endorse(made.pk, version=made.version, by=self.ira)
        names = [card.removeprefix("briefing/_").removesuffix(".html") for card in self.beside(self.cora)]
        self.assertEqual(names, ["surveys", "promises", "unseen", "money", "services"])
        self.assertEqual(self.beside(self.ana), list(beside.CARDS))

    def beside(self, user: User) -> list[str]:
        return beside.cards_for(numbers_of(user, self.today))
