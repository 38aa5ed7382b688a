"""Who would be asked: each person once, and apart those who cannot be asked now."""

from __future__ import annotations

from datetime import timedelta

from comity.core.errors import DomainError
from comity.outbox.models import Suppression
from comity.partners.models import Person
from comity.surveys.models import Participant, Rules, Wave
from comity.surveys.services import audience
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

ALL = ["Ben Okafor", "Cy Young", "Eve Head", "Flo Money"]


class AudienceTestCase(CastTestCase):
    def names(self, *states: str, **chosen: object) -> list[str]:
        return [one.name for one in audience.find(chosen).of(*(states or ("waiting",)))]

    def asked(self, person: Person, days_ago: int, key: str) -> None:
        wave = Wave.objects.filter(key=key).first() or world.wave(key=key)
        made, _raw = world.invited(wave, person, self.parks)
        Participant.objects.filter(pk=made.pk).update(sent_on=self.today - timedelta(days=days_ago))


class WhoIsAsked(AudienceTestCase):
    def test_nothing_chosen_is_everybody_who_holds_a_post_at_a_body_that_is_served(self) -> None:
        self.assertEqual(self.names(), ALL)

    def test_each_choice_narrows_down(self) -> None:
        self.assertEqual(self.names(partners=[self.parks.pk]), ["Ben Okafor", "Eve Head"])
        self.assertEqual(self.names(functions=["head", "finance"]), ["Eve Head", "Flo Money"])
        self.assertEqual(self.names(functions=["finance"], partners=[self.parks.pk]), [])
        self.assertEqual(self.names(kinds=["county"]), [])
        self.assertEqual(self.names(tiers=[self.tier.pk]), ALL)
        self.roads.kind = "county"
        self.roads.save()
        self.assertEqual(self.names(kinds=["county"]), ["Cy Young", "Flo Money"])

    def test_a_saved_view_of_the_list_of_partners_narrows_down_like_the_list(self) -> None:
        view = {"name": "Parks", "query": "q=parks&sort=-name"}
        self.assertEqual(self.names(view=view), ["Ben Okafor", "Eve Head"])

    def test_a_view_that_cannot_be_read_is_refused_and_not_left_out(self) -> None:
        with self.assertRaisesMessage(DomainError, "The saved view “Odd” cannot be used"):
            audience.find({"view": {"name": "Odd", "query": "kind=moon"}})

    def test_those_who_left_whose_post_ended_or_whose_body_is_no_longer_served_are_not_there(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(left_on=self.today)
        self.eve_person.positions.update(ends_on=self.today)
        self.roads.status = "former"
        self.roads.save()
        self.assertEqual(audience.find({}).everyone, [])

    def test_somebody_with_several_posts_is_asked_once_for_the_first_function_then_the_name(self) -> None:
        self.trails.positions.create(person=self.ben_person, title="Deputy", function="deputy")
        self.roads.positions.create(person=self.ben_person, title="Deputy", function="deputy")
        self.roads.positions.create(person=self.eve_person, title="Head", function="head")
        found = {one.name: one.partner for one in audience.find({}).everyone}
        self.assertEqual(found["Ben Okafor"], "Department of Roads")
        self.assertEqual(found["Eve Head"], "Department of Parks")
        self.assertEqual(len(found), 4)

    def test_what_the_breakdowns_need_is_said_of_each(self) -> None:
        self.parks.headcount = 450
        self.parks.save()
        Person.objects.filter(pk=self.ben_person.pk).update(language="es")
        Person.objects.filter(pk=self.eve_person.pk).update(language="fr")
        ben, _cy, eve, flo = audience.find({}).everyone
        self.assertEqual((ben.kind, ben.tier, ben.size, ben.language), ("agency", "Tier 1", "medium", "es"))
        self.assertEqual((eve.language, flo.size), ("en", ""))


class WhoCannotBeAsked(AudienceTestCase):
    def test_without_an_address(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(email="")
        self.assertEqual(self.names("no_address"), ["Ben Okafor"])
        self.assertEqual(self.names(), ALL[1:])

    def test_whoever_said_stop_to_surveys_or_to_all_mail_and_whose_mail_came_back(self) -> None:
        for address, kind, reason in (
            ("ben@parks.example.gov", "surveys.invitation", "opted_out"),
            ("eve@parks.example.gov", "", "bounced"),
            ("cy@roads.example.gov", "briefing.digest", "opted_out"),
        ):
            Suppression.objects.create(address=address, kind=kind, reason=reason)
        Person.objects.filter(pk=self.ben_person.pk).update(email="Ben@Parks.example.gov")
        self.assertEqual(self.names("opted_out"), ["Ben Okafor"])
        self.assertEqual(self.names("bounced"), ["Eve Head"])
        self.assertEqual(self.names(), ["Cy Young", "Flo Money"])

    def test_whoever_was_asked_within_thirty_days_rests_and_is_told_since_when(self) -> None:
        self.asked(self.ben_person, 29, "one")
        self.asked(self.eve_person, 30, "one")
        found = audience.find({})
        (ben,) = found.of("resting")
        self.assertEqual((ben.name, ben.note), ("Ben Okafor", self.today - timedelta(days=29)))
        self.assertEqual(len(found.to_ask), 3)

    def test_whoever_was_asked_four_times_within_a_year_rests(self) -> None:
        for number, days in enumerate((40, 100, 200, 364)):
            self.asked(self.ben_person, days, f"wave-{number}")
            self.asked(self.eve_person, days + 1, f"wave-{number}")
        self.assertEqual(self.names("resting"), ["Ben Okafor"])

    def test_an_invitation_that_was_not_sent_and_a_reminder_do_not_count(self) -> None:
        self.asked(self.ben_person, 31, "one")
        Participant.objects.update(reminders=3)
        Participant.objects.create(
            wave=world.wave(key="two"), person=self.eve_person, partner=self.parks, state="resting"
        )
        self.assertEqual(self.names("resting"), [])

    def test_the_rules_are_the_offices(self) -> None:
        self.asked(self.ben_person, 5, "one")
        Rules.objects.create(pk=1, rest_days=5, most_a_year=0)
        self.assertEqual(self.names(), ALL)
        Rules.objects.update(rest_days=6)
        self.assertEqual(self.names("resting"), ["Ben Okafor"])
        Rules.objects.update(rest_days=0, most_a_year=1)
        self.assertEqual(self.names("resting"), ["Ben Okafor"])

    def test_a_few_statements_however_many_people(self) -> None:
        with self.assertQueries(6):
            audience.find({})
        for number in range(40):
            world.person_at(self, self.parks, f"Person {number}")
        with self.assertQueries(6):
            self.assertEqual(len(audience.find({}).everyone), 44)
        self.assertEqual(audience.find({}).partners, 2)
